import type { Json } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { bodyOf, prepare, refusalOf } from '../to-http.ts';
import { bodyWith, familyOf } from './minimal.ts';
import { modelOf, models, newest } from './recorded.ts';

const picture = 'https://example.com/a.png';
const mask = 'https://example.com/mask.png';
const native = (fields: Record<string, Json>) => ({ providerOptions: { wavespeed: fields } });
describe('models that the list has dropped', () => {
  test.each(models.filter(({ live }) => !live).map((model) => [model.id, model] as const))(
    '%s says when',
    (id, { lastSeen: seen, goneBy: by }) => {
      expect(familyOf(id).models.find((row) => row.native === id)?.gone).toEqual({ seen, by });
    },
  );

  test('no live model is said to be gone', () => {
    for (const { id } of models.filter(({ live }) => live)) {
      expect(familyOf(id).models.find((row) => row.native === id)?.gone, id).toBeUndefined();
    }
  });
});

describe('the four meanings of `size`', () => {
  test.each([
    ['wavespeed-ai/flux-2-pro/text-to-image', { size: '1024*768' }, '1024*768'],
    ['wavespeed-ai/emu-3.5-image/text-to-image', { size: '1024*768' }, '1024x768'],
    ['openai/gpt-image-1.5/text-to-image', { size: '1024*1536' }, '1024*1536'],
    ['openai/gpt-image-1.5/text-to-image', { aspectRatio: '2:3' }, '1024*1536'],
    ['ideogram-ai/ideogram-v4', { aspectRatio: '16:9' }, '16:9'],
    ['wavespeed-ai/krea-v2-large/text-to-image', { aspectRatio: '3:2' }, '3:2'],
  ] as const)('%s %o', (id, options, size) => {
    expect(bodyOf(id, { ...options, fit: 'nearest' })).toMatchObject({ size });
  });

  test('pixels are refused where only ratios are', () => {
    expect(refusalOf('ideogram-ai/ideogram-v4', { size: '1000*777' })).toMatchObject({ code: 'unsupported' });
    expect(refusalOf('ideogram-ai/ideogram-v4', { aspectRatio: '21:9' })).toMatchObject({ code: 'unsupported' });
  });
});

describe('a ratio beside sides', () => {
  const id = 'pruna-ai/p-image/text-to-image';

  test.each([
    { size: '512*768', ...native({ aspect_ratio: '16:9' }) },
    { aspectRatio: '16:9', ...native({ width: 512, height: 512 }) },
    native({ aspect_ratio: '16:9', width: 512 }),
  ] as const)('is refused, as nobody knows which of them counts: %o', (options) => {
    const error = refusalOf(id, options);
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(String(error)).toContain('give one of the two');
  });

  test('is none where the ratio says "custom"', () => {
    const fields = { aspect_ratio: 'custom', width: 512, height: 768 };
    expect(bodyOf(id, { size: '512*768', ...native({ aspect_ratio: 'custom' }) })).toMatchObject(fields);
  });
});

test('of two words for a square the larger is sent', () => {
  expect(bodyOf('wavespeed-ai/uno', { images: [picture], aspectRatio: '1:1' })).toMatchObject({
    image_size: 'square_hd',
  });
});

describe('words for resolution', () => {
  test.each([
    ['nano-banana-2', '0.5K', '0.5k'],
    ['nano-banana-pro', '4K', '4k'],
    ['wavespeed-ai/phota/text-to-image', '4K', '4K'],
    ['vidu/text-to-image-q2', '2K', '2K'],
  ] as const)('%s has a word for %s: %s', (id, resolution, word) => {
    expect(bodyOf(id, { resolution })).toMatchObject({ resolution: word });
  });

  test('what has no neutral word is given as the host writes it', () => {
    expect(bodyOf('vidu/text-to-image-q2', native({ resolution: '1080p' }))).toMatchObject({ resolution: '1080p' });
    expect(refusalOf('nano-banana-pro', native({ resolution: '4K' }))).toMatchObject({ code: 'invalid_request' });
  });

  test('upscalers go to 8K', () => {
    const { native: sent } = prepare(
      'wavespeed-ai/image-upscaler',
      { prompt: '', images: [picture], resolution: '8K' },
      'upscale',
    );
    expect(sent.fields).toEqual({ image: picture, target_resolution: '8k' });
  });
});

test.each([
  ['google/nano-banana-pro/edit', { images: [picture] }],
  ['wavespeed-ai/qwen-image/edit', { image: picture }],
  ['bytedance/uso', { reference_images: [picture] }],
  ['luma/uni-v1/text-to-image', { reference: [picture] }],
  ['wavespeed-ai/infinite-you', { source_image: picture }],
] as const)('a reference picture of %s goes into %o', (id, fields) => {
  const others = id === 'wavespeed-ai/infinite-you' ? native({ target_image: picture }) : {};
  const prompt = familyOf(id).accepts.prompt === 'none' ? '' : 'a lighthouse';
  expect(bodyOf(id, { prompt, images: [picture], ...others })).toMatchObject(fields);
});

