import { createRequire } from 'node:module';
import { createApiframe } from '@imageport/apiframe';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  checkImage,
  createMemoryLedger,
  type GenerateImageResult,
  generateImage,
  type ImageModel,
  removeBackground,
  resumeImages,
  submitImage,
  upscaleImage,
  varyImage,
} from '../../src/index.ts';

interface Drawing {
  metadata(): Promise<{ width: number; height: number; format: string; hasAlpha: boolean }>;
  png(): { toBuffer(): Promise<Buffer> };
}
type Sharp = (input: object) => Drawing;
const sharp: Sharp = createRequire(new URL('../../../emulator/package.json', import.meta.url))('sharp');

const interval = 1;
const world = () => {
  const emulator = createEmulator({ generationTime: { fixed: 5 } });
  return {
    ...{ emulator, wavespeed: createWavespeed(emulator.wavespeed) },
    apiframe: createApiframe(emulator.apiframe),
  };
};

const draw = async (width: number, height: number): Promise<Uint8Array> =>
  new Uint8Array(
    await sharp({ create: { width, height, channels: 3, background: '#369' } })
      .png()
      .toBuffer(),
  );

async function measure({ images: [image] }: GenerateImageResult): Promise<string> {
  const { width, height } = await sharp((await image?.bytes()) ?? new Uint8Array()).metadata();
  return `${width}x${height}`;
}

let image = new Uint8Array();
beforeAll(async () => {
  image = new Uint8Array(await draw(320, 200));
});

describe('a larger picture from WaveSpeedAI', () => {
  test.each([
    ['bria/increase-resolution', { scale: 4 }, '1280x800'],
    ['bria/increase-resolution', { scale: 3, fit: 'nearest' }, '1280x800'],
    ['recraft-ai/recraft-crisp-upscale', {}, '640x400'],
  ] as const)('has the size that %s makes of %o', async (id, more, size) => {
    const { emulator, wavespeed } = world();
    const result = await upscaleImage({ model: wavespeed(id), image, interval, ...more });
    expect(await measure(result)).toBe(size);
    expect(emulator.charges()).toHaveLength(1);
  });

  test.each(['wavespeed-ai/image-upscaler', 'clarity-ai/pro-upscaler'])(
    'has the resolution asked of %s',
    async (id) => {
      const { wavespeed } = world();
      const result = await upscaleImage({ model: wavespeed(id), image, resolution: '2K', interval });
      const [width = 0, height = 0] = (await measure(result)).split('x').map(Number);
      expect(width / height).toBeCloseTo(320 / 200, 1);
      expect(Math.sqrt(width * height)).toBeGreaterThan(1900);
      expect(Math.sqrt(width * height)).toBeLessThan(2200);
    },
  );
});

test('a picture that was cut out at WaveSpeedAI has its size and transparency', async () => {
  const { wavespeed } = world();
  const result = await removeBackground({ model: wavespeed('bria/remove-background'), image, interval });
  const { width, height, hasAlpha } = await sharp((await result.images[0]?.bytes()) ?? image).metadata();
  expect([width, height, hasAlpha]).toEqual([320, 200, true]);
});

test('a mask reaches WaveSpeedAI beside its picture, and a model without one refuses it', async () => {
  const { emulator, wavespeed } = world();
  const mask = await draw(320, 200);
  const call = { prompt: 'a red roof', images: [image], mask, interval };
  const result = await generateImage({ ...call, model: wavespeed('wavespeed-ai/z-image/turbo-inpaint') });
  expect(await measure(result)).toBe('320x200');
  const [sent] = emulator.requests().filter(({ kind }) => kind === 'submit');
  expect(sent?.body).toMatchObject({ mask_image: expect.stringMatching(/^data:image\/png;base64,/) });
  const [check] = await checkImage({ ...call, model: wavespeed('seedream-4') });
  expect(check).toMatchObject({ verdict: 'refused', error: { code: 'unsupported' } });
  expect(check?.error?.message).toContain('`mask`');
});

test('WaveSpeedAI finishes what another process had submitted, and is paid once', async () => {
  const { emulator, wavespeed } = world();
  const ledger = createMemoryLedger();
  const model = wavespeed('bria/increase-resolution');
  const job = await submitImage({ task: 'upscale', model, image, scale: 2, ledger });
  const models: [ImageModel] = [createWavespeed(emulator.wavespeed)('bria/increase-resolution')];
  const resumed = await resumeImages({ ledger, models, interval });
  expect(resumed).toMatchObject([{ images: [{ job: { id: job.id } }] }]);
  expect(emulator.charges()).toHaveLength(1);
});

