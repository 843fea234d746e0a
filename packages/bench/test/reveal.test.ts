import { expect, test } from 'vitest';
import { worst } from '../src/bench.ts';
import type { Run } from '../src/measure.ts';
import { describe, reveal } from '../src/reveal.ts';

test('everything a caller could read is searched', () => {
  const cause = Object.assign(new Error('inner says id-1'), { job: { id: 'id-2' } });
  const error = Object.assign(new Error('outer', { cause }), { errors: [new Error('id-3')] });
  const text = reveal([
    error,
    new Headers({ 'x-request-id': 'id-4' }),
    Buffer.from('id-5'),
    { deep: { url: '/id-6' } },
  ]);
  for (const id of ['id-1', 'id-2', 'id-3', 'id-4', 'id-5', 'id-6']) expect(text).toContain(id);
});

test('a circle ends, and stacks are left out', () => {
  const circle: Record<string, unknown> = { name: 'round' };
  circle.self = circle;
  expect(reveal(circle)).toBe('round');
  expect(reveal(new Error('short'))).not.toContain('reveal.test');
});

test('an error is described without the port of the moment', () => {
  expect(describe(new TypeError('Request to http://127.0.0.1:4711/v1 failed'))).toBe(
    'TypeError: Request to /v1 failed',
  );
});

test('a cell shows each number at its worst', () => {
  const run: Run = { paid: 1, lost: 0, lostForGood: 0, late: -7_000, overshoot: 0, hung: false, outcome: 'ok' };
  const bad = { ...run, paid: 2, lost: 1, lostForGood: 1, outcome: 'bad' };
  expect(worst([run, bad, { ...run, overshoot: 30 }])).toEqual({ ...bad, overshoot: 30 });
});