test.each(['wavespeed-ai/step1x-edit', 'wavespeed-ai/z-image-turbo/controlnet'])(
  '%s needs its picture, whatever its category says',
  (id) => {
    const found = models.find((model) => model.id.endsWith(id.slice(id.indexOf('/'))));
    expect(refusalOf(found?.id ?? id, {})).toMatchObject({ code: 'unsupported' });
  },
);

describe('models without a prompt', () => {
  const silent = models.filter(({ inputs }) => inputs && !inputs.prompt);

  test('there are some', () => expect(silent.length).toBeGreaterThan(30));

  test.each(silent.map((model) => [model.id, model] as const))('%s refuses one, and is never sent one', (id, model) => {
    expect(familyOf(id).accepts.prompt).toBe('none');
    expect(bodyWith(model, {})).not.toHaveProperty('prompt');
    expect(() => bodyWith(model, {}, { prompt: 'a lighthouse' })).toThrow('`prompt`: the model takes none');
  });

  test('where it is not required it may be left out', () => {
    const id = 'wavespeed-ai/image-eraser';
    expect(familyOf(id).accepts.prompt).toBe('optional');
    expect(bodyOf(id, { prompt: '', images: [picture], mask })).toEqual({ image: picture, mask_image: mask });
  });
});

test('fields that are not declared are refused with the nearest name', () => {
  const error = refusalOf('nano-banana-pro', native({ resolutoin: '2k' }));
  expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
  expect(String(error)).toContain('did you mean resolution?');
});

describe('seeds', () => {
  test('a neutral seed is never -1', () => {
    expect(refusalOf('flux-2-pro', { seed: -1 })).toMatchObject({ code: 'invalid_request' });
    expect(bodyOf('flux-2-pro', { seed: 0 })).toMatchObject({ seed: 0 });
  });

  test('-1 can be given as the host has it', () => {
    expect(bodyOf('flux-2-pro', native({ seed: -1 }))).toMatchObject({ seed: -1 });
  });
});

test.each([
  ['pruna-ai/p-image/upscale', 'jpeg', 'jpg'],
  ['wavespeed-ai/flux-dev', 'jpeg', 'jpeg'],
  ['topaz/image/sharpen', 'png', 'png'],
] as const)('%s is asked for %s as %s', (id, outputFormat, word) => {
  expect(bodyWith(modelOf(id), {}, { outputFormat })).toMatchObject({ output_format: word });
});

describe('formulas', () => {
  test('a name that is no input counts once', () => {
    const id = 'wavespeed-ai/phota/enhance';
    expect(modelOf(id).priceFormula).toContain('resolution');
    expect(modelOf(id).inputs).not.toHaveProperty('resolution');
    const { price } = prepare(id, { prompt: '', images: [picture], ...native({ num_images: 2 }) }, 'upscale');
    expect(price).toMatchObject({ amount: 0.26, asOf: newest });
  });

  test('a price can be less than the base price', () => {
    expect(prepare('nano-banana-2', { prompt: 'x', resolution: '0.5K' }).price).toMatchObject({ amount: 0.045 });
    expect(prepare('nano-banana-2', { prompt: 'x' }).price).toMatchObject({ amount: 0.07 });
  });
});

test('numbers that are text stay text, and numbers in a list stay numbers', () => {
  const values = modelOf('wavespeed-ai/flux-kontext-pro/text-to-image').inputs?.safety_tolerance?.enum ?? [];
  expect(values).toContain('5');
  for (const value of values) expect(typeof value).toBe('string');
  const scale = { images: [picture], prompt: '' };
  expect(prepare('bria/increase-resolution', { ...scale, ...native({ desired_increase: 4 }) }, 'upscale')).toBeTruthy();
  const asText = () =>
    prepare('bria/increase-resolution', { ...scale, ...native({ desired_increase: '4' }) }, 'upscale');
  expect(asText).toThrow('desired_increase');
  expect(bodyOf('midjourney', native({ quality: 0.25, version: '7' }))).toMatchObject({ quality: 0.25, version: '7' });
  expect(refusalOf('midjourney', native({ quality: '1' }))).toMatchObject({ code: 'invalid_request' });
});

test('pages of the Seedream line are narrower than the schema, and hold', () => {
  expect(refusalOf('seedream-3.1', { prompt: 'x'.repeat(101) })).toMatchObject({ code: 'unsupported' });
});

test.each([
  ['bytedance/seedream-v4', 'bytedance/seedream-v4'],
  ['bytedance/seedream-v4.5', 'bytedance/seedream-v4.5'],
  ['wavespeed-ai/flux-kontext-pro', 'wavespeed-ai/flux-kontext-pro'],
  ['wavespeed-ai/flux-kontext-pro/text-to-image', 'wavespeed-ai/flux-kontext-pro/text-to-image'],
])('%s is itself, though it begins as another id does', (id, expected) => {
  const images = familyOf(id).accepts.images?.min ? [picture] : [];
  expect(prepare(id, { prompt: 'x', images }).native.model).toBe(expected);
});
