import { describe, expect, test } from 'vitest';
import {
  beginImage,
  createMemoryLedger,
  generateImage,
  ImageError,
  type ImageEvent,
  type Ledger,
  resumeImages,
} from '../../src/index.ts';
import { createWorld, inVirtualTime } from '../world.ts';
import { ended, open, pause } from './kit.ts';

// What is told about money must be true at the moment in which it is told, whoever else works on the intent.

const prompt = 'a pier at low tide';
const broke = { on: 'submit', nth: 1, status: 402 } as const;
/** Of a call whose second picture takes its time. */
const slow = { timeout: 60_000, interval: 20_000 } as const;

describe('of two pictures the first is refused, and somebody else asks for it anew before the second has come', () => {
  const play = (wait: number) => {
    const world = createWorld({ faults: [broke] });
    const ledger = createMemoryLedger();
    const model = open(world, 'wavespeed')('seedream-4');
    const again = async () => {
      await pause(wait);
      return ended(generateImage({ model, ledger, prompt, intentId: 'a', timeout: 60_000, interval: 5_000 }));
    };
    return { ledger, model, again, charges: () => world.emulator.charges() };
  };

  test.each([
    ['has its picture', 1_000, 'yes'],
    ['is still at it', 19_900, 'unknown'],
  ] as const)('who resumes both is told so, where the other %s', async (_, wait, billed) => {
    const { ledger, model, again, charges } = play(wait);
    const [resumed, other] = await inVirtualTime(async () => {
      await beginImage({ model, ledger, prompt, intentId: 'a' });
      await beginImage({ model, ledger, prompt, intentId: 'b' });
      return Promise.all([resumeImages({ ledger, models: [model], ...slow }), again()]);
    });
    expect(other.images).toHaveLength(1);
    expect(charges()).toHaveLength(2);
    expect(resumed.map(({ intentId, images }) => [intentId, images.length])).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
    expect(resumed[0]?.error).toMatchObject({ billed, code: 'insufficient_credit' });
  });

  test('so is the call of both', async () => {
    const { ledger, model, again } = play(1_000);
    const [{ failures }, other] = await inVirtualTime(() =>
      Promise.all([generateImage({ model, ledger, prompt, n: 2, intentId: 'a', ...slow }), again()]),
    );
    expect(other.images).toHaveLength(1);
    expect(failures).toMatchObject([{ billed: 'yes', job: { id: other.jobs[0] }, intentId: 'a' }]);
  });

  test('where nobody else does, nothing was spent on it', async () => {
    const { ledger, model } = play(0);
    const { failures } = await inVirtualTime(() => generateImage({ model, ledger, prompt, n: 2, ...slow }));
    expect(failures).toMatchObject([{ billed: 'no' }]);
  });

  test('a ledger that does not answer any more cannot say so', async () => {
    const { ledger, model } = play(0);
    const silent: Ledger = {
      ...ledger,
      claim: (id, owner, lease) => (lease === 10_000 ? new Promise(() => {}) : ledger.claim(id, owner, lease)),
    };
    const [end, duration] = await inVirtualTime(async () => {
      const from = performance.now();
      const { failures } = await generateImage({ model, ledger: silent, prompt, n: 2, ...slow });
      return [failures, performance.now() - from] as const;
    });
    expect(end).toMatchObject([{ billed: 'unknown' }]);
    expect(duration).toBeLessThanOrEqual(60_050);
  });
});

describe('of two pictures the first is refused, and the second is still paid for at the end', () => {
  const leave = async (reason: unknown, when: (event: ImageEvent) => boolean) => {
    const world = createWorld({ faults: [broke], generationTime: { fixed: 600_000 } });
    const caller = new AbortController();
    const onEvent = (event: ImageEvent): void => {
      if (when(event)) caller.abort(reason);
    };
    const model = open(world, 'wavespeed')('seedream-4');
    const call = { model, ledger: createMemoryLedger(), prompt, n: 2, timeout: 60_000, signal: caller.signal, onEvent };
    return inVirtualTime(() => ended(generateImage(call)));
  };
  const isPaid = (event: ImageEvent): boolean => 'billed' in event && event.billed === 'yes';

  test('a caller who leaves at that moment is not told that nothing was spent', async () => {
    const { error } = await leave(new Error('gone'), isPaid);
    expect(error).toMatchObject({
      code: 'timeout',
      billed: 'yes',
      attempts: [{ billed: 'no' }, { billed: 'yes' }],
    });
  });

  test('a caller who leaves before gets the own reason back, an ImageError too', async () => {
    const reason = new ImageError({ code: 'unavailable', message: 'gone', billed: 'unknown', stage: 'poll' });
    expect((await leave(reason, ({ type }) => type === 'accepted')).error).toBe(reason);
  });
});

describe('a ledger that does not let us have the intent', () => {
  const never: Ledger = { ...createMemoryLedger(), begin: () => new Promise(() => {}) };
  const broken: Ledger = { ...createMemoryLedger(), begin: () => Promise.reject(new Error('read-only')) };

  test.each([
    ['hangs', never, 'timeout'],
    ['fails', broken, 'unavailable'],
  ] as const)('which %s: what an earlier call of that name had spent nobody knows', async (_, ledger, code) => {
    const world = createWorld();
    const model = open(world, 'wavespeed')('seedream-4');
    const call = { model, ledger, prompt, timeout: 9_000 };
    const [named, drawn, several] = await inVirtualTime(() =>
      Promise.all([
        ended(generateImage({ ...call, intentId: 'order-7' })),
        ended(generateImage(call)),
        ended(generateImage({ ...call, n: 2 })),
      ]),
    );
    expect(named?.error).toMatchObject({ code, billed: 'unknown', intentId: 'order-7' });
    for (const each of [drawn, several]) expect(each?.error).toMatchObject({ code, billed: 'no' });
    expect(world.emulator.charges()).toEqual([]);
  });
});
