import { describe, expect, test, vi } from 'vitest';
import { createMemoryLedger, generateImage, resumeImages } from '../../src/index.ts';
import { createWorld, inVirtualTime } from '../world.ts';
import { ended, open, pause } from './kit.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('D10: the clock of this machine differs from the host’s', () => {
  test.each([-10, -6, -2, 2, 6, 10, 600, -600])('by %d minutes: a lost job is found all the same', async (minutes) => {
    const world = createWorld({ clockSkew: -minutes * minute, faults: [{ on: 'submit', reset: 'after' }] });
    const one = await inVirtualTime(() =>
      ended(generateImage({ model: world.model('wavespeed', 'seedream-3'), prompt: 'a pier' })),
    );
    expect(one.jobs).toEqual(world.emulator.jobs().map(({ id }) => id));
  });

  test.each([-10, 10])(
    'by %d minutes: a job that is older than the send is not counted as its own',
    async (minutes) => {
      const world = createWorld({ clockSkew: -minutes * minute, faults: [{ on: 'submit', nth: 2, reset: 'before' }] });
      const ask = () =>
        ended(
          generateImage({
            model: open(world, 'wavespeed', { exclusive: true })('seedream-4'),
            prompt: 'a pier',
            ledger: createMemoryLedger(),
          }),
        );
      const [first, second] = await inVirtualTime(async () => {
        const before = await ask();
        await pause(5 * minute);
        return [before, await ask()] as const;
      });
      expect(first.images).toHaveLength(1);
      expect(second.error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
      expect(second.jobs).toEqual([]);
    },
  );

  test('and jumps while a lost job is searched for', async () => {
    const world = createWorld({ listLag: 10_000, faults: [{ on: 'submit', reset: 'after' }] });
    const one = await inVirtualTime(async () => {
      const asked = ended(generateImage({ model: world.model('wavespeed', 'seedream-3'), prompt: 'a pier' }));
      await pause(2_000);
      vi.setSystemTime(Date.now() + 24 * hour);
      return asked;
    });
    expect(one.jobs).toEqual(world.emulator.jobs().map(({ id }) => id));
  });
});

describe('D10: the age of an idempotency key', () => {
  const lost = { on: 'submit', reset: 'after', times: 9 } as const;

  test.each([
    ['was two days fast when it was sent', 48, 0],
    ['was a year fast when it was sent', 24 * 365, 0],
    ['is two days slow when it is resumed', 0, -48],
  ])('is not stretched by a clock that %s', async (_, sentAhead, resumedAhead) => {
    const world = createWorld({ faults: [{ ...lost, times: 4 }] });
    const ledger = createMemoryLedger();
    const resumed = await inVirtualTime(async () => {
      const start = Date.now();
      const begun = performance.now();
      const setClock = (ahead: number): void => void vi.setSystemTime(start + performance.now() - begun + ahead * hour);
      setClock(sentAhead);
      const model = open(world, 'apiframe')('seedream-4');
      expect((await ended(generateImage({ model, prompt: 'a pier', ledger }))).error?.billed).toBe('unknown');
      setClock(sentAhead);
      await pause(30 * hour);
      setClock(resumedAhead);
      return resumeImages({ ledger, models: [open(world, 'apiframe')('seedream-4')] });
    });
    expect(world.emulator.charges()).toHaveLength(1);
    expect(resumed).toMatchObject([{ images: [], error: { billed: 'unknown' } }]);
  });

  test('is checked when the bytes leave, not when the call begins', async () => {
    const world = createWorld({
      generationTime: { fixed: 4 * hour },
      faults: [{ ...lost, times: 4 }],
    });
    const ledger = createMemoryLedger();
    const resumed = await inVirtualTime(async () => {
      const first = open(world, 'apiframe')('seedream-4');
      expect((await ended(generateImage({ model: first, prompt: 'a pier', ledger }))).error?.billed).toBe('unknown');
      await pause(22 * hour);
      const busy = open(world, 'apiframe', { limits: { jobs: 1 } })('seedream-4');
      const before = ended(
        generateImage({ model: busy, prompt: 'an owl', ledger: createMemoryLedger(), timeout: 9 * hour }),
      );
      await pause(1_000);
      const after = resumeImages({ ledger, models: [busy], timeout: 9 * hour });
      await before;
      return after;
    });
    expect(world.emulator.charges()).toHaveLength(2);
    expect(resumed).toMatchObject([{ images: [], error: { billed: 'unknown' } }]);
  });

  test('is good for a repeat within the day', async () => {
    const world = createWorld({ faults: [{ ...lost, times: 4 }] });
    const ledger = createMemoryLedger();
    const resumed = await inVirtualTime(async () => {
      const model = open(world, 'apiframe')('seedream-4');
      await ended(generateImage({ model, prompt: 'a pier', ledger }));
      await pause(20 * hour);
      return resumeImages({ ledger, models: [open(world, 'apiframe')('seedream-4')] });
    });
    expect(resumed.map(({ images }) => images.length)).toEqual([1]);
    expect(world.emulator.charges()).toHaveLength(1);
  });
});
