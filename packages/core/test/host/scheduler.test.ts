import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLimiter } from '../../src/host/limits.ts';
import type { Limits } from '../../src/host/options.ts';
import { createScheduler, type Lane, type Ticket } from '../../src/host/scheduler.ts';

const { signal } = new AbortController();
const pass = (time: number): Promise<unknown> => vi.advanceTimersByTimeAsync(time);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A scheduler of so many slots, and who was given one, in order. */
function createAccount(most: number, limits?: Limits) {
  const limiter = createLimiter(limits);
  const scheduler = createScheduler(most, limiter);
  limiter.onChange = scheduler.pump;
  const start = performance.now();
  const came: string[] = [];
  const leaves = new Map<string, () => void>();
  return {
    ...{ scheduler, limiter, came },
    add: (name: string, lane: Lane, after = 0): Ticket =>
      scheduler.add(lane, start + after, (leave) => {
        came.push(name);
        leaves.set(name, leave);
      }),
    leave: (name: string): void => leaves.get(name)?.(),
    /** Everyone who has a slot gives it back, until nobody waits for one. */
    finish(): void {
      for (let index = 0; index < came.length; index += 1) leaves.get(came[index] ?? '')?.();
    },
  };
}

test('who asks for a slot in the moment in which another that gets one ends it is told so', async () => {
  const limiter = createLimiter();
  let delay = 1_000;
  const scheduler = createScheduler(2, { ...limiter, requestDelay: () => delay });
  const ended = new AbortController();
  scheduler.add('poll', 0, (leave) => {
    ended.abort(new Error('ended by its caller'));
    delay = 1_000;
    leave();
  });
  delay = 0;
  const waiting = scheduler.enter('download', ended.signal);
  await expect(waiting).rejects.toThrow('ended by its caller');
  expect([getEventListeners(ended.signal, 'abort').length, scheduler.waiting()]).toEqual([0, 0]);
  delay = 0;
  scheduler.pump();
});

