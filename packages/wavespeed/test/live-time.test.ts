import {
  advanceImage,
  beginImage,
  checkImage,
  createMemoryLedger,
  generateImage,
  generateImages,
  resumeImages,
} from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWavespeed } from '../src/index.ts';
import { liveCatalogue } from '../src/live/index.ts';

const prompt = 'a lighthouse';
const reason = new Error('enough');

/** An account whose list never comes; `asked` resolves when it has been asked for. */
function openSilent() {
  const emulator = createEmulator({ generationTime: { fixed: 0 } });
  const listing = Promise.withResolvers<void>();
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    if (!request.url.endsWith('/api/v3/models')) return emulator.fetch(input, init);
    listing.resolve();
    return new Promise(() => undefined);
  };
  const wavespeed = createWavespeed({ ...emulator.wavespeed, fetch, catalogue: liveCatalogue() });
  /** The same host by the tables. */
  const plain = createWavespeed({ ...emulator.wavespeed, fetch: emulator.fetch });
  return { emulator, wavespeed, plain, asked: listing.promise };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** How a call ends when its time is over while the list is waited for, and how much time had passed. */
async function atTheEnd(call: Promise<unknown>, asked: Promise<void>, timeout: number): Promise<unknown> {
  const end = call.then(
    (value) => value,
    (error: unknown) => error,
  );
  await asked;
  await vi.advanceTimersByTimeAsync(timeout);
  return end;
}

describe('while the list does not come', () => {
  test.each([
    ['generateImage', generateImage],
    ['checkImage', checkImage],
  ])('%s ends by its deadline, and nothing was spent', async (_, ask) => {
    const { emulator, wavespeed, asked } = openSilent();
    const error = await atTheEnd(ask({ model: wavespeed('flux-2-pro'), prompt, timeout: 2000 }), asked, 2000);
    expect(error).toMatchObject({ name: 'ImageError', code: 'timeout', billed: 'no', stage: 'prepare' });
    expect(emulator.charges()).toEqual([]);
  });

  test('of an id that an earlier call may have had it is not known what was spent', async () => {
    const { wavespeed, asked } = openSilent();
    const call = generateImage({ model: wavespeed('flux-2-pro'), prompt, timeout: 2000, intentId: 'order-1' });
    expect(await atTheEnd(call, asked, 2000)).toMatchObject({ code: 'timeout', billed: 'unknown' });
  });

  test.each([
    ['generateImage', generateImage],
    ['checkImage', checkImage],
  ])("%s is ended at once by an abort, with the caller's own reason", async (_, ask) => {
    const { wavespeed, asked } = openSilent();
    const controller = new AbortController();
    const call = ask({ model: wavespeed('flux-2-pro'), prompt, signal: controller.signal });
    await asked;
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  test('an item of a batch that is aborted ends by itself, and the others go on', async () => {
    const { wavespeed, plain, asked } = openSilent();
    const controller = new AbortController();
    void asked.then(() => controller.abort(reason));
    const items = [
      { prompt, model: wavespeed('flux-2-pro'), signal: controller.signal },
      { prompt: 'another', model: plain('seedream-4') },
    ];
    const ends = new Map<number, string>();
    const taking = (async () => {
      for await (const { index, outcome } of generateImages(items, {})) ends.set(index, outcome);
    })();
    let isTaken = false;
    void taking.finally(() => {
      isTaken = true;
    });
    while (!isTaken) await vi.advanceTimersByTimeAsync(1000);
    await taking;
    expect(ends).toEqual(
      new Map([
        [0, 'aborted'],
        [1, 'completed'],
      ]),
    );
  });

  test('an intent is taken up in time, and stays open for later', async () => {
    const { emulator, wavespeed, plain, asked } = openSilent();
    const ledger = createMemoryLedger();
    const { intentId } = await beginImage({ ledger, model: plain('flux-2-pro'), prompt });
    const models = [wavespeed('flux-2-pro')];
    const step = advanceImage({ ledger, intentId, models, timeout: 2000 });
    expect(await atTheEnd(step, asked, 2000)).toMatchObject({ state: 'queued' });
    const later = openSilent();
    const resumed = resumeImages({ ledger, models: [later.wavespeed('flux-2-pro')], timeout: 2000 });
    expect(await atTheEnd(resumed, later.asked, 2000)).toMatchObject([
      { intentId, images: [], error: { code: 'timeout' } },
    ]);
    expect(emulator.charges()).toEqual([]);
  });
});
