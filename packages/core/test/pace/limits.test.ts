import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLimiter } from '../../src/host/limits.ts';
import { checkOptions, type Limits } from '../../src/host/options.ts';
import { fakeAdapter } from '../parts/fake.ts';

const fake = fakeAdapter();

import { createScheduler } from '../../src/host/scheduler.ts';
import { leavePlace } from '../../src/picture/picture.ts';

const pass = (time: number): Promise<unknown> => vi.advanceTimersByTimeAsync(time);

/** An account with these limits and more slots than anybody needs. */
function createAccount(limits?: Limits) {
  const limiter = createLimiter(limits);
  const scheduler = createScheduler(100_000, limiter);
  limiter.onChange = scheduler.pump;
  return { limiter, scheduler };
}

type Account = ReturnType<typeof createAccount>;

/** Begins a job when the limits allow it, as the engine does: the slot is for the submit, the place for the job. */
function admit({ limiter, scheduler }: Account, admitted: (release: () => void) => void) {
  return scheduler.add('submit', performance.now(), (leave) => {
    limiter.begin();
    leave();
    const holder = { place: limiter };
    admitted(() => leavePlace(holder));
  });
}

/** Asks so many times, and writes down when each was admitted. */
function ask(account: Account, times: number) {
  const start = performance.now();
  const admitted: { readonly number: number; readonly at: number; readonly release: () => void }[] = [];
  for (let number = 0; number < times; number += 1) {
    admit(account, (release) => admitted.push({ number, at: performance.now() - start, release }));
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
    const account = createAccount();
    const admitted = ask(account, 10_000);
    await Promise.resolve();
    expect(admitted).toHaveLength(10_000);
    const { signal } = new AbortController();
    const leaves = await Promise.all(Array.from({ length: 1000 }, () => account.scheduler.enter('poll', signal)));
    expect(leaves).toHaveLength(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a refusal makes half of the jobs in flight the most there may be', async () => {
    const account = createAccount();
    const first = ask(account, 10);
    await pass(0);
    account.limiter.refused();
    const second = ask(account, 1);
    for (const { release } of first.slice(0, 5)) release();
    await pass(0);
    expect(second).toHaveLength(0);
    first[5]?.release();
    await pass(0);
    expect(second).toHaveLength(1);
  });

  test('and a minute later nothing is limited any more', async () => {
    const account = createAccount();
    ask(account, 10);
    await pass(0);
    account.limiter.refused();
    const second = ask(account, 100);
    await pass(60_000);
    expect(second).toHaveLength(100);
  });

  test('more refusals halve that number again, and do not begin with what is left in flight', async () => {
    const account = createAccount();
    const first = ask(account, 16);
    await pass(0);
    account.limiter.refused();
    for (const { release } of first.slice(0, 10)) release();
    await pass(1000);
    account.limiter.refused();
    for (const { release } of first.slice(10)) release();
    const second = ask(account, 10);
    await pass(0);
    expect(second).toHaveLength(4);
    await pass(60_000);
  });

  test('one job is always allowed', async () => {
    const account = createAccount();
    const first = ask(account, 1);
    await pass(0);
    for (let time = 0; time < 5; time += 1) {
      account.limiter.refused();
      await pass(1000);
    }
    const second = ask(account, 1);
    await pass(0);
    expect(second).toHaveLength(0);
    first[0]?.release();
    await pass(0);
    expect(second).toHaveLength(1);
  });
});