describe('slots', () => {
  test('are given at once while there are some, and no more than that', () => {
    const { add, came, leave, finish } = createAccount(2);
    for (const name of ['a', 'b', 'c', 'd']) add(name, 'poll');
    expect(came).toEqual(['a', 'b']);
    leave('a');
    expect(came).toEqual(['a', 'b', 'c']);
    finish();
  });

  test('can be given back once', () => {
    const { add, came, leave, finish } = createAccount(1);
    for (const name of ['a', 'b', 'c']) add(name, 'poll');
    leave('a');
    leave('a');
    expect(came).toEqual(['a', 'b']);
    finish();
  });

  test('go to polls that are due first, then to downloads, then to submits, each in order', () => {
    const { add, came, finish } = createAccount(1);
    add('first', 'submit');
    for (const number of [1, 2]) add(`submit ${number}`, 'submit');
    for (const number of [1, 2]) add(`download ${number}`, 'download');
    add('later poll', 'poll', 60_000);
    for (const number of [1, 2]) add(`poll ${number}`, 'poll', -number);
    finish();
    expect(came).toEqual(['first', 'poll 2', 'poll 1', 'download 1', 'download 2', 'submit 1', 'submit 2']);
    vi.advanceTimersByTime(60_000);
    expect(came.at(-1)).toBe('later poll');
    finish();
  });

  test('are left free by submits, an eighth of them', () => {
    const { add, came, finish } = createAccount(16);
    for (let nth = 0; nth < 20; nth += 1) add(`submit ${nth}`, 'submit');
    add('poll', 'poll');
    expect(came).toHaveLength(15);
    expect(came).toContain('poll');
    finish();
  });

  test('are held by downloads for one half at most, but for one in any case', () => {
    const { add, came, leave, finish } = createAccount(5);
    for (const number of [1, 2, 3, 4]) add(`download ${number}`, 'download');
    for (const number of [1, 2, 3]) add(`submit ${number}`, 'submit');
    expect(came).toEqual(['download 1', 'download 2', 'submit 1', 'submit 2', 'submit 3']);
    leave('submit 1');
    expect(came).toHaveLength(5);
    leave('download 1');
    expect(came.at(-1)).toBe('download 3');
    finish();
    const alone = createAccount(1);
    alone.add('download', 'download');
    expect(alone.came).toEqual(['download']);
  });

  test('may be given back and asked for while one is being given', () => {
    const { scheduler } = createAccount(1);
    const order: number[] = [];
    const visit = (number: number): void => {
      scheduler.add('poll', 0, (leave) => {
        order.push(number);
        if (number < 5) visit(number + 1);
        leave();
      });
    };
    visit(0);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('of ten thousand that wait each gets one, in order', async () => {
    const { scheduler } = createAccount(64);
    const order: number[] = [];
    const numbers = Array.from({ length: 10_000 }, (_, number) => number);
    const visit = async (number: number): Promise<void> => {
      const leave = await scheduler.enter('submit', signal);
      order.push(number);
      await Promise.resolve();
      leave();
    };
    await Promise.all(numbers.map(visit));
    expect(order).toEqual(numbers);
  });
});

describe('a poll', () => {
  test('comes when it is due, not before, in the order of the moments', async () => {
    const { add, came, scheduler } = createAccount(64);
    add('b', 'poll', 2_000);
    add('a', 'poll', 1_000);
    add('c', 'poll', 3_000);
    expect(scheduler.waiting()).toBe(3);
    await pass(999);
    expect(came).toEqual([]);
    await pass(1);
    expect(came).toEqual(['a']);
    await pass(2_000);
    expect(came).toEqual(['a', 'b', 'c']);
    expect(scheduler.waiting()).toBe(0);
  });

  test('beyond what a timer can hold comes all the same', async () => {
    const { add, came } = createAccount(64);
    add('next month', 'poll', 2 ** 31 + 1_000);
    await pass(2 ** 31);
    expect(came).toEqual([]);
    await pass(1_000);
    expect(came).toEqual(['next month']);
  });
});

describe('one timer', () => {
  test('serves ten thousand that wait, and is gone with the last of them', async () => {
    const { add, came, scheduler } = createAccount(20_000);
    const tickets = Array.from({ length: 10_000 }, (_, nth) => add(`${nth}`, 'poll', 1_000 + nth));
    const alarm = scheduler.alarm(performance.now() + 60_000, () => undefined);
    expect(vi.getTimerCount()).toBe(1);
    await pass(3_000);
    expect(came).toHaveLength(2_001);
    expect(vi.getTimerCount()).toBe(1);
    for (const ticket of tickets) scheduler.cancel(ticket);
    expect(vi.getTimerCount()).toBe(1);
    scheduler.cancelAlarm(alarm);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not there while those who wait can only be served by who gives a slot back', () => {
    const { add, leave, came } = createAccount(1);
    add('a', 'submit');
    add('b', 'submit');
    add('c', 'download');
    add('d', 'poll');
    expect(vi.getTimerCount()).toBe(0);
    for (const name of ['a', 'd', 'c', 'b']) leave(name);
    expect(came).toEqual(['a', 'd', 'c', 'b']);
  });
});

describe('what is cancelled', () => {
  test('does not come, and leaves nothing behind', async () => {
    const { add, came, leave, scheduler } = createAccount(1);
    add('a', 'poll');
    const tickets = [add('b', 'poll', 10), add('c', 'download'), add('d', 'submit')];
    for (const ticket of tickets) {
      scheduler.cancel(ticket);
      scheduler.cancel(ticket);
    }
    expect([scheduler.waiting(), scheduler.queued()]).toEqual([0, 0]);
    leave('a');
    await pass(1_000);
    expect(came).toEqual(['a']);
    add('e', 'submit');
    expect(came).toEqual(['a', 'e']);
  });

  test('after it has begun keeps its slot', () => {
    const { add, came, leave, scheduler } = createAccount(1);
    const ticket = add('a', 'submit');
    add('b', 'submit');
    scheduler.cancel(ticket);
    expect(came).toEqual(['a']);
    expect(scheduler.queued()).toBe(1);
    leave('a');
    expect(came).toEqual(['a', 'b']);
  });
});

describe('a slot as a promise', () => {
  test('is not given to who gives up while waiting', async () => {
    const { scheduler } = createAccount(1);
    const caller = new AbortController();
    const reason = new Error('changed my mind');
    const leave = await scheduler.enter('submit', signal);
    const given = scheduler.enter('submit', caller.signal);
    const other = scheduler.enter('submit', signal);
    caller.abort(reason);
    await expect(given).rejects.toBe(reason);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    leave();
    (await other)();
    (await scheduler.enter('submit', signal))();
  });

  test('is not given to who gave up before', async () => {
    const { scheduler } = createAccount(1);
    const reason = new Error('too late');
    await expect(scheduler.enter('submit', AbortSignal.abort(reason))).rejects.toBe(reason);
    await scheduler.enter('submit', signal);
  });

  test('leaves no listener on the signal of who has it', async () => {
    const { scheduler } = createAccount(1);
    const caller = new AbortController();
    const leave = await scheduler.enter('poll', caller.signal);
    const waiting = scheduler.enter('poll', caller.signal);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1);
    leave();
    await waiting;
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });
});

describe('an alarm', () => {
  test('comes in its moment, although no slot is free', async () => {
    const { add, scheduler } = createAccount(1);
    const rung: number[] = [];
    add('a', 'poll');
    add('b', 'poll');
    const start = performance.now();
    for (const after of [300, 100, 200]) scheduler.alarm(start + after, () => rung.push(performance.now() - start));
    await pass(1_000);
    expect(rung).toEqual([100, 200, 300]);
  });

  test('that is over comes at once, and not inside the call that sets it', async () => {
    const { scheduler } = createAccount(1);
    const run = vi.fn();
    scheduler.alarm(performance.now() - 5, run);
    expect(run).not.toHaveBeenCalled();
    await pass(0);
    expect(run).toHaveBeenCalledOnce();
  });

  test('does not come when it is cancelled, by another alarm of the same moment too', async () => {
    const { scheduler } = createAccount(1);
    const run = vi.fn();
    const at = performance.now() + 100;
    const alarms = [0, 1].map((nth) =>
      scheduler.alarm(at, () => {
        run();
        scheduler.cancelAlarm(alarms[1 - nth] ?? alarms[0]);
      }),
    ) as [ReturnType<typeof scheduler.alarm>, ReturnType<typeof scheduler.alarm>];
    await pass(1_000);
    expect(run).toHaveBeenCalledOnce();
    scheduler.cancelAlarm(alarms[0]);
    scheduler.cancelAlarm(alarms[1]);
  });

  test('that never comes holds no timer', () => {
    const { scheduler } = createAccount(1);
    scheduler.cancelAlarm(scheduler.alarm(Infinity, () => undefined));
    scheduler.alarm(Infinity, () => undefined);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('may set the next one, and ask for slots', async () => {
    const { add, came, scheduler } = createAccount(1);
    let rung = 0;
    const ring = (): void => {
      rung += 1;
      add(`${rung}`, 'poll');
      if (rung < 3) scheduler.alarm(performance.now() + 10, ring);
    };
    ring();
    await pass(100);
    expect([rung, came]).toEqual([3, ['1']]);
  });
});

describe('whatever happens', () => {
  const lanes = ['poll', 'download', 'submit'] as const;
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('add' as const), lane: fc.constantFrom(...lanes), pick: fc.nat(2_000) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('alarm' as const), pick: fc.nat(2_000) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('leave' as const), pick: fc.nat(1_000) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick: fc.nat(1_000) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel alarm' as const), pick: fc.nat(1_000) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), pick: fc.nat(1_500) }) },
  );

  test('it does what a list does that is searched anew for every slot', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.array(step, { maxLength: 80 }), async (most, steps) => {
        const model = createModel(most);
        for (const next of steps) {
          if (next.do === 'add') model.add(next.lane, next.pick);
          else if (next.do === 'alarm') model.alarm(next.pick);
          else if (next.do === 'leave') model.leave(next.pick);
          else if (next.do === 'cancel') model.cancel(next.pick);
          else if (next.do === 'cancel alarm') model.cancelAlarm(next.pick);
          else await pass(next.pick);
          model.check();
        }
        await pass(2_000);
        model.check();
        for (let left = steps.length; left > 0; left -= 1) {
          model.leave(left);
          model.check();
        }
        expect(model.left()).toEqual([0, 0]);
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  interface Visit {
    readonly lane: Lane;
    readonly at: number;
    readonly ticket?: Ticket;
    leave?: () => void;
  }

  /** The scheduler, and what a plain list of visits says must be true of it. */
  function createModel(most: number) {
    const scheduler = createScheduler(most, createLimiter());
    const bound = {
      poll: most,
      download: Math.max(1, Math.floor(most / 2)),
      submit: most - Math.floor(most / 8),
    } as const;
    let waiting: Visit[] = [];
    let inside: Visit[] = [];
    let alarms: { readonly at: number; readonly alarm?: ReturnType<typeof scheduler.alarm> }[] = [];
    const hasSlot = (lane: Lane): boolean =>
      inside.length < most && inside.filter((visit) => visit.lane === lane).length < bound[lane];
    const served = (): Visit[] => {
      const now = performance.now();
      const polls = waiting.filter(({ lane, at }) => lane === 'poll' && at <= now).toSorted((a, b) => a.at - b.at);
      const lines = (['download', 'submit'] as const).map((lane) => waiting.filter((visit) => visit.lane === lane));
      return [polls, ...lines].find(([first]) => first && hasSlot(first.lane)) ?? [];
    };
    const comeIn = (visit: Visit, leave: () => void): void => {
      const [first] = served();
      // Polls of the same moment may come in any order.
      expect([visit.lane, visit.lane === 'poll' ? visit.at : visit]).toEqual([
        first?.lane,
        first?.lane === 'poll' ? first.at : first,
      ]);
      waiting = waiting.filter((other) => other !== visit);
      inside.push(Object.assign(visit, { leave }));
    };
    return {
      left: () => [waiting.length, inside.length],
      add(lane: Lane, after: number): void {
        const visit: Visit = { lane, at: performance.now() + after };
        waiting.push(visit);
        Object.assign(visit, { ticket: scheduler.add(lane, visit.at, (leave) => comeIn(visit, leave)) });
      },
      alarm(after: number): void {
        const entry = { at: performance.now() + after };
        alarms.push(entry);
        const ring = (): void => {
          expect(performance.now()).toBeGreaterThanOrEqual(entry.at);
          expect(alarms).toContain(entry);
          alarms = alarms.filter((other) => other !== entry);
        };
        Object.assign(entry, { alarm: scheduler.alarm(entry.at, ring) });
      },
      leave(pick: number): void {
        const visit = inside[pick % inside.length];
        inside = inside.filter((other) => other !== visit);
        visit?.leave?.();
        visit?.leave?.();
      },
      cancel(pick: number): void {
        const visit = waiting[pick % waiting.length];
        waiting = waiting.filter((other) => other !== visit);
        if (visit?.ticket) scheduler.cancel(visit.ticket);
      },
      cancelAlarm(pick: number): void {
        const entry = alarms[pick % alarms.length];
        alarms = alarms.filter((other) => other !== entry);
        if (entry?.alarm) scheduler.cancelAlarm(entry.alarm);
      },
      check(): void {
        const now = performance.now();
        expect(inside.length).toBeLessThanOrEqual(most);
        for (const lane of lanes) {
          expect(inside.filter((visit) => visit.lane === lane).length).toBeLessThanOrEqual(bound[lane]);
        }
        // Nobody waits for a slot that is free, and nothing that was due is left.
        expect(served()).toEqual([]);
        expect(alarms.filter(({ at }) => at < now)).toEqual([]);
        expect(scheduler.waiting()).toBe(waiting.filter(({ lane }) => lane === 'poll').length);
        expect(scheduler.queued()).toBe(waiting.filter(({ lane }) => lane === 'submit').length);
        const isNeeded = alarms.length > 0 || (inside.length < most && scheduler.waiting() > 0);
        expect(vi.getTimerCount()).toBe(Number(isNeeded));
      },
    };
  }
});
