import type { Accepts, Family, ImageRequest, Json, RequestOptions } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/catalogue/index.ts';
import { bodyOf, refusalOf } from '../to-http.ts';

const url = 'https://example.com/a.png';
const pictures = (count: number): string[] => Array.from({ length: count }, (_, index) => `${url}?${index}`);
const uuid = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

type Options = Partial<RequestOptions>;

describe('neutral options in the words of the host', () => {
  test.each<[string, Options, Record<string, Json> | undefined]>([
    ['dall-e-3', { aspectRatio: '3:2' }, { aspect_ratio: '3:2' }],
    ['flux-1.1-pro', { size: '1440x256' }, { width: 1440, height: 256 }],
    ['flux-1.1-pro', { promptExpansion: false }, { prompt_upsampling: false }],
    ['flux-2-pro', { aspectRatio: '16:9', resolution: '2K' }, { aspect_ratio: '16:9', resolution: '4MP' }],
    ['flux-2-pro', { resolution: '1K', images: pictures(8) }, { resolution: '1MP', input_images: pictures(8) }],
    ['flux-2-max', { seed: 7, outputFormat: 'jpeg' }, { seed: 7, output_format: 'jpg' }],
    [
      'gpt-image-2',
      { images: pictures(40), outputFormat: 'jpeg' },
      { input_images: pictures(40), output_format: 'jpeg' },
    ],
    ['grok-imagine-image', { images: [url] }, { image: url }],
    ['ideogram-character', { images: [url] }, { character_reference_image: url }],
    ['ideogram-v2', { promptExpansion: true, seed: 0 }, { magic_prompt_option: 'On', seed: 0 }],
    ['ideogram-v2', { promptExpansion: false }, { magic_prompt_option: 'Off' }],
    ['ideogram-v3-turbo', { aspectRatio: '16:10' }, { aspect_ratio: '16:10' }],
    ['imagen-4', { aspectRatio: '4:3', resolution: '2K' }, { aspect_ratio: '4:3', image_size: '2K' }],
    ['kling-image', { images: [url], aspectRatio: '2:3' }, { image: url, aspect_ratio: '2:3' }],
    ['qwen-image', { aspectRatio: '1:1' }, { image_size: 'square_hd' }],
    ['midjourney', { aspectRatio: '21:9' }, { aspect_ratio: '21:9' }],
    ['nano-banana-pro', { aspectRatio: '21:9', resolution: '4K' }, { aspect_ratio: '21:9', resolution: '4K' }],
    ['nano-banana-2', { resolution: '0.5K', images: pictures(14) }, { resolution: '512px', image_input: pictures(14) }],
    ['nano-banana', { aspectRatio: '5:8' }, { aspect_ratio: '10:16' }],
    ['qwen-image', { aspectRatio: '9:16' }, { image_size: 'portrait_16_9' }],
    ['qwen-image', { images: [url] }, { image_url: url, task_type: 'image-edit' }],
    [
      'qwen-image',
      { images: [url], providerOptions: { apiframe: { task_type: 'image-to-image', strength: 0.5 } } },
      { image_url: url, task_type: 'image-to-image', strength: 0.5 },
    ],
    ['qwen-image-2-pro', { aspectRatio: '21:9', images: [url] }, { aspect_ratio: '21:9', image: url }],
    ['reve-create', { aspectRatio: '1:1', seed: 3 }, { aspect_ratio: '1:1', seed: 3 }],
    ['stable-diffusion-3', { images: [url], outputFormat: 'webp' }, { image: url, output_format: 'webp' }],
    ['wan-image-2.6', { promptExpansion: true }, { prompt_extend: true }],
    ['wan-image-2.7-pro', { seed: 2_147_483_647 }, { seed: 2_147_483_647 }],
    [
      'flux-fill-pro',
      { images: [url], mask: 'https://example.com/mask.png' },
      { image: url, mask: 'https://example.com/mask.png', mode: 'inpaint', prompt: 'a lighthouse' },
    ],
    [
      'flux-fill-pro',
      { images: [url], providerOptions: { apiframe: { mode: 'outpaint', outpaint: 'Zoom out 2x' } } },
      { image: url, mode: 'outpaint', outpaint: 'Zoom out 2x', prompt: 'a lighthouse' },
    ],
  ])('%s %o', (model, options, expected) => {
    const { [String(paramsOf(model))]: params } = bodyOf(model, options) ?? {};
    expect(params).toEqual(expected);
  });

  test.each<[string, NonNullable<ImageRequest['task']>, Options, Partial<ImageRequest>, Record<string, Json>]>([
    ['topaz-image-upscale', 'upscale', { prompt: '', seed: 1 }, { scale: 6 }, { upscale_factor: 6, seed: 1 }],
    ['clarity-upscale', 'upscale', { prompt: '' }, { scale: 8 }, { scale_factor: 8 }],
    [
      'clarity-upscale',
      'upscale',
      { prompt: 'sharp', outputFormat: 'webp' },
      {},
      { prompt: 'sharp', output_format: 'webp' },
    ],
    ['bria-bg-remove', 'remove-background', { prompt: '' }, {}, {}],
    ['bria-remove-background', 'remove-background', { prompt: '' }, {}, {}],
    ['851-bg-remove', 'remove-background', { prompt: '', outputFormat: 'png' }, {}, { format: 'png' }],
  ])('%s, asked to %s', (model, task, options, more, expected) => {
    const { [String(paramsOf(model))]: params } = bodyOf(model, { images: [url], ...options }, { task, ...more }) ?? {};
    expect(params).toEqual({ image: url, ...expected });
  });

  test.each<[string, string]>([
    ['flux-fill-pro', '/v2/images/edit'],
    ['topaz-image-upscale', '/v2/images/upscale'],
    ['bria-bg-remove', '/v2/images/background-remove'],
  ])('%s is sent to %s', (model, path) => {
    const family = familyOf(model);
    expect(family?.models[0]?.endpoint).toMatchObject({ path });
  });
});

