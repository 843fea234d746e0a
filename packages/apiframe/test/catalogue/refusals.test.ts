import type { ImageRequest, Json, RequestOptions } from '@imageport/core';
import { familiesOf } from '@imageport/core/catalogue';
import { describe, expect, test } from 'vitest';
import { apiframeAdapter } from '../../src/index.ts';
import { bodyOf, prepare, refusalOf } from '../to-http.ts';

const url = 'https://example.com/a.png';
const native = (apiframe: Record<string, Json>): Partial<RequestOptions> => ({ providerOptions: { apiframe } });

// biome-ignore format: one list of names
const live = [
  'flux-1.1-pro', 'flux-1.1-pro-ultra', 'flux-2-dev', 'flux-2-flex', 'flux-2-max', 'flux-2-pro',
  'gpt-image-1.5', 'gpt-image-2', 'grok-imagine-image', 'ideogram-character', 'ideogram-v2', 'ideogram-v2-turbo',
  'ideogram-v2a', 'ideogram-v2a-turbo', 'ideogram-v3-balanced', 'ideogram-v3-quality', 'ideogram-v3-turbo',
  'midjourney', 'nano-banana', 'nano-banana-2', 'nano-banana-2-lite', 'nano-banana-pro', 'qwen-image',
  'qwen-image-2', 'qwen-image-2-pro', 'seedream-4', 'seedream-4.5', 'seedream-5-lite', 'seedream-5-pro',
  'wan-image-2.6', 'wan-image-2.7', 'wan-image-2.7-pro',
];

test.each(live)('the portable id %s is a model here, and nothing is sent that was not asked for', (id) => {
  const images = id === 'ideogram-character' ? [url] : [];
  const given = images.length > 0 ? { ideogramParams: { character_reference_image: url } } : {};
  expect(bodyOf(id, { images })).toEqual({ model: id, prompt: 'a lighthouse', ...given });
  const rows = familiesOf(apiframeAdapter).flatMap(({ models }) => models.filter(({ native }) => native === id));
  for (const { ids } of rows) expect(ids).toContain(id);
});

describe('a model for something else', () => {
  test.each([
    ['topaz-image-upscale', 'upscaleImage'],
    ['clarity-upscale', 'upscaleImage'],
    ['bria-bg-remove', 'removeBackground'],
    ['851-bg-remove', 'removeBackground'],
  ])('%s is refused by generateImage, which names %s', (model, verb) => {
    const error = refusalOf(model, { images: [url] });
    expect(error).toMatchObject({ code: 'unsupported', billed: 'no' });
    expect(String(error)).toContain(`it is one for ${verb}`);
  });

  test.each<[string, NonNullable<ImageRequest['task']>, string]>([
    ['flux-2-pro', 'upscale', 'generateImage'],
    ['midjourney', 'upscale', 'generateImage and varyImage'],
    ['bria-bg-remove', 'upscale', 'removeBackground'],
  ])('%s is no model to %s with', (model, task, verbs) => {
    expect(String(refusalOf(model, { images: [url] }, { task }))).toContain(`it is one for ${verbs}`);
  });
});

test.each<[string, Partial<RequestOptions>]>([
  ['flux-2-pro', { aspectRatio: '16:9', ...native({ width: 1024, height: 1024 }) }],
  ['flux-2-pro', { size: '1024*1024', ...native({ aspect_ratio: '16:9' }) }],
])('%s refuses %j, as nobody knows whether the ratio or the sides count', (model, options) => {
  const error = refusalOf(model, options);
  expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
  expect(String(error)).toContain('give one of the two');
});

test.each<[string, Record<string, Json>]>([
  ['flux-2-pro', { input_images: ['ftp://example.com/a.png'] }],
  ['grok-imagine-image', { image: 'ftp://example.com/a.png' }],
  ['grok-imagine-image', { image: '' }],
  ['seedream-4', { image_input: ['not a picture'] }],
])('%s refuses %j, which is no address of a picture', (model, fields) => {
  expect(refusalOf(model, native(fields))).toMatchObject({ code: 'invalid_request', billed: 'no' });
});

describe('a number is no text, and a text no number', () => {
  test.each<[string, Partial<RequestOptions>, Partial<ImageRequest>]>([
    ['topaz-image-upscale', { prompt: '', images: [url], ...native({ upscale_factor: '2' }) }, { task: 'upscale' }],
    ['clarity-upscale', { prompt: '', images: [url], ...native({ scale_factor: '2' }) }, { task: 'upscale' }],
    ['reve-create', native({ version: 2 }), {}],
    ['flux-2-pro', native({ resolution: 1 }), {}],
  ])('%s %j', (model, options, more) => {
    expect(refusalOf(model, options, more)).toMatchObject({ code: 'invalid_request', billed: 'no' });
  });
});