describe('jobs', () => {
  test('run no more at once than there may, and follow one another in order', async () => {
    const account = createAccount({ jobs: 2 });
    const admitted = ask(account, 5);
    await pass(1000);
    expect(admitted.map(({ number }) => number)).toEqual([0, 1]);
    admitted[1]?.release();
    admitted[1]?.release();
    await pass(0);
    expect(admitted.map(({ number }) => number)).toEqual([0, 1, 2]);
    for (let number = 0; number < 5; number += 1) {
      admitted[number]?.release();
      await pass(0);
    }
    expect(admitted.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
  });

  test('hold no timer while only the end of one can let another begin', async () => {
    const account = createAccount({ jobs: 1 });
    const admitted = ask(account, 2);
    expect([admitted.length, account.scheduler.queued(), vi.getTimerCount()]).toEqual([1, 1, 0]);
    admitted[0]?.release();
    expect([admitted.length, account.scheduler.queued()]).toEqual([2, 0]);
  });

  test('that run already count too', async () => {
    const account = createAccount({ jobs: 1 });
    account.limiter.begin();
    const admitted = ask(account, 1);
    expect(admitted).toHaveLength(0);
    account.limiter.leave();
    expect(admitted).toHaveLength(1);
    expect(ask(account, 1)).toHaveLength(0);
  });

  test('ten thousand are served once each and in order', async () => {
    const account = createAccount({ jobs: 10, queue: 10_000 });
    const order: number[] = [];
    for (let number = 0; number < 10_000; number += 1) {
      admit(account, (release) => {
        order.push(number);
        queueMicrotask(release);
      });
    }
    await pass(0);
    expect(order).toEqual(Array.from({ length: 10_000 }, (_, number) => number));
  });

  test('who gives up takes no place and holds up nobody', async () => {
    const account = createAccount({ jobs: 1, submitsPerMinute: 2 });
    const admitted = ask(account, 1);
    const ticket = admit(account, () => expect.unreachable('it gave up'));
    const later = ask(account, 1);
    account.scheduler.cancel(ticket);
    expect(account.scheduler.queued()).toBe(1);
    admitted[0]?.release();
    expect(later).toHaveLength(1);
  });
});

test('a queue holds a thousand unless told otherwise, and may be of none', () => {
  expect(createAccount().limiter.queue).toBe(1000);
  expect(createAccount({ queue: 0 }).limiter.queue).toBe(0);
});

describe('submits per minute', () => {
  test('may come all at once, and then a minute after each', async () => {
    const account = createAccount({ submitsPerMinute: 3 });
    const early = ask(account, 1);
    await pass(20_000);
    const late = ask(account, 5);
    await pass(100_000);
    expect(early.map(({ at }) => at)).toEqual([0]);
    expect(late.map(({ at }) => at)).toEqual([0, 0, 40_000, 60_000, 60_000]);
  });

  test('count even when their jobs ended at once', async () => {
    const account = createAccount({ jobs: 1, submitsPerMinute: 2 });
    for (let time = 0; time < 2; time += 1) for (const { release } of ask(account, 1)) release();
    const third = ask(account, 1);
    await pass(59_999);
    expect(third).toHaveLength(0);
    await pass(1);
    expect(third).toHaveLength(1);
  });
});

describe('a refusal', () => {
  test('spaces the submits to half of the rate', async () => {
    const account = createAccount({ jobs: 10, submitsPerMinute: 60 });
    ask(account, 1);
    await pass(0);
    account.limiter.refused();
    const second = ask(account, 1);
    await pass(1900);
    expect(second).toHaveLength(0);
    await pass(100);
    expect(second).toHaveLength(1);
  });

  test('halves the jobs once a second, however many come', async () => {
    const account = createAccount({ jobs: 8 });
    for (let time = 0; time < 20; time += 1) account.limiter.refused();
    const admitted = ask(account, 20);
    await pass(0);
    expect(admitted).toHaveLength(4);
    await pass(1000);
    for (let time = 0; time < 20; time += 1) account.limiter.refused();
    for (const { release } of admitted.slice(0, 2)) release();
    await pass(0);
    expect(admitted).toHaveLength(4);
    await finish(admitted);
  });

  test('counts although a submit was accepted in the same second', async () => {
    const account = createAccount({ jobs: 8 });
    account.limiter.accepted();
    account.limiter.refused();
    const admitted = ask(account, 8);
    await pass(0);
    expect(admitted).toHaveLength(4);
    await finish(admitted);
  });

  test('leaves one job and one submit a minute', async () => {
    const account = createAccount({ jobs: 4, submitsPerMinute: 2 });
    const first = ask(account, 1);
    await pass(0);
    const storm = setInterval(() => account.limiter.refused(), 1000);
    first[0]?.release();
    const second = ask(account, 1);
    await pass(61_000);
    clearInterval(storm);
    expect(second).toHaveLength(1);
  });

  test('is made good by accepted submits, a twentieth of the full pace and once a second', async () => {
    const account = createAccount({ jobs: 100 });
    const admitted = ask(account, 100);
    await pass(0);
    for (const { release } of admitted) release();
    account.limiter.refused();
    // What was on its way when the host refused says nothing about the new pace.
    for (let time = 0; time < 50; time += 1) account.limiter.accepted();
    const held = ask(account, 200);
    await pass(0);
    expect(held).toHaveLength(50);
    await pass(1000);
    const byTime = held.length;
    for (let time = 0; time < 50; time += 1) account.limiter.accepted();
    await pass(0);
    expect([byTime, held.length]).toEqual([51, 56]);
    await finish(held);
  });

  test('is forgotten within a minute', async () => {
    const account = createAccount({ jobs: 100 });
    for (let time = 0; time < 10; time += 1) {
      account.limiter.refused();
      await pass(1000);
    }
    const admitted = ask(account, 100);
    await pass(30_000);
    expect(admitted.length).toBeLessThan(60);
    await pass(30_000);
    expect(admitted).toHaveLength(100);
  });

  test('does not let anyone overtake who comes between two checks of the pace', async () => {
    const account = createAccount({ jobs: 1000 });
    account.limiter.refused();
    const admitted = ask(account, 600);
    await pass(500);
    const later = ask(account, 1);
    await pass(499);
    expect([admitted.length, later.length]).toEqual([508, 0]);
    await pass(60_000);
    expect([admitted.length, later.length]).toEqual([600, 1]);
  });

  test('does not let anyone overtake', async () => {
    const account = createAccount({ jobs: 4 });
    const admitted = ask(account, 6);
    await pass(0);
    account.limiter.refused();
    for (const { release } of admitted.slice(0, 4)) release();
    const later = ask(account, 1);
    await pass(0);
    expect([admitted.length, later.length]).toEqual([6, 0]);
    await finish(admitted);
    expect(later).toHaveLength(1);
  });

  async function finish(admitted: ReturnType<typeof ask>): Promise<void> {
    for (let number = 0; number < admitted.length; number += 1) {
      admitted[number]?.release();
      await pass(0);
    }
  }
});

describe('a pause', () => {
  test('admits nobody before it is over, and then in order', async () => {
    const account = createAccount();
    account.limiter.pause(5000);
    const admitted = ask(account, 3);
    await pass(4999);
    expect(admitted).toHaveLength(0);
    await pass(1);
    expect(admitted.map(({ number }) => number)).toEqual([0, 1, 2]);
  });

  test('can be made longer and not shorter, also for those who wait', async () => {
    const account = createAccount();
    account.limiter.pause(1000);
    const admitted = ask(account, 1);
    account.limiter.pause(3000);
    account.limiter.pause(10);
    account.limiter.pause(Number.NaN);
    account.limiter.pause(-1);
    await pass(3000);
    expect(admitted.map(({ at }) => at)).toEqual([3000]);
  });

  test('leaves other requests alone', async () => {
    const account = createAccount();
    account.limiter.pause(5000);
    expect(request(account, 1)).toHaveLength(1);
  });
});

/** Asks for so many requests of any kind, and writes down when each may go. */
function request({ scheduler }: Account, times: number) {
  const start = performance.now();
  const came: { readonly number: number; readonly at: number }[] = [];
  for (let number = 0; number < times; number += 1) {
    // Polls go in the order of their moments.
    scheduler.add('poll', start - 1 + number / 1e6, (leave) => {
      came.push({ number, at: performance.now() - start });
      leave();
    });
  }
  return came;
}

describe('requests per second', () => {
  test("come a second's worth at once and then evenly, in order", async () => {
    const came = request(createAccount({ requestsPerSecond: 4 }), 8);
    await pass(2000);
    expect(came.map(({ at }) => at)).toEqual([0, 0, 0, 0, 250, 500, 750, 1000]);
    expect(came.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test.each([3, 7, 8, 8.5, 30])('%d of them keep the rate', async (requestsPerSecond) => {
    await pass(0.7);
    const came = request(createAccount({ requestsPerSecond }), 400);
    await pass(10_000);
    expect(came.filter(({ at }) => at === 0)).toHaveLength(Math.floor(requestsPerSecond));
    expect(Math.abs(came.length - Math.min(400, 11 * requestsPerSecond))).toBeLessThanOrEqual(1);
    await pass(150_000);
  });

  test('fewer than one a second', async () => {
    const came = request(createAccount({ requestsPerSecond: 0.5 }), 3);
    await pass(4000);
    expect(came.map(({ at }) => at)).toEqual([0, 2000, 4000]);
  });

  test('bind polls, downloads and submits alike', async () => {
    const account = createAccount({ requestsPerSecond: 1 });
    const came: string[] = [];
    for (const lane of ['submit', 'download', 'poll'] as const) {
      account.scheduler.add(lane, performance.now(), (leave) => {
        came.push(`${lane} at ${performance.now()}`);
        leave();
      });
    }
    const start = performance.now();
    await pass(5000);
    expect(came).toEqual([`submit at ${start}`, `poll at ${start + 1000}`, `download at ${start + 2000}`]);
  });

  test('who gives up uses none of them', async () => {
    const account = createAccount({ requestsPerSecond: 1 });
    const { signal } = new AbortController();
    const caller = new AbortController();
    await account.scheduler.enter('poll', signal);
    const wait = account.scheduler.enter('poll', caller.signal);
    const next = request(account, 1);
    caller.abort();
    await expect(wait).rejects.toBe(caller.signal.reason);
    await pass(1000);
    expect(next.map(({ at }) => at)).toEqual([1000]);
  });
});

test.each(['jobs', 'submitsPerMinute', 'requestsPerSecond'])('%s of nothing would wait for ever', (name) => {
  for (const value of [0, -1, Number.NaN]) {
    expect(() => checkOptions(fake, { limits: { [name]: value } })).toThrow(
      `\`limits.${name}\` must be a number above 0`,
    );
  }
  expect(() => checkOptions(fake, { limits: { [name]: undefined } })).not.toThrow();
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
      const account = createAccount(given);
      const starts: number[] = [];
      const order: number[] = [];
      let gaveUp = 0;
      let running = 0;
      const run = async ({ duration, patience, answer }: (typeof visits)[number], number: number): Promise<void> => {
        const release = await new Promise<(() => void) | undefined>((resolve) => {
          let timer: ReturnType<typeof setTimeout> | undefined;
          const ticket = admit(account, (given) => {
            clearTimeout(timer);
            resolve(given);
          });
          const giveUp = (): void => {
            if (ticket.cancelled) return;
            account.scheduler.cancel(ticket);
            resolve(undefined);
          };
          timer = patience === null || ticket.cancelled ? undefined : setTimeout(giveUp, patience);
        });
        if (!release) {
          gaveUp += 1;
          return;
        }
        starts.push(performance.now());
        order.push(number);
        running += 1;
        expect(running).toBeLessThanOrEqual(given.jobs);
        if (answer) account.limiter[answer]();
        setTimeout(() => {
          running -= 1;
          release();
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
