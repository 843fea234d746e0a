import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createGate, type Gate, type Lane } from '../../src/pace/gate.ts';

const { signal } = new AbortController();
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

/** Enters and writes down who came in, in order. */
function createVisitors(gate: Gate) {
  const came: string[] = [];
  const leaves = new Map<string, () => void>();
  return {
    came,
    enter(name: string, lane: Lane, own: AbortSignal = signal): Promise<void> {
      return gate.enter(lane, own).then((leave) => {
        came.push(name);
        leaves.set(name, leave);
      });
    },
    async leave(name: string): Promise<void> {
      leaves.get(name)?.();
      await settle();
    },
  };
}

describe('a gate', () => {
  test('lets in at once while there is room, and no more than that', async () => {
    const { came, enter, leave } = createVisitors(createGate(2));
    for (const name of ['a', 'b', 'c', 'd']) void enter(name, 'submit');
    await Promise.resolve();
    expect(came).toEqual(['a', 'b']);
    await leave('a');
    expect(came).toEqual(['a', 'b', 'c']);
  });

  test('a place can be given back once', async () => {
    const { came, enter, leave } = createVisitors(createGate(1));
    for (const name of ['a', 'b', 'c']) void enter(name, 'poll');
    await settle();
    await leave('a');
    await leave('a');
    expect(came).toEqual(['a', 'b']);
  });

  test('the lanes that wait take turns, each first in first out', async () => {
    const { came, enter, leave } = createVisitors(createGate(1));
    void enter('first', 'submit');
    for (const number of [1, 2, 3]) void enter(`poll ${number}`, 'poll');
    for (const number of [1, 2]) void enter(`submit ${number}`, 'submit');
    void enter('download 1', 'download');
    await settle();
    for (let served = 0; served < 7; served += 1) await leave(came.at(-1) ?? '');
    expect(came).toEqual(['first', 'submit 1', 'poll 1', 'download 1', 'submit 2', 'poll 2', 'poll 3']);
  });

  test('a thousand looks do not keep a submit waiting for more than one of them', async () => {
    const { came, enter, leave } = createVisitors(createGate(1));
    for (let number = 0; number < 1000; number += 1) void enter(`poll ${number}`, 'poll');
    await settle();
    await leave('poll 0');
    void enter('submit', 'submit');
    await leave('poll 1');
    expect(came).toEqual(['poll 0', 'poll 1', 'submit']);
  });

  test('submits leave an eighth of the places to looks', async () => {
    const { enter, came } = createVisitors(createGate(16));
    for (let nth = 0; nth < 20; nth += 1) void enter(`submit ${nth}`, 'submit');
    void enter('look', 'poll');
    await Promise.resolve();
    expect(came).toHaveLength(15);
    expect(came).toContain('look');
  });

  test('downloads hold half of the places at most', async () => {
    const { came, enter, leave } = createVisitors(createGate(5));
    for (const number of [1, 2, 3, 4]) void enter(`download ${number}`, 'download');
    for (const number of [1, 2, 3]) void enter(`submit ${number}`, 'submit');
    await settle();
    expect(came).toEqual(['download 1', 'download 2', 'submit 1', 'submit 2', 'submit 3']);
    await leave('submit 1');
    expect(came).toHaveLength(5);
    await leave('download 1');
    expect(came.at(-1)).toBe('download 3');
  });

  test('one place is enough for a download', async () => {
    const { came, enter } = createVisitors(createGate(1));
    await enter('download', 'download');
    expect(came).toEqual(['download']);
  });

  test('who gives up while waiting leaves nothing behind', async () => {
    const { came, enter, leave } = createVisitors(createGate(1));
    const caller = new AbortController();
    const reason = new Error('changed my mind');
    await enter('a', 'submit');
    const given = enter('b', 'submit', caller.signal);
    void enter('c', 'submit');
    caller.abort(reason);
    await expect(given).rejects.toBe(reason);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    await leave('a');
    expect(came).toEqual(['a', 'c']);
    await leave('c');
    await enter('d', 'submit');
  });

  test('who gave up before does not come in', async () => {
    const reason = new Error('too late');
    const gate = createGate(1);
    await expect(gate.enter('submit', AbortSignal.abort(reason))).rejects.toBe(reason);
    await gate.enter('submit', signal);
  });

  test('no listener stays on the signal of who came in', async () => {
    const caller = new AbortController();
    const { enter, leave } = createVisitors(createGate(1));
    void enter('a', 'submit', caller.signal);
    void enter('b', 'submit', caller.signal);
    await settle();
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1);
    await leave('a');
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });

  test('ten thousand are served once each and in order', async () => {
    const gate = createGate(64);
    const order: number[] = [];
    const visit = async (number: number): Promise<void> => {
      const leave = await gate.enter('poll', new AbortController().signal);
      order.push(number);
      await settle();
      leave();
    };
    const numbers = Array.from({ length: 10_000 }, (_, number) => number);
    await Promise.all(numbers.map(visit));
    expect(order).toEqual(numbers);
  });
});