describe('what the document gives a family and one model of it may not have', () => {
  test.each<[string, Partial<RequestOptions>, string]>([
    ['flux-1.1-pro', { images: [url] }, 'images'],
    ['flux-1.1-pro-ultra', { images: [url] }, 'images'],
    ['nano-banana', { resolution: '1K' }, 'resolution'],
    ['imagen-3', { resolution: '1K' }, 'resolution'],
    ['imagen-4-fast', { resolution: '2K' }, 'resolution'],
    ['ideogram-v3-quality', { images: [url] }, 'images'],
  ])('%s refuses %j, which could be ignored and charged', (model, options, option) => {
    const error = refusalOf(model, options);
    expect(error).toMatchObject({ code: 'unsupported', billed: 'no' });
    expect(String(error)).toContain(`\`${option}\``);
  });

  test.each<[string, string, Record<string, Json>]>([
    ['flux-1.1-pro', 'fluxParams', { image_prompt: url, image_prompt_strength: 0.3 }],
    ['nano-banana', 'nanoBananaParams', { resolution: '1K' }],
    ['imagen-3', 'imagenParams', { image_size: '2K' }],
    ['ideogram-v3-quality', 'ideogramParams', { image: url, mask: url }],
  ])('%s is sent it in its own words', (model, params, fields) => {
    expect(bodyOf(model, native(fields))).toMatchObject({ [params]: fields });
  });
});

describe('a mask', () => {
  test.each(['ideogram-v3-turbo', 'ideogram-v2', 'ideogram-character'])(
    'is refused by %s, of which no page says which colour changes',
    (model) => {
      const images = model === 'ideogram-character' ? [url] : [];
      const error = refusalOf(model, { mask: url, images });
      expect(error).toMatchObject({ code: 'unsupported', billed: 'no' });
      expect(String(error)).toMatch(/`mask`.*colours changes is not known; `mask` in `providerOptions` sends one/);
    },
  );

  test('is refused by who has none', () => {
    expect(String(refusalOf('gpt-image-2', { mask: url, images: [url] }))).toMatch(/`mask`: the model takes none/);
  });

  test('in the words of Ideogram is nothing without its picture', () => {
    expect(String(refusalOf('ideogram-v2', native({ mask: url })))).toContain('`mask` is nothing without `image`');
  });

  test.each<[string, Partial<RequestOptions>, RegExp]>([
    [
      'no mask and no mode',
      { images: [url] },
      /`providerOptions\.apiframe\.mode`: the model needs it: inpaint or outpaint/,
    ],
    ['a mode without its mask', { images: [url], ...native({ mode: 'inpaint' }) }, /inpaint needs `mask`/],
    ['a mode without its direction', { images: [url], ...native({ mode: 'outpaint' }) }, /outpaint needs `outpaint`/],
    ['no picture', { mask: url }, /`images`/],
    [
      'a mask that would not count',
      { images: [url], mask: url, ...native({ mode: 'outpaint', outpaint: 'Make square' }) },
      /`mask` does not count with the mode outpaint/,
    ],
    [
      'a direction that would not count',
      { images: [url], mask: url, ...native({ outpaint: 'Make square' }) },
      /`outpaint` does not count with the mode inpaint/,
    ],
  ])('of FLUX Fill: %s is refused', (_, options, words) => {
    const error = refusalOf('flux-fill-pro', options);
    expect(error).toMatchObject({ billed: 'no' });
    expect(String(error)).toMatch(words);
  });
});

test('an edit of Qwen needs its picture, and a picture its task', () => {
  expect(String(refusalOf('qwen-image', native({ task_type: 'image-edit' })))).toContain('needs `image_url`');
  expect(String(refusalOf('qwen-image', native({ image_url: url })))).toContain('another `task_type`');
});

test('a background that is cut away is not asked for as jpg, unless another one fills it', () => {
  const options = { prompt: '', images: [url], outputFormat: 'jpeg' } as const;
  const task = { task: 'remove-background' } as const;
  expect(refusalOf('851-bg-remove', options, task)).toMatchObject({ code: 'unsupported', billed: 'no' });
  expect(bodyOf('851-bg-remove', { ...options, ...native({ background_type: 'white' }) }, task)).toMatchObject({
    lab851BgRemoveParams: { format: 'jpg', background_type: 'white' },
  });
  expect(refusalOf('bria-bg-remove', options, task)).toMatchObject({ code: 'unsupported' });
});

test('no picture is left out, not null, though the document has both', () => {
  const error = refusalOf('gpt-image-1.5', native({ input_images: null }));
  expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
  expect(String(error)).toContain('must be a list of URLs, not null');
});

test('the three Ideogram 4 models are named by their own ids alone: which one other hosts mean is not told', () => {
  for (const id of ['ideogram-v4-turbo', 'ideogram-v4-balanced', 'ideogram-v4-quality']) {
    expect(bodyOf(id, {})).toMatchObject({ model: id });
  }
  expect(refusalOf('ideogram-v4', {})).toMatchObject({ code: 'not_found' });
});

test('how long a model takes is hinted only where a page speaks of it', () => {
  const latencyOf = (id: string) => prepare(id, { prompt: 'x' }).family.latency;
  expect(latencyOf('flux-2-pro')).toEqual({ median: 12_000, sigma: 0.5 });
  expect(latencyOf('imagen-4')).toEqual({ median: 12_000, sigma: 0.5 });
  for (const id of ['nano-banana', 'gpt-image-2', 'midjourney', 'qwen-image', 'ideogram-v2']) {
    expect(latencyOf(id)).toBeUndefined();
  }
});
