import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Admission, createLimiter, type Limiter, QueueFull } from '../../src/pace/limits.ts';

const { signal } = new AbortController();
const pass = (time: number): Promise<unknown> => vi.advanceTimersByTimeAsync(time);

/** Asks so many times, and writes down when each was admitted. */
function ask(limiter: Limiter, times: number, own: AbortSignal = signal) {
  const start = performance.now();
  const admitted: { readonly number: number; readonly at: number; readonly admission: Admission }[] = [];
  for (let number = 0; number < times; number += 1) {
    void limiter.admit(own).then((admission) => admitted.push({ number, at: performance.now() - start, admission }));
  }
  return admitted;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('without limits', () => {
  test('everyone comes at once', async () => {
    const limiter = createLimiter();
    const admitted = ask(limiter, 10_000);
    await Promise.resolve();
    expect(admitted).toHaveLength(10_000);
    await Promise.all(Array.from({ length: 1000 }, () => limiter.request(signal)));
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a refusal makes half of the jobs in flight the most there may be', async () => {
    const limiter = createLimiter();
    const first = ask(limiter, 10);
    await pass(0);
    limiter.refused();
    const second = ask(limiter, 1);
    for (const { admission } of first.slice(0, 5)) admission.release();
    await pass(0);
    expect(second).toHaveLength(0);
    first[5]?.admission.release();
    await pass(0);
    expect(second).toHaveLength(1);
  });

  test('and a minute later nothing is limited any more', async () => {
    const limiter = createLimiter();
    ask(limiter, 10);
    await pass(0);
    limiter.refused();
    const second = ask(limiter, 100);
    await pass(60_000);
    expect(second).toHaveLength(100);
  });

  test('more refusals halve that number again, and do not begin with what is left in flight', async () => {
    const limiter = createLimiter();
    const first = ask(limiter, 16);
    await pass(0);
    limiter.refused();
    for (const { admission } of first.slice(0, 10)) admission.release();
    await pass(1000);
    limiter.refused();
    for (const { admission } of first.slice(10)) admission.release();
    const second = ask(limiter, 10);
    await pass(0);
    expect(second).toHaveLength(4);
    await pass(60_000);
  });

  test('one job is always allowed', async () => {
    const limiter = createLimiter();
    const first = ask(limiter, 1);
    await pass(0);
    for (let time = 0; time < 5; time += 1) {
      limiter.refused();
      await pass(1000);
    }
    const second = ask(limiter, 1);
    await pass(0);
    expect(second).toHaveLength(0);
    first[0]?.admission.release();
    await pass(0);
    expect(second).toHaveLength(1);
  });
});

describe('jobs', () => {
  test('run no more at once than there may, and follow one another in order', async () => {
    const limiter = createLimiter({ jobs: 2 });
    const admitted = ask(limiter, 5);
    await pass(1000);
    expect(admitted.map(({ number }) => number)).toEqual([0, 1]);
    admitted[1]?.admission.release();
    admitted[1]?.admission.release();
    await pass(0);
    expect(admitted.map(({ number }) => number)).toEqual([0, 1, 2]);
    for (let number = 0; number < 5; number += 1) {
      admitted[number]?.admission.release();
      await pass(0);
    }
    expect(admitted.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
  });

  test('a wait for one of them holds the process', async () => {
    const limiter = createLimiter({ jobs: 1 });
    const admitted = ask(limiter, 2);
    await pass(0);
    expect(vi.getTimerCount()).toBe(1);
    admitted[0]?.admission.release();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('who waits is told once how many are ahead, and who does not is told nothing', async () => {
    const limiter = createLimiter({ jobs: 1 });
    const told = Array.from({ length: 4 }, () => vi.fn());
    const waits = told.map((onQueued) => limiter.admit(signal, onQueued));
    expect(told.map(({ mock }) => mock.calls)).toEqual([[], [[0]], [[1]], [[2]]]);
    for (const wait of waits) (await wait).release();
    expect(told.flatMap(({ mock }) => mock.calls)).toHaveLength(3);
  });

  test('ten thousand are served once each and in order', async () => {
    const limiter = createLimiter({ jobs: 10, queue: 10_000 });
    const order: number[] = [];
    const numbers = Array.from({ length: 10_000 }, (_, number) => number);
    const work = async (number: number): Promise<void> => {
      const { release } = await limiter.admit(new AbortController().signal);
      order.push(number);
      release();
    };
    await Promise.all(numbers.map(work));
    expect(order).toEqual(numbers);
  });
});

describe('the queue', () => {
  test('when full refuses at once, without a word', async () => {
    const limiter = createLimiter({ jobs: 1, queue: 2 });
    const admitted = ask(limiter, 3);
    const onQueued = vi.fn();
    await expect(limiter.admit(signal, onQueued)).rejects.toBeInstanceOf(QueueFull);
    expect(onQueued).not.toHaveBeenCalled();
    admitted[0]?.admission.release();
    const last = ask(limiter, 1);
    for (let number = 0; number < 3; number += 1) {
      await pass(0);
      admitted[number]?.admission.release();
    }
    await pass(0);
    expect([admitted.length, last.length]).toEqual([3, 1]);
  });

  test('holds a thousand unless told otherwise', async () => {
    const limiter = createLimiter({ jobs: 1 });
    const caller = new AbortController();
    const waits = Array.from({ length: 1001 }, () => limiter.admit(caller.signal));
    await expect(limiter.admit(signal)).rejects.toBeInstanceOf(QueueFull);
    caller.abort();
    expect((await Promise.allSettled(waits)).filter(({ status }) => status === 'rejected')).toHaveLength(1000);
  });

  test('of none lets nobody wait', async () => {
    const limiter = createLimiter({ jobs: 1, queue: 0 });
    const { release } = await limiter.admit(signal);
    await expect(limiter.admit(signal)).rejects.toBeInstanceOf(QueueFull);
    release();
    await limiter.admit(signal);
  });

  test('who gives up leaves it clean', async () => {
    const limiter = createLimiter({ jobs: 1, queue: 2 });
    const { release } = await limiter.admit(signal);
    const caller = new AbortController();
    const reason = new Error('changed my mind');
    const waits = [limiter.admit(caller.signal), limiter.admit(caller.signal)];
    caller.abort(reason);
    for (const wait of waits) await expect(wait).rejects.toBe(reason);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
    const next = limiter.admit(signal);
    release();
    await next;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('who gave up before takes nothing', async () => {
    const limiter = createLimiter({ jobs: 1, submitsPerMinute: 1 });
    const reason = new Error('too late');
    const onQueued = vi.fn();
    await expect(limiter.admit(AbortSignal.abort(reason), onQueued)).rejects.toBe(reason);
    await expect(limiter.request(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(onQueued).not.toHaveBeenCalled();
    await limiter.admit(signal);
  });

  test('who gives up when told that it must wait does not wait', async () => {
    const limiter = createLimiter({ jobs: 1 });
    const { release } = await limiter.admit(signal);
    const caller = new AbortController();
    await expect(limiter.admit(caller.signal, () => caller.abort())).rejects.toBe(caller.signal.reason);
    release();
    await limiter.admit(signal);
  });
});

describe('submits per minute', () => {
  test('may come all at once, and then a minute after each', async () => {
    const limiter = createLimiter({ submitsPerMinute: 3 });
    const early = ask(limiter, 1);
    await pass(20_000);
    const late = ask(limiter, 5);
    await pass(100_000);
    expect(early.map(({ at }) => at)).toEqual([0]);
    expect(late.map(({ at }) => at)).toEqual([0, 0, 40_000, 60_000, 60_000]);
  });

  test('count even when their jobs ended at once', async () => {
    const limiter = createLimiter({ jobs: 1, submitsPerMinute: 2 });
    (await limiter.admit(signal)).release();
    (await limiter.admit(signal)).release();
    const third = ask(limiter, 1);
    await pass(59_999);
    expect(third).toHaveLength(0);
    await pass(1);
    expect(third).toHaveLength(1);
  });
});

describe('a refusal', () => {
  test('spaces the submits to half of the rate', async () => {
    const limiter = createLimiter({ jobs: 10, submitsPerMinute: 60 });
    ask(limiter, 1);
    await pass(0);
    limiter.refused();
    const second = ask(limiter, 1);
    await pass(1900);
    expect(second).toHaveLength(0);
    await pass(100);
    expect(second).toHaveLength(1);
  });

  test('halves the jobs once a second, however many come', async () => {
    const limiter = createLimiter({ jobs: 8 });
    for (let time = 0; time < 20; time += 1) limiter.refused();
    const admitted = ask(limiter, 20);
    await pass(0);
    expect(admitted).toHaveLength(4);
    await pass(1000);
    for (let time = 0; time < 20; time += 1) limiter.refused();
    for (const { admission } of admitted.slice(0, 2)) admission.release();
    await pass(0);
    expect(admitted).toHaveLength(4);
    await finish(admitted);
  });

  test('counts although a submit was accepted in the same second', async () => {
    const limiter = createLimiter({ jobs: 8 });
    limiter.accepted();
    limiter.refused();
    const admitted = ask(limiter, 8);
    await pass(0);
    expect(admitted).toHaveLength(4);
    await finish(admitted);
  });

  test('leaves one job and one submit a minute', async () => {
    const limiter = createLimiter({ jobs: 4, submitsPerMinute: 2 });
    const first = ask(limiter, 1);
    await pass(0);
    const storm = setInterval(() => limiter.refused(), 1000);
    first[0]?.admission.release();
    const second = ask(limiter, 1);
    await pass(61_000);
    clearInterval(storm);
    expect(second).toHaveLength(1);
  });

  test('is made good by accepted submits, a twentieth of the full pace and once a second', async () => {
    const limiter = createLimiter({ jobs: 100 });
    const admitted = ask(limiter, 100);
    await pass(0);
    for (const { admission } of admitted) admission.release();
    limiter.refused();
    // What was on its way when the host refused says nothing about the new pace.
    for (let time = 0; time < 50; time += 1) limiter.accepted();
    const held = ask(limiter, 200);
    await pass(0);
    expect(held).toHaveLength(50);
    await pass(1000);
    const byTime = held.length;
    for (let time = 0; time < 50; time += 1) limiter.accepted();
    await pass(0);
    expect([byTime, held.length]).toEqual([51, 56]);
    await finish(held);
  });

  test('is forgotten within a minute', async () => {
    const limiter = createLimiter({ jobs: 100 });
    for (let time = 0; time < 10; time += 1) {
      limiter.refused();
      await pass(1000);
    }
    const admitted = ask(limiter, 100);
    await pass(30_000);
    expect(admitted.length).toBeLessThan(60);
    await pass(30_000);
    expect(admitted).toHaveLength(100);
  });

  test('does not let anyone overtake who comes between two looks at the pace', async () => {
    const limiter = createLimiter({ jobs: 1000 });
    limiter.refused();
    const admitted = ask(limiter, 600);
    await pass(500);
    const later = ask(limiter, 1);
    await pass(499);
    expect([admitted.length, later.length]).toEqual([500, 0]);
    await pass(60_000);
    expect([admitted.length, later.length]).toEqual([600, 1]);
  });

  test('does not let anyone overtake', async () => {
    const limiter = createLimiter({ jobs: 4 });
    const admitted = ask(limiter, 6);
    await pass(0);
    limiter.refused();
    for (const { admission } of admitted.slice(0, 4)) admission.release();
    const later = ask(limiter, 1);
    await pass(0);
    expect([admitted.length, later.length]).toEqual([6, 0]);
    await finish(admitted);
    expect(later).toHaveLength(1);
  });

  async function finish(admitted: ReturnType<typeof ask>): Promise<void> {
    for (let number = 0; number < admitted.length; number += 1) {
      admitted[number]?.admission.release();
      await pass(0);
    }
  }
});

describe('a pause', () => {
  test('admits nobody before it is over, and then in order', async () => {
    const limiter = createLimiter();
    limiter.pause(5000);
    const admitted = ask(limiter, 3);
    await pass(4999);
    expect(admitted).toHaveLength(0);
    await pass(1);
    expect(admitted.map(({ number }) => number)).toEqual([0, 1, 2]);
  });

  test('can be made longer and not shorter, also for those who wait', async () => {
    const limiter = createLimiter();
    limiter.pause(1000);
    const admitted = ask(limiter, 1);
    limiter.pause(3000);
    limiter.pause(10);
    limiter.pause(Number.NaN);
    limiter.pause(-1);
    await pass(3000);
    expect(admitted.map(({ at }) => at)).toEqual([3000]);
  });

  test('leaves other requests alone', async () => {
    const limiter = createLimiter();
    limiter.pause(5000);
    await limiter.request(signal);
  });
});

describe('requests per second', () => {
  const request = (limiter: Limiter, times: number) => {
    const start = performance.now();
    const came: { readonly number: number; readonly at: number }[] = [];
    for (let number = 0; number < times; number += 1) {
      void limiter.request(signal).then(() => came.push({ number, at: performance.now() - start }));
    }
    return came;
  };

  test("come a second's worth at once and then evenly, in order", async () => {
    const came = request(createLimiter({ requestsPerSecond: 4 }), 8);
    await pass(2000);
    expect(came.map(({ at }) => at)).toEqual([0, 0, 0, 0, 250, 500, 750, 1000]);
    expect(came.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test.each([3, 7, 8, 8.5, 30])('%d of them keep the rate', async (requestsPerSecond) => {
    await pass(0.7);
    const came = request(createLimiter({ requestsPerSecond }), 400);
    await pass(10_000);
    expect(came.filter(({ at }) => at === 0)).toHaveLength(Math.floor(requestsPerSecond));
    expect(Math.abs(came.length - Math.min(400, 11 * requestsPerSecond))).toBeLessThanOrEqual(1);
    await pass(150_000);
  });

  test('fewer than one a second', async () => {
    const came = request(createLimiter({ requestsPerSecond: 0.5 }), 3);
    await pass(4000);
    expect(came.map(({ at }) => at)).toEqual([0, 2000, 4000]);
  });

  test('who gives up leaves nothing behind', async () => {
    const limiter = createLimiter({ requestsPerSecond: 1 });
    const caller = new AbortController();
    await limiter.request(signal);
    const wait = limiter.request(caller.signal);
    const next = limiter.request(signal);
    caller.abort();
    await expect(wait).rejects.toBe(caller.signal.reason);
    await pass(1000);
    await next;
  });
});

test.each(['jobs', 'submitsPerMinute', 'requestsPerSecond'])('%s of nothing would wait for ever', (name) => {
  for (const value of [0, -1, Number.NaN]) {
    expect(() => createLimiter({ [name]: value })).toThrow(`\`limits.${name}\` must be a number above 0`);
  }
  expect(() => createLimiter({ [name]: undefined })).not.toThrow();
});

test('never more jobs, never more submits in a minute, never out of order', async () => {
  const visit = fc.record({
    after: fc.integer({ min: 0, max: 20_000 }),
    duration: fc.integer({ min: 0, max: 90_000 }),
    patience: fc.option(fc.integer({ min: 0, max: 100_000 })),
    answer: fc.constantFrom<'accepted' | 'refused' | undefined>('accepted', 'refused', undefined, undefined),
  });
  const limits = fc.record({ jobs: fc.integer({ min: 1, max: 5 }), submitsPerMinute: fc.integer({ min: 1, max: 8 }) });
  await fc.assert(
    fc.asyncProperty(limits, fc.array(visit, { maxLength: 30 }), async (given, visits) => {
      const limiter = createLimiter(given);
      const starts: number[] = [];
      const order: number[] = [];
      let gaveUp = 0;
      let running = 0;
      const run = async ({ duration, patience, answer }: (typeof visits)[number], number: number): Promise<void> => {
        const caller = new AbortController();
        const timer = patience === null ? undefined : setTimeout(() => caller.abort(), patience);
        const admission = await limiter.admit(caller.signal).catch(() => undefined);
        clearTimeout(timer);
        if (!admission) {
          gaveUp += 1;
          return;
        }
        starts.push(performance.now());
        order.push(number);
        running += 1;
        expect(running).toBeLessThanOrEqual(given.jobs);
        if (answer) limiter[answer]();
        setTimeout(() => {
          running -= 1;
          admission.release();
        }, duration);
      };
      const runs: Promise<void>[] = [];
      for (const [number, one] of visits.entries()) {
        await pass(one.after);
        runs.push(run(one, number));
      }
      await pass(30 * 150_000);
      await Promise.all(runs);
      expect(order).toEqual(order.toSorted((one, other) => one - other));
      expect(order.length + gaveUp).toBe(visits.length);
      for (const [index, start] of starts.entries()) {
        expect((starts[index + given.submitsPerMinute] ?? Infinity) - start).toBeGreaterThanOrEqual(60_000);
      }
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 60 },
  );
});
