import { describe, expect, test } from 'vitest';
import {
  advanceImage,
  beginImage,
  createMemoryLedger,
  generateImage,
  type ImageEvent,
  type Ledger,
  resumeImages,
  streamImage,
  waitForImage,
} from '../../src/index.ts';
import { createWorld, hosts, inVirtualTime, play, type World } from '../world.ts';
import { ended, listOpen, pause } from './kit.ts';
import { networked } from './network.ts';

// An abort before the bytes leave costs nothing and leaves nothing; every call ends in time over every ledger.

const prompt = 'a lighthouse in fog at dawn';
const reason = new Error('enough');

/** Aborts as soon as a call says that it submits. */
function abortAtSubmit() {
  const controller = new AbortController();
  const onEvent = ({ type }: ImageEvent): void => {
    if (type === 'submitting') controller.abort(reason);
  };
  return { signal: controller.signal, onEvent };
}

describe.each(hosts)('D15: a listener of a call to %s that aborts at `submitting`', (host) => {
  test.each([
    ['a host that answers', 0],
    ['a host that is slow to answer', 40_000],
  ])('ends the call at once and nothing is sent: %s', async (_, delay) => {
    const slow =
      (inner: typeof fetch): typeof fetch =>
      async (...request) => {
        await pause(delay);
        return inner(...request);
      };
    const world = createWorld({}, slow);
    const ledger = createMemoryLedger();
    const { thrown, duration } = await inVirtualTime(async () => {
      const start = performance.now();
      const { thrown } = await ended(generateImage({ model: world.model(host), prompt, ledger, ...abortAtSubmit() }));
      const duration = performance.now() - start;
      await pause(60_000);
      return { thrown, duration };
    });
    expect(thrown).toBe(reason);
    expect(duration).toBeLessThan(1_000);
    expect(world.submits()).toBe(0);
  });
});

describe.each(hosts)('D15: a call to %s that is aborted', (host) => {
  test('before it began leaves nothing behind: its id can be used at once', async () => {
    const world = createWorld();
    const call = { model: world.model(host), prompt, ledger: createMemoryLedger(), intentId: 'one' };
    const { first, left, again } = await inVirtualTime(async () => ({
      first: await ended(generateImage({ ...call, signal: AbortSignal.abort(reason) })),
      left: await listOpen(call.ledger),
      again: await ended(generateImage({ ...call, timeout: 20_000 })),
    }));
    expect(first.thrown).toBe(reason);
    expect(left).toEqual([]);
    expect(again.images).toHaveLength(1);
  });

  test('before it began is not paid for by a resume', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const resumed = await inVirtualTime(async () => {
      await ended(generateImage({ model: world.model(host), prompt, ledger, signal: AbortSignal.abort() }));
      await pause(140_000);
      return resumeImages({ ledger, models: [world.model(host)] });
    });
    expect(resumed).toEqual([]);
    expect(world.submits()).toBe(0);
  });

  test('while `begin` is on its way gives the intent back', async () => {
    const world = createWorld();
    const ledger = networked(createMemoryLedger(), { latency: ({ method }) => (method === 'begin' ? 50 : 0) });
    const call = { model: world.model(host), prompt, ledger, intentId: 'one' };
    const { first, again } = await inVirtualTime(async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 60);
      const first = await ended(generateImage({ ...call, signal: controller.signal }));
      await pause(1_000);
      const again = await ended(generateImage({ ...call, timeout: 20_000 }));
      await pause(1_000);
      return { first, again };
    });
    expect(first.thrown).toBe(reason);
    expect(again.images).toHaveLength(1);
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('in the very moment of the answer does not say `no` and stays open', async () => {
    const controller = new AbortController();
    const abortOnAnswer =
      (inner: typeof fetch): typeof fetch =>
      async (...request) => {
        const response = await inner(...request);
        if (world.submits() === 1) controller.abort(reason);
        return response;
      };
    const world: World = createWorld({}, abortOnAnswer);
    const ledger = createMemoryLedger();
    const events: ImageEvent[] = [];
    const onEvent = (event: ImageEvent): void => void events.push(event);
    const model = world.model(host);
    const { error } = await play(world, { model, ledger, signal: controller.signal, onEvent });
    expect(error).toBe(reason);
    expect(events.at(-1)).toMatchObject({
      type: 'settled',
      outcome: 'aborted',
      billed: expect.stringMatching(/^(yes|unknown)$/),
    });
    expect(world.emulator.charges()).toHaveLength(1);
    expect(await listOpen(ledger)).toHaveLength(1);
  });
});

