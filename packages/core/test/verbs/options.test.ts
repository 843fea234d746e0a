import { describe, expect, test } from 'vitest';
import { checkImage, generateImage, removeBackground, upscaleImage, varyImage } from '../../src/index.ts';
import { createStudio } from './kit.ts';

const image = 'https://fake.example/lighthouse.png';
const job = { provider: 'fake', modelId: 'paint', id: 'grid-1' };
const studio = createStudio();

const verbs = {
  upscaleImage: (more: object) => upscaleImage({ model: studio.model('larger'), image, ...more }),
  removeBackground: (more: object) => removeBackground({ model: studio.model('cut'), image, ...more }),
  varyImage: (more: object) => varyImage({ model: studio.model('paint'), job, action: 'pan', ...more }),
  generateImage: (more: object) => generateImage({ model: studio.model('paint'), prompt: 'x', ...more }),
  checkImage: (more: object) => checkImage({ task: 'upscale', model: studio.model('larger'), image, ...more }),
};

describe('wrong values', () => {
  test.each<[keyof typeof verbs, object, RegExp]>([
    ['upscaleImage', { image: undefined }, /`image` must be/],
    ['upscaleImage', { image: 'lighthouse.png' }, /`image` must be an https URL, a data:image/],
    ['upscaleImage', { image: new Uint8Array(9) }, /`image` must be/],
    ['upscaleImage', { scale: 0 }, /`scale` must be at least 1/],
    ['upscaleImage', { scale: '2' }, /`scale` must be a number, such as 2/],
    ['upscaleImage', { scale: Infinity }, /`scale` must be a number, such as 2/],
    ['upscaleImage', { scale: 2, resolution: '4K' }, /`scale` excludes `resolution`/],
    ['upscaleImage', { resolution: '16K' }, /`resolution` must be one of/],
    ['upscaleImage', { size: '512*512' }, /`size` is not an option of upscaleImage/],
    ['upscaleImage', { images: [image] }, /`images` is not an option of upscaleImage/],
    ['upscaleImage', { n: 2 }, /`n` is not an option of upscaleImage: call it once for each picture/],
    ['upscaleImage', { seed: -1 }, /`seed` must be a whole number/],
    ['upscaleImage', { model: [{ model: studio.model('larger'), image }] }, /`image` is not an option of a model in/],
    ['upscaleImage', { model: [{ model: studio.model('larger'), scale: 0 }] }, /`scale` must be at least 1/],
    ['upscaleImage', { timeout: 0 }, /`timeout`/],
    ['removeBackground', { scale: 2 }, /`scale` is not an option of removeBackground/],
    ['removeBackground', { prompt: 'x' }, /`prompt` is not an option of removeBackground/],
    ['removeBackground', { outputFormat: 'gif' }, /`outputFormat` must be one of/],
    ['removeBackground', { outputFormat: 'jpeg' }, /cannot honour `outputFormat`: the model gives png or webp/],
    ['varyImage', { job: 'grid-1' }, /`job` must be a finished job as a result names it/],
    ['varyImage', { job: { id: 'grid-1' } }, /`job` must be a finished job/],
    ['varyImage', { action: '' }, /`action` must not be empty/],
    ['varyImage', { action: undefined }, /`action` must be/],
    ['varyImage', { index: 0 }, /`index` must be at least 1/],
    ['varyImage', { index: 1.5 }, /`index` must be a whole number from 1/],
    ['varyImage', { zoom: 'far' }, /`zoom` must be a number, such as 1.5/],
    ['varyImage', { direction: 4 }, /`direction` must be text, such as 'left'/],
    ['varyImage', { mask: 'white' }, /`mask` must be/],
    ['varyImage', { image }, /`image` is not an option of varyImage/],
    ['generateImage', { scale: 2 }, /`scale` is not an option of imageport/],
    ['generateImage', { job }, /`job` is not an option of imageport/],
    ['generateImage', { model: [{ model: studio.model('paint'), scale: 2 }] }, /`scale` is not an option of imageport/],
    ['checkImage', { task: 'edit' }, /`task` must be one of generate, upscale, remove-background, vary/],
    ['checkImage', { task: 'toString' }, /`task` must be one of/],
    ['checkImage', { quote: 'now' }, /`quote` must be 'listed' or 'live'/],
  ])('%s refuses %o by name, before anything is sent', async (verb, more, words) => {
    const end = await verbs[verb](more).catch((error: unknown) => error);
    expect(end).toMatchObject({ billed: 'no', stage: 'prepare', message: expect.stringMatching(words) });
  });

  test.each([undefined, null, 7])('%j in place of the options is a typed error', async (options) => {
    for (const verb of [upscaleImage, removeBackground, varyImage, checkImage]) {
      await expect(verb(options as never)).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });
});
