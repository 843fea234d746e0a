import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEmit } from '../../src/picture/events.ts';
import { type PollContext, toSchedule } from '../../src/schedule/schedule.ts';
import { type Deadline, DeadlineReached, startDeadline, unlessAborted } from '../../src/time/deadline.ts';

const never = new Promise<never>(() => undefined);
const caught = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no rejection',
    (reason: unknown) => reason,
  );

describe('a deadline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('ends every wait at its moment', async () => {
    const deadline = startDeadline(1000);
    const waits = [deadline.sleep(5000), deadline.race(never)].map(caught);
    await vi.advanceTimersByTimeAsync(999);
    expect(deadline.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    for (const reason of await Promise.all(waits)) expect(reason).toBeInstanceOf(DeadlineReached);
    deadline.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('counts down and never below zero', async () => {
    const deadline = startDeadline(1000);
    await vi.advanceTimersByTimeAsync(400);
    expect([deadline.elapsed(), deadline.remaining()]).toEqual([400, 600]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(deadline.remaining()).toBe(0);
    deadline.dispose();
  });

  test("the caller's own reason wins, and ends every wait at once", async () => {
    const caller = new AbortController();
    const deadline = startDeadline(1000, caller.signal);
    const waits = [deadline.sleep(5000), deadline.race(never)].map(caught);
    const reason = new Error('changed my mind');
    caller.abort(reason);
    expect(await Promise.all(waits)).toEqual([reason, reason]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(deadline.signal.reason).toBe(reason);
    deadline.dispose();
  });

  test('a caller who gave up before it began ends it at the start', async () => {
    const reason = new Error('too late');
    const deadline = startDeadline(1000, AbortSignal.abort(reason));
    expect(await caught(deadline.sleep(1))).toBe(reason);
    expect(await caught(deadline.race(never))).toBe(reason);
    deadline.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves no timer and no listener behind', async () => {
    const caller = new AbortController();
    const deadline = startDeadline(1000, caller.signal);
    const slept = deadline.sleep(10);
    await vi.advanceTimersByTimeAsync(10);
    await slept;
    await deadline.race(Promise.resolve(1));
    await caught(deadline.race(Promise.reject(new Error('x'))));
    expect(getEventListeners(deadline.signal, 'abort')).toHaveLength(0);
    deadline.dispose();
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });

  test.each([2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, Infinity])('%d ms does not fire at once', async (timeout) => {
    const deadline = startDeadline(timeout);
    const slept = vi.fn();
    deadline.sleep(timeout).then(slept, slept);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(deadline.signal.aborted).toBe(false);
    expect(slept).not.toHaveBeenCalled();
    expect(deadline.remaining()).toBeGreaterThan(1e9);
    deadline.dispose();
  });

  test('passes on what it waited for', async () => {
    const deadline = startDeadline(1000);
    const error = new Error('x');
    expect(await deadline.race(Promise.resolve(7))).toBe(7);
    expect(await caught(deadline.race(Promise.reject(error)))).toBe(error);
    deadline.dispose();
  });

  test('a promise that breaks after the end does not become an unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { signal } = startDeadline(0, AbortSignal.abort(new Error('over')));
    await caught(unlessAborted(Promise.reject(new Error('late')), signal));
    vi.useRealTimers();
    // Node tells of one when the microtasks of a turn are done.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

test('a wall clock that jumps does not move the end', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const deadline: Deadline = startDeadline(10_000);
  const spy = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 86_400_000);
  vi.advanceTimersByTime(1000);
  expect([deadline.elapsed(), deadline.remaining()]).toEqual([1000, 9000]);
  spy.mockRestore();
  deadline.dispose();
  vi.useRealTimers();
});

describe('a schedule', () => {
  const latency = { median: 12_000, sigma: 0.5 };
  const moment = { elapsed: 0, lastPoll: 0, polls: 0, interval: 2000 };
  const context: PollContext = { ...moment, pace: 'default', bucket: 'a:b:c', latency };

  test('is the default where none is given', () => expect(toSchedule(undefined)).toBeUndefined());

  test.each<[number, number]>([
    [5, 5],
    [0.2, 1],
    [1e9, 60_000],
    [Infinity, 2000],
  ])('of %d ms waits %d ms', (interval, wait) => expect(toSchedule(interval)?.(context)).toBe(wait));

  test.each<[unknown, number]>([
    [7, 7],
    [0, 1],
    [-5, 1],
    [Number.NaN, 2000],
    [-Infinity, 2000],
    [undefined, 2000],
    ['5', 2000],
  ])('that answers %s waits %d ms', (answer, wait) => {
    expect(toSchedule(() => answer as number)?.(context)).toBe(wait);
  });

  test('that throws falls back to the interval of the host: a paid job must not be lost by it', () => {
    const broken = toSchedule(() => {
      throw new Error('mine');
    });
    expect(broken?.(context)).toBe(2000);
  });

  test('is told what there is to know', () => {
    const own = vi.fn(() => 1);
    toSchedule(own)?.({ ...context, progress: 50 });
    expect(own).toHaveBeenCalledWith({ ...context, progress: 50 });
  });
});

describe('events', () => {
  const context = { intentId: 'i1', picture: 2 };
  const event = { type: 'reconciling', provider: 'fake', delay: 5 } as const;

  test('carry where and when', () => {
    const listener = vi.fn();
    createEmit(listener, context, () => 12.6)(event);
    expect(listener).toHaveBeenCalledExactlyOnceWith({ ...event, ...context, elapsed: 13 });
  });

  test('need no listener', () => expect(() => createEmit(undefined, context, () => 0)(event)).not.toThrow());

  test('a listener that throws is left alone', () => {
    const listener = vi.fn(() => {
      throw new Error('mine');
    });
    const emit = createEmit(listener, context, () => 0);
    expect(() => [emit(event), emit(event)]).not.toThrow();
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test('an async listener that rejects does not end the process', () => {
    const rejection = Promise.reject(new Error('mine'));
    Promise.prototype.then.call(rejection, undefined, () => undefined); // keeps this test's own process alive
    const handled = vi.spyOn(rejection, 'then');
    const listener = (): Promise<void> => rejection;
    createEmit(listener, context, () => 0)(event);
    expect(handled).toHaveBeenCalled();
  });
});