const never = (): Promise<never> => new Promise(() => undefined);
const refuse = async (): Promise<never> => {
  throw new Error('ECONNRESET');
};
type Answer = () => Promise<never>;
type Limits = { readonly timeout: number; readonly signal?: AbortSignal };

/** Calls of a ledger of which one method gives no answer. */
const calls = [
  [
    'advanceImage',
    'unknown',
    (world: World, claim: Answer, limits: Limits) =>
      advanceImage({ ...limits, ledger: lame({ claim }), intentId: 'one', models: [world.model('wavespeed')] }),
  ],
  [
    'beginImage',
    'no',
    (world: World, begin: Answer, limits: Limits) =>
      beginImage({ ...limits, ledger: lame({ begin }), model: world.model('wavespeed'), prompt }),
  ],
  [
    'waitForImage',
    'unknown',
    (world: World, find: Answer, limits: Limits) => {
      const job = { provider: 'wavespeed', modelId: 'seedream-4', id: 'x' };
      return waitForImage(world.model('wavespeed'), job, { ...limits, ledger: lame({ find }) });
    },
  ],
  [
    'resumeImages',
    'no',
    (world: World, next: Answer, limits: Limits) => {
      const open = () => ({ [Symbol.asyncIterator]: () => ({ next }) });
      return resumeImages({ ...limits, ledger: lame({ open }), models: [world.model('wavespeed')] });
    },
  ],
] as const;

const lame = (broken: Partial<Ledger>): Ledger => ({ ...createMemoryLedger(), ...broken });

describe.each(calls)('D15: %s over a ledger', (_, billed, work) => {
  const end = (answer: Answer, abortAfter?: number) =>
    inVirtualTime(async () => {
      const controller = new AbortController();
      if (abortAfter) setTimeout(() => controller.abort(reason), abortAfter);
      const start = performance.now();
      const limits = { timeout: 1_000, signal: controller.signal };
      const working = work(createWorld(), answer, limits).then(
        () => undefined,
        (thrown) => thrown,
      );
      const thrown = await Promise.race([working, pause(60_000).then(() => 'it still hangs')]);
      const duration = performance.now() - start;
      await pause(60_000);
      return { thrown, duration };
    });

  test('that hangs ends by its deadline', async () => {
    const { thrown, duration } = await end(never);
    expect(thrown).toMatchObject({ name: 'ImageError', code: 'timeout', billed, stage: 'ledger' });
    expect(duration).toBeLessThanOrEqual(1_050);
  });

  test('that hangs ends with its abort', async () => {
    const { thrown, duration } = await end(never, 500);
    expect(thrown).toBe(reason);
    expect(duration).toBeLessThanOrEqual(550);
  });

  test('that refuses says so in an ImageError', async () => {
    const { thrown } = await end(refuse);
    expect(thrown).toMatchObject({ name: 'ImageError', reason: 'ledger_unavailable', billed, stage: 'ledger' });
  });
});

describe.each(hosts)('D15: a stream of events of %s', (host) => {
  test('does not end its call when its reader leaves, and tells every reader the same', async () => {
    const world = createWorld();
    const call = { model: world.model(host), prompt };
    const { left, readers } = await inVirtualTime(async () => {
      const left = streamImage(call);
      for await (const { type } of left) if (type === 'accepted') break;
      const shared = streamImage(call);
      const read = async (): Promise<string[]> => {
        const types: string[] = [];
        for await (const { type } of shared) types.push(type);
        return types;
      };
      const readers = await Promise.all([read(), read()]);
      return { left: await left.result, readers };
    });
    expect(left.images).toHaveLength(1);
    expect(readers[0]?.at(-1)).toBe('settled');
    expect(readers[1]).toEqual(readers[0]);
    expect(world.emulator.charges()).toHaveLength(2);
  });

  test('that nobody reads ends with the abort of its call', async () => {
    const world = createWorld();
    const onEvent = () => Promise.reject(new Error('of the listener'));
    const signal = AbortSignal.abort(reason);
    const stream = streamImage({ model: world.model(host), prompt, signal, onEvent });
    await expect(stream.result).rejects.toBe(reason);
    expect(world.submits()).toBe(0);
  });
});
