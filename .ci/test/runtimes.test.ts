import { expect, test } from 'vitest';
import { runChecks } from '../runtimes/checks.mjs';
import { conclude, linesOf, type Runtime, take } from '../runtimes/report.mjs';

const runtime = (more: Partial<Runtime>): Runtime => ({
  name: 'Moon',
  find: () => '/bin/moon',
  version: async () => '1.0.0',
  run: async () => [{ name: 'it draws' }],
  missing: 'a package of `moon`',
  ...more,
});

test('a runtime that passes is one line', async () => {
  const row = await take(runtime({}), undefined);
  expect(linesOf(row)).toEqual(['Moon       1.0.0            1 of 1']);
  expect(conclude([row], true)).toEqual({ line: '1 passed, 0 failed, 0 left out', exitCode: 0 });
});

test.each<[string, Runtime['run'], string]>([
  ['a check', async () => [{ name: 'it draws' }, { name: 'it pays once', problem: '2 instead of 1' }], '1 of 2'],
  ['its start', () => Promise.reject(new Error('no such machine')), '0 of 1'],
  ['every check, since none was made', async () => [], '0 of 1'],
])('a runtime that fails in %s fails the run', async (_, run, counted) => {
  const row = await take(runtime({ run }), undefined);
  expect(linesOf(row)[0]).toContain(counted);
  expect(linesOf(row).join('\n')).toMatch(/2 instead of 1|no such machine|no check was made/);
  expect(conclude([row], false).exitCode).toBe(1);
});

test('a runtime that is missing is named, and is a failure when all are asked for, or none is there', async () => {
  const [left, there] = [await take(runtime({ find: () => undefined }), undefined), await take(runtime({}), undefined)];
  expect(linesOf(left)).toEqual(['Moon was left out: a package of `moon` is missing']);
  expect(conclude([left, there], false)).toEqual({ line: '1 passed, 0 failed, 1 left out', exitCode: 0 });
  expect(conclude([left, there], true).exitCode).toBe(1);
  expect(conclude([left], false).exitCode).toBe(1);
});

test('every check that the runtimes run passes in the Node of this run', async () => {
  const rows = await runChecks();
  expect(rows.length).toBeGreaterThanOrEqual(10);
  expect(rows.filter(({ problem }) => problem !== undefined)).toEqual([]);
});