describe('whatever happens', () => {
  const lanes = ['submit', 'poll', 'download'] as const;
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('enter' as const), lane: fc.constantFrom(...lanes) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('leave' as const), pick: fc.nat(1000) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), pick: fc.nat(1000) }) },
  );

  test('nobody is too many, downloads stay in their half, everyone gets a turn', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.array(step, { maxLength: 80 }), async (most, steps) => {
        const model = createModel(most);
        for (const next of steps) {
          if (next.do === 'enter') model.enter(next.lane);
          else if (next.do === 'leave') model.leave(next.pick);
          else model.abort(next.pick);
          await settle();
          model.check();
        }
        for (let left = steps.length; left > 0; left -= 1) {
          model.leave(left);
          await settle();
          model.check();
        }
        expect(model.waiting()).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  interface Visit {
    readonly lane: Lane;
    readonly caller: AbortController;
    leave?: () => void;
  }

  /** The gate and what a list of visitors says must be true of it. */
  function createModel(most: number) {
    const gate = createGate(most);
    const half = Math.max(1, Math.floor(most / 2));
    let line: Visit[] = [];
    let inside: Visit[] = [];
    const passedOver = { submit: 0, poll: 0, download: 0 };
    const bound: Record<Lane, number> = { submit: most - Math.floor(most / 8), poll: most, download: half };
    const hasRoom = (lane: Lane): boolean =>
      inside.length < most && inside.filter((visit) => visit.lane === lane).length < bound[lane];
    const comeIn = (visit: Visit, leave: () => void): void => {
      // First in first out within its lane.
      expect(line.find(({ lane }) => lane === visit.lane)).toBe(visit);
      for (const lane of lanes) {
        const couldCome = hasRoom(lane) && line.some((other) => other.lane === lane);
        passedOver[lane] = lane !== visit.lane && couldCome ? passedOver[lane] + 1 : 0;
        expect(passedOver[lane]).toBeLessThanOrEqual(2);
      }
      line = line.filter((other) => other !== visit);
      inside.push(Object.assign(visit, { leave }));
    };
    return {
      waiting: () => line,
      enter(lane: Lane): void {
        const visit: Visit = { lane, caller: new AbortController() };
        line.push(visit);
        gate.enter(lane, visit.caller.signal).then(
          (leave) => comeIn(visit, leave),
          () => undefined,
        );
      },
      leave(pick: number): void {
        const visit = inside[pick % inside.length];
        inside = inside.filter((other) => other !== visit);
        visit?.leave?.();
      },
      abort(pick: number): void {
        const visit = line[pick % line.length];
        line = line.filter((other) => other !== visit);
        visit?.caller.abort();
      },
      check(): void {
        expect(inside.length).toBeLessThanOrEqual(most);
        expect(inside.filter(({ lane }) => lane === 'download').length).toBeLessThanOrEqual(half);
        expect(inside.filter(({ lane }) => lane === 'submit').length).toBeLessThanOrEqual(bound.submit);
        // Nobody waits for a place that is free.
        expect(line.filter(({ lane }) => hasRoom(lane))).toEqual([]);
        for (const { caller } of inside) expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
      },
    };
  }
});
