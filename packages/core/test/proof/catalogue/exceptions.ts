import type { JsonObject } from '../../../src/index.ts';
import type { Asked } from './trials.ts';
import { picture } from './values.ts';

/** A value that counts only beside another, by model and by what is asked: both are given then. */
const companions: readonly (readonly [model: RegExp, name: string, value: RegExp, beside: Asked])[] = [
  [/^apiframe:ideogram-/, 'mask', /./, { native: { image: picture } }],
  [/^apiframe:qwen-image$/, 'image_url', /./, { native: { task_type: 'image-edit' } }],
  [/^apiframe:qwen-image$/, 'task_type', /^image/, { native: { image_url: picture } }],
  [/^apiframe:851-bg-remove$/, 'format', /jpg/, { native: { background_type: 'white' } }],
  [/^apiframe:851-bg-remove$/, 'outputFormat', /jpeg/, { native: { background_type: 'white' } }],
  [/^wavespeed:.*\/flux-kontext-dev/, 'prompt', /^$/, { options: { images: [picture] } }],
  [
    /^wavespeed:(ideogram-ai\/ideogram-v|wavespeed-ai\/flux-(dev|schnell))[^/]*$/,
    'mask_image',
    /./,
    { native: { image: picture } },
  ],
  [/^wavespeed:ideogram-ai\/ideogram-v[^/]*$/, 'image', /./, { native: { mask_image: picture } }],
  [/^wavespeed:ideogram-ai\/ideogram-v[^/]*$/, 'images', /./, { options: { mask: picture } }],
];

export function besides(model: string, { native = {}, options = {} }: Asked): Asked {
  const asked = Object.entries({ ...native, ...options } as JsonObject);
  const found = companions.filter(([who, name, value]) =>
    asked.some(
      ([given, wanted]) => who.test(model) && given === name && value.test(JSON.stringify(wanted).replaceAll('"', '')),
    ),
  );
  return Object.assign({}, ...found.map(([, , , beside]) => beside));
}

/** Where the page of a model says less than the document of its host, and is believed. */
const narrower: readonly (readonly [model: RegExp, field: RegExp])[] = [
  [/^apiframe:flux-1\.1-pro$/, /^(width|height)$/],
  [/^apiframe:flux-2-pro$/, /^input_images$/],
  [/^apiframe:ideogram-v3-turbo$/, /^(aspect_ratio|resolution|style_type)$/],
  // One mode has a mask and the other has not: the tests of the host's package try both.
  [/^apiframe:flux-fill-pro$/, /^(mode|outpaint)$/],
];

export const isNarrower = (model: string, field: string): boolean =>
  narrower.some(([who, what]) => who.test(model) && what.test(field));
