import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRetryAfter } from '../../src/host/read-exchange.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

test.each<[string | null, number | undefined]>([
  [null, undefined],
  ['', undefined],
  ['0', 0],
  ['5', 5000],
  [' 7 ', 7000],
  ['0.5', 500],
  ['1.0001', 1001],
  ['-5', undefined],
  ['NaN', undefined],
  ['Infinity', undefined],
  ['1e9', undefined],
  ['0x10', undefined],
  ['soon', undefined],
  ['5 apples', undefined],
  ['1000000000', 1e12],
  ['5, 10', 5000],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 12:00:00 GMT', undefined],
  ['Sun, 01 Mar 2020 12:00:00 GMT', undefined],
  ['Sun, 99 Foo 2026 12:00:00 GMT', undefined],
  ['9'.repeat(4096), undefined],
  ['x'.repeat(4096), undefined],
  [`Sun, ${'9'.repeat(4096)}`, undefined],
])('%j means %s', (header, expected) => {
  const wait = parseRetryAfter(header, now);
  if (header?.length === 4096 && wait !== undefined) expect(Number.isFinite(wait)).toBe(true);
  else expect(wait).toBe(expected);
});

describe('whatever a host writes', () => {
  test('is nothing, or a finite time that is not negative', () => {
    const junk = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.stringMatching(/^[0-9.,eE+ -]{0,500}$/),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(junk, (text) => {
        const wait = parseRetryAfter(text, now);
        if (wait !== undefined) expect(Number.isFinite(wait) && wait >= 0).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('nonsense with a year in it is no date', () => {
    expect(parseRetryAfter('try again in may 2099', now)).toBeUndefined();
    expect(parseRetryAfter('error 2099', now)).toBeUndefined();
  });
});