test('a price that WaveSpeedAI quotes is what it charges, and keeps maxCost where none is listed', async () => {
  const { emulator, wavespeed } = world();
  const call = { model: wavespeed('clarity-ai/crystal-upscaler'), image, resolution: '2K', interval } as const;
  await expect(upscaleImage({ ...call, maxCost: { USD: 9 } })).rejects.toMatchObject({ reason: 'over_budget' });
  const { cost } = await upscaleImage({ ...call, maxCost: { USD: 9 }, quote: 'live' });
  expect(cost.source).toBe('quoted');
  expect(emulator.charges()).toMatchObject([{ amount: cost.amount }]);
});

describe('Apiframe', () => {
  test.each([
    ['clarity-upscale', { scale: 4 }, '1280x800'],
    ['topaz-image-upscale', { scale: 5, fit: 'nearest' }, '1920x1200'],
  ] as const)('makes a picture that was given as bytes larger by %s and %o', async (id, more, size) => {
    const { emulator, apiframe } = world();
    const result = await upscaleImage({ model: apiframe(id), image, interval, ...more });
    expect(await measure(result)).toBe(size);
    expect(emulator.charges()).toHaveLength(1);
  });

  test('cuts a picture out, at its size and with transparency', async () => {
    const { apiframe } = world();
    const result = await removeBackground({ model: apiframe('bria-bg-remove'), image, interval });
    const { width, height, hasAlpha } = await sharp((await result.images[0]?.bytes()) ?? image).metadata();
    expect([width, height, hasAlpha]).toEqual([320, 200, true]);
  });

  test('is given a mask as an address', async () => {
    const { emulator, apiframe } = world();
    const call = { prompt: 'a red roof', images: [image], mask: await draw(320, 200), interval };
    const result = await generateImage({ ...call, model: apiframe('flux-fill-pro') });
    expect(await measure(result)).toBe('320x200');
    const sent = emulator.requests().find(({ kind }) => kind === 'submit');
    expect(JSON.stringify(sent?.body)).toMatch(/"mask":"https?:/);
  });

  test('varies a picture of a grid, and takes one out of it as it is', async () => {
    const { emulator, apiframe } = world();
    const model = apiframe('midjourney');
    const grid = await generateImage({ model, prompt: 'a lighthouse', interval });
    const [job] = grid.jobs;
    if (!job) throw new Error('a grid has a job');
    const varied = await varyImage({ model, job, action: 'variation', index: 2, interval });
    expect(varied.images).toHaveLength(4);
    expect(await measure(varied)).toBe(await measure(grid));
    const one = await varyImage({ model, job, action: 'upsample', index: 3, interval });
    expect(await one.images[0]?.bytes()).toEqual(await grid.images[2]?.bytes());
    expect(emulator.charges().map(({ amount }) => amount)).toEqual([10, 16, 4]);
  });

  test('finishes a variation that another process had submitted, and is paid once', async () => {
    const { emulator, apiframe } = world();
    const model = apiframe('midjourney');
    const [parent] = (await generateImage({ model, prompt: 'a lighthouse', interval })).jobs;
    if (!parent) throw new Error('a grid has a job');
    const ledger = createMemoryLedger();
    const job = await submitImage({ task: 'vary', model, job: parent, action: 'variation', index: 1, ledger });
    const models: [ImageModel] = [createApiframe(emulator.apiframe)('midjourney')];
    const resumed = await resumeImages({ ledger, models, interval });
    expect(resumed[0]?.images.map((each) => each.job.id)).toEqual(Array(4).fill(job.id));
    expect(emulator.charges()).toHaveLength(2);
  });
});

test('a route goes from one host to the other, each asked in its own way', async () => {
  const { emulator, wavespeed, apiframe } = world();
  emulator.inject({ host: 'wavespeed', on: 'submit', status: 402 });
  const larger = { model: wavespeed('wavespeed-ai/image-upscaler'), resolution: '4K' } as const;
  const model = [larger, apiframe('clarity-upscale')];
  const result = await upscaleImage({ model, image, scale: 2, interval });
  expect(result.attempts).toMatchObject([{ code: 'insufficient_credit', billed: 'no' }, { outcome: 'completed' }]);
  expect(await measure(result)).toBe('640x400');
});
