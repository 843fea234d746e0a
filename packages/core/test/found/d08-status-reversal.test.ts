import { describe, expect, test } from 'vitest';
import { createMemoryLedger, generateImage, type ImageEvent, submitImage, waitForImage } from '../../src/index.ts';
import { createWorld, type HostName, hosts, inVirtualTime, play } from '../world.ts';
import { ended, open, pause } from './kit.ts';

const reversed = { on: 'submit', job: 'failed-then-completed' } as const;
const otherThan = (host: HostName): HostName => (host === 'wavespeed' ? 'apiframe' : 'wavespeed');

describe.each(hosts)('D8: a job of %s that failed and then completed', (host) => {
  test('is delivered, and no other model is paid for it', async () => {
    const world = createWorld({ faults: [reversed] });
    const ending = await play(world, { model: [world.model(host), world.model(otherThan(host))] });
    expect(ending).toMatchObject({ images: 1, attempts: [{ outcome: 'completed', billed: 'yes', submits: 1 }] });
    expect(ending.charges).toHaveLength(1);
  });

  test('is delivered to who waits for it', async () => {
    const world = createWorld({ faults: [reversed] });
    const provider = open(world, host);
    const status = await inVirtualTime(async () => {
      const job = await submitImage({ model: provider('seedream-4'), prompt: 'a pier' });
      return waitForImage(provider('seedream-4'), job);
    });
    expect(status).toMatchObject({ state: 'completed' });
  });

  test('is not paid again by the same intent, nor under a new key', async () => {
    const world = createWorld({ faults: [reversed] });
    const ledger = createMemoryLedger();
    const call = { model: world.model(host), prompt: 'a pier', ledger, intentId: 'one' };
    await inVirtualTime(async () => {
      await ended(generateImage(call));
      await pause(60_000);
      expect((await ended(generateImage(call))).images).toHaveLength(1);
    });
    expect(world.emulator.charges()).toHaveLength(1);
  });
});

test.each(hosts)(
  'D8: a failure of %s is confirmed by a second poll, later, before another model is asked',
  async (host) => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'fail' }] });
    const events: ImageEvent[] = [];
    const model = [world.model(host), world.model(otherThan(host))] as const;
    expect(await play(world, { model, onEvent: (event) => events.push(event) })).toMatchObject({ images: 1 });
    const requests = world.emulator.requests();
    const next = requests.find(({ kind, host: asked }) => kind === 'submit' && asked !== host);
    const failedAt = (world.emulator.jobs()[0]?.completedAt ?? 0) - 1;
    const polls = requests.filter(({ kind, host: asked, at }) => kind === 'poll' && asked === host && at >= failedAt);
    const before = polls.filter(({ at }) => at <= (next?.at ?? 0)).map(({ at }) => at);
    expect(before.length).toBeGreaterThanOrEqual(2);
    expect((before.at(-1) ?? 0) - (before[0] ?? 0)).toBeGreaterThan(0);
  },
);
