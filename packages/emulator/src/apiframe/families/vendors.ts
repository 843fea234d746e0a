import {
  type Field,
  type Fields,
  flag,
  integer,
  number,
  oneOf,
  text,
  upTo,
  uri,
  uris,
  whole,
} from '../../schema/field.ts';
import type { Family, Params } from '../families.ts';

const optionalUris: Field = { type: 'array', nullable: true, items: uri };

const gptCommon: Fields = {
  aspect_ratio: oneOf('1:1', '3:2', '2:3'),
  input_images: optionalUris,
  number_of_images: integer(1, 10),
  output_format: oneOf('png', 'jpeg', 'webp'),
  quality: oneOf('low', 'medium', 'high', 'auto'),
};

const byQuality = (low: number, medium: number, high: number) => (_model: string, params: Params) =>
  params.quality === 'low' ? low : params.quality === 'medium' ? medium : high;

const wanRatio = oneOf('1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '21:9');
const wanSeed = integer(0, 2147483647);

/** Credits that no page names are guesses near those of a sister model. */
export const vendorFamilies: readonly Family[] = [
  {
    params: 'nanoBananaParams',
    models: { 'nano-banana': 5, 'nano-banana-pro': 14, 'nano-banana-2': 8, 'nano-banana-2-lite': 4 },
    fields: {
      aspect_ratio: text,
      resolution: oneOf('512px', '1K', '2K', '4K'),
      image_input: uris(14),
      output_format: oneOf('jpg', 'png', 'webp'),
      google_search: flag,
      image_search: flag,
    },
  },
  {
    params: 'imagenParams',
    models: { 'imagen-3': 4, 'imagen-3-fast': 2, 'imagen-4': 4, 'imagen-4-fast': 2, 'imagen-4-ultra': 6 },
    fields: {
      aspect_ratio: oneOf('1:1', '9:16', '16:9', '3:4', '4:3'),
      image_size: oneOf('1K', '2K'),
      output_format: oneOf('jpg', 'png'),
    },
    format: 'jpeg',
  },
  {
    params: 'dalleParams',
    models: { 'dall-e-2': 2, 'dall-e-3': 4 },
    fields: { aspect_ratio: oneOf('1:1', '3:2', '2:3'), style: oneOf('vivid', 'natural') },
  },
  {
    params: 'gptImageParams',
    models: { 'gpt-image-1.5': 14 },
    fields: {
      ...gptCommon,
      background: oneOf('auto', 'transparent', 'opaque'),
      input_fidelity: oneOf('low', 'high'),
    },
    credits: byQuality(2, 5, 14),
    count: 'number_of_images',
    format: 'webp',
  },
  {
    params: 'gptImage2Params',
    models: { 'gpt-image-2': 23 },
    fields: { ...gptCommon, background: oneOf('auto', 'opaque'), moderation: oneOf('auto', 'low') },
    credits: byQuality(4, 9, 23),
    count: 'number_of_images',
    format: 'webp',
  },
  {
    params: 'klingImageParams',
    models: { 'kling-image': 2 },
    fields: {
      model_name: oneOf('kling-v1', 'kling-v1-5', 'kling-v2'),
      aspect_ratio: oneOf('16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3'),
      image: uri,
      image_fidelity: number(0, 1),
      n: integer(1, 4),
      negative_prompt: upTo(2500),
    },
    count: 'n',
  },
  {
    params: 'qwenImageParams',
    models: { 'qwen-image': 3 },
    fields: {
      task_type: oneOf('text-to-image', 'image-to-image', 'image-edit'),
      image_size: oneOf('square', 'square_hd', 'portrait_4_3', 'portrait_16_9', 'landscape_4_3', 'landscape_16_9'),
      image_url: uri,
      strength: number(0, 1),
      num_images: integer(1, 4),
      num_inference_steps: integer(2, 250),
      guidance_scale: number(0, 20),
      acceleration: oneOf('none', 'regular', 'high'),
      negative_prompt: upTo(500),
      output_format: oneOf('png', 'jpeg'),
      seed: whole,
    },
    count: 'num_images',
    sizes: {
      square: { width: 512, height: 512 },
      square_hd: { width: 1024, height: 1024 },
      portrait_4_3: { width: 768, height: 1024 },
      portrait_16_9: { width: 576, height: 1024 },
      landscape_4_3: { width: 1024, height: 768 },
      landscape_16_9: { width: 1024, height: 576 },
    },
  },
  {
    params: 'qwenImage2Params',
    models: { 'qwen-image-2': 3, 'qwen-image-2-pro': 5 },
    fields: {
      aspect_ratio: oneOf('1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '21:9', '2:1', '1:2'),
      image: uri,
      negative_prompt: upTo(500),
      seed: whole,
    },
  },
  {
    params: 'wanImageParams',
    models: { 'wan-image-2.6': 3 },
    fields: { aspect_ratio: wanRatio, image: uri, negative_prompt: upTo(500), prompt_extend: flag, seed: wanSeed },
  },
  {
    params: 'wanImage27Params',
    models: { 'wan-image-2.7': 3, 'wan-image-2.7-pro': 6 },
    fields: { aspect_ratio: wanRatio, image: uri, seed: wanSeed, thinking_mode: flag },
    promptLength: 5000,
  },
  {
    params: 'grokImagineParams',
    models: { 'grok-imagine-image': 2 },
    fields: { aspect_ratio: oneOf('1:1', '2:3', '3:2', '16:9', '9:16'), image: uri },
  },
  {
    params: 'reveParams',
    models: { 'reve-create': 3 },
    fields: { aspect_ratio: oneOf('16:9', '9:16', '3:2', '2:3', '4:3', '3:4', '1:1'), seed: whole, version: text },
  },
];
