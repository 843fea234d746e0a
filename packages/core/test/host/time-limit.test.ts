import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TimeLimit } from '../../src/host/time-limit.ts';

let cut: AbortController;
let limit: TimeLimit;

beforeEach(() => {
  vi.useFakeTimers();
  cut = new AbortController();
  limit = new TimeLimit(cut);
});
afterEach(() => {
  vi.useRealTimers();
});

const reason = (): unknown => cut.signal.reason?.message;

test('what does not come in time is aborted, and named', () => {
  limit.set(1_000, 'headers');
  vi.advanceTimersByTime(998);
  expect(cut.signal.aborted).toBe(false);
  vi.advanceTimersByTime(2);
  expect(reason()).toBe('no headers in time');
});

test('a later limit takes the place of an earlier one, and sets no timer of its own', () => {
  limit.set(1_000, 'headers');
  vi.advanceTimersByTime(900);
  limit.set(1_000, 'body');
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(990);
  expect(cut.signal.aborted).toBe(false);
  vi.advanceTimersByTime(10);
  expect(reason()).toBe('no body in time');
});

test('an earlier limit rings earlier', () => {
  limit.set(10_000, 'headers');
  limit.set(100, 'connection');
  vi.advanceTimersByTime(100);
  expect(reason()).toBe('no connection in time');
});

test('a limit beyond the longest timer is kept', () => {
  limit.set(2 ** 32, 'headers');
  vi.advanceTimersByTime(2 ** 31 + 1);
  expect(cut.signal.aborted).toBe(false);
  vi.advanceTimersByTime(2 ** 31);
  expect(cut.signal.aborted).toBe(true);
});

test('what has ended is not aborted, and a limit can be set again', () => {
  limit.set(1_000, 'headers');
  limit.clear();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(2_000);
  expect(cut.signal.aborted).toBe(false);
  limit.set(1_000, 'body');
  vi.advanceTimersByTime(1_000);
  expect(reason()).toBe('no body in time');
});
