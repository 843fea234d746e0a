import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readExchange } from '../../src/host/read-exchange.ts';
import type { Exchange } from '../../src/host/transport.ts';

const read = (text: string, headers: Record<string, string> = {}, whole = true): Exchange =>
  readExchange({ status: 200, header: (name) => headers[name], bytes: new TextEncoder().encode(text), whole });
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('an answer', () => {
  test.each<[string, boolean, Partial<Exchange>]>([
    ['{"a":1}', true, { bodyState: 'json', body: { a: 1 } }],
    ['{"a":1}', false, { bodyState: 'json', body: { a: 1 } }],
    [' \n', true, { bodyState: 'empty' }],
    [' \n', false, { bodyState: 'incomplete', text: ' \n' }],
    ['', false, { bodyState: 'incomplete', text: '' }],
    ['<html>', true, { bodyState: 'garbled', text: '<html>' }],
    ['{"a', false, { bodyState: 'incomplete', text: '{"a' }],
  ])('%j, whole: %j', (text, whole, expected) => {
    expect(read(text, {}, whole)).toEqual({ sent: 'yes', status: 200, ...expected });
  });

  test.each([1, 100, 200])('nested %d levels deep is read', (depth) => {
    expect(read(nested(depth)).bodyState).toBe('json');
  });

  test.each([201, 1000, 500_000])('nested %d levels deep is garbled, not a crash', (depth) => {
    expect(read(nested(depth))).toMatchObject({ bodyState: 'garbled' });
    expect(read(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)).toMatchObject({ bodyState: 'garbled' });
  });

  test('with brackets and quotes in its texts is read', () => {
    const body = { [`${'['.repeat(999)}"`]: ['{'.repeat(999), '"', '\\', '\\"', `${'\\'.repeat(501)}"[`, 'x\n'] };
    expect(read(JSON.stringify([body, body]))).toMatchObject({ bodyState: 'json', body: [body, body] });
  });

  test('that would take many times its size in memory is not parsed', () => {
    const parse = vi.spyOn(JSON, 'parse');
    onTestFinished(() => parse.mockRestore());
    for (const part of ['[],', '{},', '0,', '[[]],']) {
      expect(read(`[${part.repeat(1_100_000)}0]`)).toMatchObject({ bodyState: 'garbled' });
    }
    for (const sign of ['[', '{"a":']) expect(read(sign.repeat(5_000_000))).toMatchObject({ bodyState: 'garbled' });
    expect(parse).not.toHaveBeenCalled();
  });

  test('that is wide is not deep', () => {
    expect(read(JSON.stringify(Array.from({ length: 10_000 }, () => ({ a: [{}] })))).bodyState).toBe('json');
  });

  test('tells what its headers say, cleaned', () => {
    const headers = { 'retry-after': '3', 'x-request-id': 'a\u0000b\tc\u00e9', date: 'Sun, 01 Mar 2026 12:00:00 GMT' };
    expect(read('', headers)).toMatchObject({ retryAfter: 3000, requestId: 'abc', date: Date.parse(headers.date) });
  });
});