const familyOf = (id: string): Family | undefined =>
  catalogue.find(
    ({ task, models }) => task !== 'vary' && models.some(({ native, ids }) => native === id || ids.includes(id)),
  );

const paramsOf = (id: string): string | undefined => familyOf(id)?.models[0]?.endpoint?.params;

/** Every value of every neutral option that a family accepts, and one that is just not among them. */
function optionsOf({ seed, images, outputFormats, promptExpansion, scales, geometry = {} }: Accepts) {
  const { pixels, ratios, resolutions } = geometry;
  const { min = 1, max = 4096 } = pixels ?? {};
  const shapes = ratios === 'any' ? (['1:1', '1:9', '21:9'] as const) : (ratios ?? []);
  const inside: Options[] = [
    ...(seed ? [{ seed: 0 }, { seed: 2_147_483_647 }] : []),
    ...(promptExpansion ? [{ promptExpansion: true }, { promptExpansion: false }] : []),
    ...(outputFormats ?? []).map((outputFormat) => ({ outputFormat })),
    ...(images ? [images.min, Math.min(images.max, 40)].map((count) => ({ images: pictures(count) })) : []),
    ...((pixels ? [{ size: `${min}*${max}` }, { size: `${max}*${min}` }] : []) as Options[]),
    ...(shapes.map((aspectRatio) => ({ aspectRatio })) as Options[]),
    ...(resolutions ?? []).map((resolution) => ({ resolution })),
  ];
  const formats = (['png', 'jpeg', 'webp'] as const).filter((each) => !outputFormats?.includes(each));
  const outside: Options[] = [
    ...(seed ? [] : [{ seed: 0 }]),
    ...(promptExpansion ? [] : [{ promptExpansion: true }]),
    ...formats.map((outputFormat) => ({ outputFormat })),
    ...(images?.max === Infinity ? [] : [{ images: pictures((images?.max ?? 0) + 1) }]),
    ...(images?.min ? [{ images: [] }] : []),
    { resolution: '8K' },
    ...((pixels ? [`${min - 1}*${max}`, `${max + 1}*${min}`] : ['640*480']).map((size) => ({ size })) as Options[]),
    ...(ratios === 'any' ? [] : [{ aspectRatio: '17:3' } as const]),
  ];
  return { inside, outside, scales: scales ?? [] };
}

describe('each model takes each neutral option at its bounds, as the document has it, and nothing beyond', () => {
  const rows = catalogue
    .filter(({ task }) => task !== 'vary')
    .flatMap((family) => family.models.map(({ native }) => [native, family] as const));

  test.each(rows)('%s', (model, { accepts, task, required = [] }) => {
    const { inside, outside, scales } = optionsOf(accepts);
    const least: Options = {
      ...(accepts.images?.min ? { images: [url] } : {}),
      ...(accepts.mask ? { mask: url } : {}),
      ...(accepts.prompt === 'none' ? { prompt: '' } : {}),
      ...(required.includes('loraId') ? { providerOptions: { apiframe: { loraId: uuid } } } : {}),
      // A jpg needs a background.
      ...(model === '851-bg-remove' ? { providerOptions: { apiframe: { background_type: 'white' } } } : {}),
    };
    const more = task && task !== 'generate' ? { task } : {};
    for (const options of inside) expect(bodyOf(model, { ...least, ...options }, more)).toBeDefined();
    for (const options of outside) {
      const error = refusalOf(model, { ...least, ...options }, more);
      expect(error, JSON.stringify(options)).toMatchObject({
        billed: 'no',
        code: expect.stringMatching(/^(unsupported|invalid_request)$/),
      });
      // The other verbs have one picture, which they call `image`.
      const [option = ''] = Object.keys(options);
      expect(String(error)).toContain(`\`${task && option === 'images' ? 'image' : option}\``);
    }
    for (const scale of scales) expect(bodyOf(model, least, { ...more, scale })).toBeDefined();
    expect(String(refusalOf(model, least, { ...more, scale: 3 }))).toContain('`scale`');
  });
});
