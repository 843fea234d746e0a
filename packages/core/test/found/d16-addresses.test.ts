import { beforeAll, describe, expect, test } from 'vitest';
import {
  advanceImage,
  beginImage,
  checkImage,
  createMemoryLedger,
  generateImage,
  type ImageModel,
  type Job,
  resumeImages,
  varyImage,
} from '../../src/index.ts';
import { createWorld, inVirtualTime, type World } from '../world.ts';
import { ended, listOpen, open, pause } from './kit.ts';

const prompt = 'a pier';

/** To load the host's list of models takes time of the real clock. */
beforeAll(() => checkImage({ model: createWorld().model('apiframe', 'midjourney'), prompt }));

const elsewhere = (world: World): ImageModel =>
  open(world, 'apiframe', { baseUrl: 'https://elsewhere.example.com/apiframe' })('midjourney');

const refusal = {
  ...{ code: 'invalid_request', reason: 'other_address', billed: 'no', stage: 'prepare', provider: 'apiframe' },
  message: expect.stringMatching(
    /accepted at https:\/\/apiframe\.example\.com\/.*asks https:\/\/elsewhere\.example\.com\/.*baseUrl/,
  ),
};

/** A finished grid of Midjourney, and what is to be done with it. */
async function withGrid(work: (world: World, vary: { job: Job; action: string; index: number }) => Promise<void>) {
  const world = createWorld();
  await inVirtualTime(async () => {
    const { jobs } = await generateImage({ model: world.model('apiframe', 'midjourney'), prompt });
    await work(world, { job: jobs[0] as Job, action: 'variation', index: 2 });
  });
}

describe('D16: an open intent to vary a job', () => {
  type Way = (world: World, vary: { job: Job; action: string; index: number }, ledger: never) => Promise<unknown>;
  const ways: [string, Way][] = [
    ['advanceImage', (world, _, ledger) => advanceImage({ ledger, intentId: 'one', models: [elsewhere(world)] })],
    [
      'resumeImages',
      async (world, _, ledger) => {
        const [{ error } = {}] = await resumeImages({ ledger, models: [elsewhere(world)] });
        throw error;
      },
    ],
    ['varyImage', (world, vary, ledger) => varyImage({ model: elsewhere(world), ...vary, ledger, intentId: 'one' })],
  ];

  test.each(ways)('is refused to %s at another address, stays open, and is finished at its own', (_, way) =>
    withGrid(async (world, vary) => {
      const ledger = createMemoryLedger();
      const model = world.model('apiframe', 'midjourney');
      await beginImage({ task: 'vary', model, ...vary, ledger, intentId: 'one' });
      const before = world.emulator.requests().length;
      await expect(way(world, vary, ledger as never)).rejects.toMatchObject({ ...refusal, intentId: 'one' });
      expect(world.emulator.requests()).toHaveLength(before);
      expect(await listOpen(ledger)).toHaveLength(1);
      // Until its caller has heard that nothing was spent, it is held.
      await pause(1);
      expect(await advanceImage({ ledger, intentId: 'one', models: [model] })).toMatchObject({ state: 'waiting' });
      const [resumed] = await resumeImages({ ledger, models: [elsewhere(world), model] });
      expect(resumed?.images).not.toHaveLength(0);
      expect(world.submits()).toBe(2);
    }),
  );

  test('is begun at the account of `models` that has the job, whichever comes first', () =>
    withGrid(async (world, vary) => {
      const ledger = createMemoryLedger();
      const model = world.model('apiframe', 'midjourney');
      await beginImage({ task: 'vary', model, ...vary, ledger, intentId: 'one' });
      const step = await advanceImage({ ledger, intentId: 'one', models: [elsewhere(world), model] });
      expect(step).toMatchObject({ state: 'waiting', job: { origin: vary.job.origin } });
      await resumeImages({ ledger, models: [model] });
    }));

  test('is not left behind by a call that began it at another address', () =>
    withGrid(async (world, vary) => {
      const ledger = createMemoryLedger();
      const { error } = await ended(varyImage({ model: elsewhere(world), ...vary, ledger, intentId: 'one' }));
      expect(error).toMatchObject(refusal);
      expect(await listOpen(ledger)).toHaveLength(0);
      const model = world.model('apiframe', 'midjourney');
      await pause(1);
      const closed = await advanceImage({ ledger, intentId: 'one', models: [model] });
      expect(closed).toMatchObject({ state: 'failed', error: { code: 'not_found', billed: 'no', intentId: 'one' } });
      expect(closed).toMatchObject({ error: { message: expect.stringContaining('no job of it was accepted') } });
      expect((await varyImage({ model, ...vary, ledger, intentId: 'one' })).images).not.toHaveLength(0);
    }));
});

test('D16: a route to vary a job goes on to the account that has it', () =>
  withGrid(async (world, vary) => {
    const model = [elsewhere(world), world.model('apiframe', 'midjourney')];
    const before = world.emulator.requests().length;
    const { images, jobs } = await varyImage({ model, ...vary });
    expect(images).not.toHaveLength(0);
    expect(jobs).toMatchObject([{ origin: vary.job.origin }]);
    expect(world.emulator.requests().length).toBeGreaterThan(before);
    const checks = await checkImage({ task: 'vary', model, ...vary });
    expect(checks).toMatchObject([{ verdict: 'refused', error: refusal }, { verdict: 'supported' }]);
  }));
