import { generateImage, type Job, removeBackground, upscaleImage, varyImage } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogue } from '../../src/catalogue/index.ts';
import { createApiframe } from '../../src/index.ts';

// Every shape once through the emulator, which validates, charges and draws by a reading of its own.
const emulator = createEmulator({ generationTime: { fixed: 0 } });
const apiframe = createApiframe(emulator.apiframe);
afterAll(() => emulator.close());

const url = 'https://example.com/a.png';
const call = { prompt: 'a lighthouse', interval: 1 };
const uuid = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

const drawing = catalogue.filter(({ task = 'generate' }) => task === 'generate');

test.each(drawing.map(({ models: [row], ...family }) => [row?.native ?? '', family] as const))(
  '%s makes a picture',
  async (model, { accepts, required = [] }) => {
    const { images } = await generateImage({
      model: apiframe(model),
      images: accepts.images?.min ? [url] : [],
      ...(accepts.mask ? { mask: url } : {}),
      ...(required.includes('loraId') ? { providerOptions: { apiframe: { loraId: uuid } } } : {}),
      ...call,
    });
    expect(images).toHaveLength(model === 'midjourney' ? 4 : 1);
    expect(images[0]?.job).toMatchObject({ provider: 'apiframe', modelId: model });
  },
);

test('an upscaler and a background remover give one picture each', async () => {
  const larger = await upscaleImage({ model: apiframe('clarity-upscale'), image: url, scale: 4, interval: 1 });
  expect(larger.images).toHaveLength(1);
  const cut = await removeBackground({ model: apiframe('bria-remove-background'), image: url, interval: 1 });
  expect(cut.images).toHaveLength(1);
});

describe('a Midjourney job', () => {
  const model = apiframe('midjourney');
  const go = (vary: Omit<Parameters<typeof varyImage>[0], 'model'>) => varyImage({ model, interval: 1, ...vary });
  let grid: Job | undefined;
  let single: Job | undefined;

  beforeAll(async () => {
    [grid] = (await generateImage({ model, ...call })).jobs;
    if (grid) [single] = (await go({ job: grid, action: 'upsample', index: 3 })).jobs;
  });

  const jobOf = (job: Job | undefined): Job => job ?? expect.fail('there is no job to go on from');

  test('is varied into four new pictures', async () => {
    const { images, cost } = await go({ job: jobOf(grid), action: 'variation', index: 2 });
    expect(images).toHaveLength(4);
    expect(cost).toMatchObject({ amount: 16, currency: 'credit' });
  });

  test.each([
    { action: 'outpaint', zoom: 1.5 },
    { action: 'pan', direction: 'left' },
    { action: 'inpaint', prompt: 'a red door', providerOptions: { apiframe: { mask: 'iVBORw0KGgo=' } } },
  ])('that is one picture is changed by %o', async (vary) => {
    expect((await go({ job: jobOf(single), ...vary })).images).toHaveLength(4);
  });

  test('of the wrong kind is refused by the host and costs nothing', async () => {
    const before = emulator.charges().length;
    const refused = go({ job: jobOf(grid), action: 'pan', direction: 'up' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(emulator.charges().length).toBe(before);
  });
});
