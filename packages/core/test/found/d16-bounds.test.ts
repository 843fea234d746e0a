import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createMemoryLedger,
  type GeneratedImage,
  generateImage,
  ImageError,
  type Job,
  pollImage,
} from '../../src/index.ts';
import { toPng } from '../pictures.ts';
import { createWorld, hosts, inVirtualTime } from '../world.ts';
import { ended } from './kit.ts';

const prompt = 'a lighthouse in fog at dawn';

/** To look a name up takes time of the real clock. */
beforeEach(() => {
  const found = [{ address: '93.184.216.34', family: 4 }];
  vi.spyOn(process.getBuiltinModule('node:dns').promises, 'lookup').mockResolvedValue(found as never);
});
afterEach(() => void vi.restoreAllMocks());

/** Both hosts, whose pictures are there at once: to draw one takes time of the real clock. */
const quickWorld = () =>
  createWorld({}, (inner) => async (input, init) => {
    const { url } = new Request(input, { ...init, signal: null });
    return url.includes('/outputs/') ? new Response(toPng(2_000)) : inner(input, init);
  });

/** A host that names a thousand pictures where it has one. */
const many = (json: unknown): unknown =>
  JSON.parse(JSON.stringify(json), (name, value) =>
    (name === 'outputs' || name === 'images') && Array.isArray(value) && value.length > 0
      ? Array.from({ length: 1_000 }, () => value[0])
      : value,
  );

describe.each(hosts)('D16: a job of %s with a thousand outputs', (host) => {
  function play<T>(work: (world: ReturnType<typeof createWorld>) => Promise<T>): Promise<T> {
    const world = createWorld();
    world.emulator.inject({ on: 'poll', times: Number.POSITIVE_INFINITY, patch: many as never });
    return inVirtualTime(() => work(world));
  }

  test('has sixteen, said in a warning, and no more addresses in the ledger', async () => {
    const ledger = createMemoryLedger();
    const result = await play((world) => generateImage({ model: world.model(host), prompt, ledger, intentId: 'a' }));
    expect(result.images).toHaveLength(16);
    expect(result.warnings.join()).toContain('1000 pictures');
    const [record] = await ledger.find({ job: result.jobs[0] as Job });
    const settled = record?.events.find(({ type }) => type === 'settled');
    expect(settled).toMatchObject({ urls: { length: 16 } });
  });

  test('has sixteen for who polls it, too', async () => {
    const { images } = await play(async (world) => {
      const { jobs } = await generateImage({ model: world.model(host), prompt });
      return pollImage(world.model(host), jobs[0] as Job);
    });
    expect(images).toHaveLength(16);
  });
});

describe.each(hosts)('D16: a download of %s in `deliver`', (host) => {
  /** How the download ended, whatever became of the call, and how long after the call began. */
  async function play(timeout: number, read: (image: GeneratedImage) => Promise<unknown>, signal?: AbortSignal) {
    const world = createWorld();
    world.emulator.inject({ on: 'output', times: Number.POSITIVE_INFINITY, hang: true });
    return inVirtualTime(async () => {
      const start = performance.now();
      const { promise, resolve } = Promise.withResolvers<{ error: unknown; after: number }>();
      const deliver = async (image: GeneratedImage): Promise<void> =>
        void (await read(image).catch((error: unknown) => {
          resolve({ error, after: performance.now() - start });
          throw error;
        }));
      const call = await ended(
        generateImage({ model: world.model(host), prompt, timeout, deliver, ...(signal ? { signal } : {}) }),
      );
      const download = await promise;
      await world.emulator.close();
      return { call, download };
    });
  }

  const ways: [string, (image: GeneratedImage) => Promise<unknown>][] = [
    ['bytes', (image) => image.bytes()],
    ['bytes with more time of their own', (image) => image.bytes({ timeout: 600_000 })],
    ['pieces', (image) => image.stream().next()],
  ];

  test.each(ways)('as %s ends with the time of the call', async (_, read) => {
    const { call, download } = await play(30_000, read);
    expect(call.error).toMatchObject({ code: 'timeout', billed: 'yes', stage: 'download' });
    expect(download.after).toBeLessThanOrEqual(30_050);
    expect(download.error).toMatchObject({ code: 'timeout', billed: 'yes' });
  });

  test('ends earlier by a time of its own', async () => {
    const { download } = await play(60_000, (image) => image.bytes({ timeout: 1_000 }));
    expect(download.after).toBeLessThan(20_000);
    expect(download.error).toMatchObject({ code: 'timeout' });
  });

  test('ends when the caller of the call aborts, with the same reason', async () => {
    const caller = new AbortController();
    const reason = new Error('enough');
    const { download } = await play(
      60_000,
      (image) => {
        setTimeout(() => caller.abort(reason), 1_000);
        return image.bytes();
      },
      caller.signal,
    );
    expect(download.error).toBe(reason);
  });
});

test('D16: when the call is over, its pictures have the time of whoever reads them', async () => {
  const world = quickWorld();
  await inVirtualTime(async () => {
    const kept: GeneratedImage[] = [];
    await generateImage({
      model: world.model('apiframe'),
      prompt,
      timeout: 30_000,
      deliver: (image) => void kept.push(image),
    });
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    expect((await kept[0]?.bytes())?.length).toBeGreaterThan(1_000);
  });
});

test.each([{ maxBytes: Number.NaN }, { maxBytes: -1 }, { timeout: Number.NaN }, { timeout: 'soon' }])(
  'D16: a limit of a download that is none is refused, and the picture is still there: %j',
  async (options) => {
    const world = quickWorld();
    await inVirtualTime(async () => {
      const { images } = await generateImage({ model: world.model('wavespeed'), prompt });
      for (const read of [images[0]?.bytes(options as never), images[0]?.stream(options as never).next()]) {
        const error: unknown = await read?.catch((thrown: unknown) => thrown);
        expect(ImageError.is(error) && [error.code, error.billed]).toEqual(['invalid_request', 'yes']);
      }
      expect((await images[0]?.bytes())?.length).toBeGreaterThan(1_000);
    });
  },
);
