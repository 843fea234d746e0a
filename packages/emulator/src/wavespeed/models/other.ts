import { text } from '../../schema/field.ts';
import type { Inputs, WavespeedModel } from '../models.ts';
import * as f from './fields.ts';

const perImage = (price: number) => (inputs: Inputs) => price * Number(inputs.num_images ?? 1);
const jpegPngOrWebp = f.formatsOr('jpeg', 'jpeg', 'png', 'webp');
const fromPicture = { ...f.image, mask_image: text, ...f.strength };

/** A few models of other makers, for variety: a steps field, a picture count, a cheap one. */
export const otherModels: readonly WavespeedModel[] = [
  {
    id: 'wavespeed-ai/flux-dev',
    fields: {
      ...f.prompt,
      ...fromPicture,
      ...f.size(256, 1536, '1024*1024'),
      num_inference_steps: { type: 'integer', minimum: 1, maximum: 50, default: 28 },
      guidance_scale: { type: 'number', minimum: 1, maximum: 20, default: 3.5 },
      ...f.numImages,
      ...f.seed,
      ...jpegPngOrWebp,
      ...f.both,
    },
    required: ['prompt'],
    basePrice: 0.012,
    price: perImage(0.012),
  },
  {
    id: 'wavespeed-ai/flux-schnell',
    fields: {
      ...f.prompt,
      ...fromPicture,
      ...f.size(256, 1536, '1024*1024'),
      ...f.numImages,
      ...f.seed,
      ...jpegPngOrWebp,
      ...f.both,
    },
    required: ['prompt'],
    basePrice: 0.003,
  },
  {
    id: 'wavespeed-ai/z-image/turbo',
    fields: {
      ...f.prompt,
      ...f.image,
      ...f.strength,
      ...f.size(256, 1536, '1024*1024'),
      ...f.seed,
      ...jpegPngOrWebp,
      ...f.both,
    },
    required: ['prompt'],
    basePrice: 0.005,
  },
  {
    id: 'bytedance/uso',
    fields: {
      ...f.prompt,
      images: { type: 'array', items: text, maxItems: 3 },
      ...f.size(512, 2048, '1024*1024'),
      ...f.seed,
      ...f.both,
    },
    required: ['prompt'],
    basePrice: 0.5,
  },
];
