import { describe, expect, test } from 'vitest';
import {
  createImageClient,
  createMemoryLedger,
  type Deliver,
  type GenerateImageOptions,
  generateImage,
  generateImages,
  resumeImages,
  submitImage,
} from '../../src/index.ts';
import { createWorld, hosts, inVirtualTime } from '../world.ts';
import { ended, listOpen, pause } from './kit.ts';

// What `deliver` throws says nothing about its picture, which is paid and stays open.

const prompt = 'a lighthouse in fog at dawn';
const other = (host: (typeof hosts)[number]) => (host === 'wavespeed' ? 'apiframe' : 'wavespeed');

describe.each(hosts)('D15: a picture of %s whose `deliver`', (host) => {
  async function play(toDeliver: (world: ReturnType<typeof createWorld>) => GenerateImageOptions['deliver']) {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const { end, duration } = await inVirtualTime(async () => {
      const start = performance.now();
      const end = await ended(
        generateImage({
          ...{ model: world.model(host), prompt, ledger, timeout: 60_000, deliver: toDeliver(world) },
          onEvent: () => {
            throw new Error('of the listener');
          },
        }),
      );
      const duration = performance.now() - start;
      await pause(60_000);
      return { end, duration };
    });
    const [charge, ...others] = world.emulator.charges().filter((each) => each.host === host);
    expect(others).toEqual([]);
    expect(end.error).toMatchObject({ billed: 'yes', stage: 'download', job: { id: charge?.jobId } });
    expect(await listOpen(ledger)).toMatchObject([{ intent: { id: end.error?.intentId } }]);
    return { error: end.error, duration };
  }

  test('makes another call, which fails unpaid, is paid', async () => {
    const { error } = await play((world) => async () => {
      await generateImage({ model: world.fresh(other(host)), prompt: 'larger', seed: 3 });
    });
    expect(error).toMatchObject({ code: 'unavailable', reason: 'not_saved' });
    expect(error?.message).toContain(`${other(host)}:seedream-4 cannot honour \`seed\``);
    expect(error?.retryable).toBe(false);
  });

  test.each([
    ['throws nothing', () => Promise.reject(undefined)],
    ['throws an error', () => Promise.reject(new Error('the disk is full'))],
  ])('%s is paid and not saved', async (_, deliver) => {
    const { error, duration } = await play(() => deliver);
    expect(error).toMatchObject({ code: 'unavailable', reason: 'not_saved' });
    expect(duration).toBeLessThan(20_000);
  });

  test.each([
    ['hangs', () => new Promise<void>(() => undefined)],
    ['throws too late', () => pause(90_000).then(() => Promise.reject(new Error('late')))],
  ])('%s is paid, and the call ends by its deadline', async (_, deliver) => {
    const { error, duration } = await play(() => deliver);
    expect(error).toMatchObject({ code: 'timeout' });
    expect(duration).toBeLessThanOrEqual(60_050);
  });
});

test('D15: whoever takes pictures over is told their intents, by every function alike', async () => {
  const world = createWorld();
  const [ledger, model] = [createMemoryLedger(), world.model('wavespeed')];
  const told: string[] = [];
  const deliver: Deliver = (_, { intentId }) => void told.push(intentId);
  await inVirtualTime(async () => {
    await generateImage({ model, prompt, ledger, intentId: 'one', n: 2, deliver });
    expect(told.splice(0).sort()).toEqual(['one', 'one#2']);
    await createImageClient({ model, ledger, deliver }).generateImage({ prompt, intentId: 'two' });
    for await (const _ of generateImages([{ prompt }], { model, ledger, intentId: 'many', deliver }));
    for await (const _ of generateImages([{ prompt, intentId: 'own', deliver }], { model, ledger }));
    await submitImage({ model, prompt, ledger, intentId: 'three' });
    await resumeImages({ ledger, models: [model], deliver });
  });
  expect(told).toEqual(['two', 'many/0', 'own', 'three']);
});
