import { describe, expect, test } from 'vitest';
import { createMemoryLedger, generateImage, type ImageEvent, type Ledger, resumeImages } from '../../src/index.ts';
import { createWorld, hosts, inVirtualTime, type World } from '../world.ts';
import { ended, open, pause } from './kit.ts';

/** A ledger that takes `duration` to write its first `sending`, or never ends doing so. */
function slowLedger(duration: number): Ledger {
  const inner = createMemoryLedger();
  let slow = true;
  return {
    ...inner,
    async append(intentId, fence, event, ...more: unknown[]) {
      if (event.type === 'sending' && slow) {
        slow = false;
        await (Number.isFinite(duration) ? pause(duration) : new Promise(() => undefined));
      }
      return (inner.append as (...args: readonly unknown[]) => ReturnType<Ledger['append']>)(
        ...[intentId, fence, event, ...more],
      );
    },
  };
}

const reason = new Error('enough');
const prompt = 'a pier';

function start(world: World, host: (typeof hosts)[number], ledger: Ledger) {
  const model = open(world, host)('seedream-4');
  const call = { model, prompt, ledger, intentId: 'one' };
  const events: ImageEvent[] = [];
  return {
    events,
    aborted: (after: number) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), after);
      return ended(generateImage({ ...call, signal: controller.signal, onEvent: (event) => void events.push(event) }));
    },
    late: (timeout: number) => ended(generateImage({ ...call, timeout })),
    again: () => ended(generateImage(call)),
    resume: () => resumeImages({ ledger, models: [model] }),
  };
}

describe.each(hosts)('D9: %s, and an abort while `sending` is being written', (host) => {
  test('ends with what the caller gave as reason, and nothing is sent after it', async () => {
    const world = createWorld();
    const { aborted, events } = start(world, host, slowLedger(5_000));
    const one = await inVirtualTime(async () => {
      const result = await aborted(1_000);
      await pause(60_000);
      return result;
    });
    expect(one.thrown).toBe(reason);
    expect(events.at(-1)).toMatchObject({ type: 'settled', outcome: 'aborted', billed: 'no' });
    expect(world.submits()).toBe(0);
  });

  test.each([
    ['at once', 0],
    ['a minute later', 60_000],
  ])('leaves an intent that can be used again %s', async (_, delay) => {
    const world = createWorld();
    const { aborted, again } = start(world, host, slowLedger(5_000));
    const one = await inVirtualTime(async () => {
      await aborted(1_000);
      await pause(delay);
      return again();
    });
    expect(one.images).toHaveLength(1);
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('leaves an intent that a resume makes or closes, and never parks', async () => {
    const world = createWorld();
    const { aborted, resume } = start(world, host, slowLedger(5_000));
    const resumed = await inVirtualTime(async () => {
      await aborted(1_000);
      await pause(60_000);
      return resume();
    });
    expect(resumed.map(({ error }) => error?.code)).not.toContain('submission_unknown');
    expect(world.emulator.charges().length).toBeLessThanOrEqual(1);
  });

  test('ends soon although the write never does', async () => {
    const world = createWorld();
    const { aborted } = start(world, host, slowLedger(Number.POSITIVE_INFINITY));
    const duration = await inVirtualTime(async () => {
      const before = performance.now();
      await aborted(1_000);
      return performance.now() - before;
    });
    expect(duration).toBeLessThan(120_000);
    expect(world.submits()).toBe(0);
  });
});

describe.each(hosts)('D9: %s, and a deadline while `sending` is being written', (host) => {
  test('leaves an intent that can be used again, and says that nothing was spent', async () => {
    const world = createWorld();
    const { late, again } = start(world, host, slowLedger(15_000));
    const [first, second] = await inVirtualTime(async () => {
      const early = await late(10_000);
      await pause(60_000);
      return [early, await again()] as const;
    });
    expect(first.error).toMatchObject({ code: 'timeout', billed: 'no' });
    expect(second.images).toHaveLength(1);
    expect(world.emulator.charges()).toHaveLength(1);
  });
});
