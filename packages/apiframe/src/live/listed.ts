// biome-ignore-all format: written by catalogue/generate.ts, from recorded.json and overrides.ts beside it

import type { Listed } from './compare.ts';
import type { RecordedFields } from './document.ts';

const prompt: RecordedFields = {
  prompt: { maxLength: 2000, minLength: 1, required: true, type: 'string' },
};
const dalle: RecordedFields = {
  aspect_ratio: { enum: ['1:1', '3:2', '2:3'], type: 'string' }, style: { enum: ['vivid', 'natural'], type: 'string' },
};
const flux: RecordedFields = {
  aspect_ratio: { pattern: '^\\d+:\\d+$', type: 'string' }, go_fast: { type: 'boolean' },
  guidance: { maximum: 10, minimum: 1.5, type: 'number' }, height: { maximum: 2048, minimum: 256, type: 'integer' },
  image_prompt: { format: 'uri', type: 'string' }, image_prompt_strength: { maximum: 1, minimum: 0, type: 'number' },
  input_images: { items: { format: 'uri', type: 'string' }, maxItems: 10, type: 'array' },
  output_format: { enum: ['jpg', 'png', 'webp'], type: 'string' },
  output_quality: { maximum: 100, minimum: 0, type: 'integer' }, prompt_upsampling: { type: 'boolean' },
  raw: { type: 'boolean' }, resolution: { type: 'string' }, seed: { type: 'integer' },
  steps: { maximum: 50, minimum: 1, type: 'integer' }, width: { maximum: 2048, minimum: 256, type: 'integer' },
};
const flux2Flex: RecordedFields = {
  aspect_ratio: { pattern: '^\\d+:\\d+$', type: 'string' }, go_fast: { type: 'boolean' },
  guidance: { maximum: 10, minimum: 1.5, type: 'number' }, height: { maximum: 2048, minimum: 256, type: 'integer' },
  image_prompt: { format: 'uri', type: 'string' }, image_prompt_strength: { maximum: 1, minimum: 0, type: 'number' },
  input_images: { items: { format: 'uri', type: 'string' }, maxItems: 10, type: 'array' },
  output_format: { enum: ['jpg', 'png', 'webp'], type: 'string' },
  output_quality: { maximum: 100, minimum: 0, type: 'integer' }, prompt_upsampling: { type: 'boolean' },
  raw: { type: 'boolean' }, resolution: { enum: ['0.5MP', '1MP', '2MP', '4MP', 'match_input_image'], type: 'string' },
  seed: { type: 'integer' }, steps: { maximum: 50, minimum: 1, type: 'integer' },
  width: { maximum: 2048, minimum: 256, type: 'integer' },
};
const fluxLora: RecordedFields = {
  aspect_ratio: { enum: ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3'], type: 'string' },
  guidance_scale: { maximum: 10, minimum: 1, type: 'number' },
  loraId: { format: 'uuid', required: true, type: 'string' },
  lora_strength: { maximum: 1.5, minimum: 0, type: 'number' },
  num_inference_steps: { maximum: 50, minimum: 4, type: 'integer' },
  num_outputs: { maximum: 4, minimum: 1, type: 'integer' },
  output_format: { enum: ['png', 'jpg', 'webp'], type: 'string' }, seed: { type: 'integer' },
};
const gptImage: RecordedFields = {
  aspect_ratio: { enum: ['1:1', '3:2', '2:3'], type: 'string' },
  background: { enum: ['auto', 'transparent', 'opaque'], type: 'string' },
  input_fidelity: { enum: ['low', 'high'], type: 'string' },
  input_images: { items: { format: 'uri', type: 'string' }, type: ['array', 'null'] },
  number_of_images: { maximum: 10, minimum: 1, type: 'integer' },
  output_format: { enum: ['png', 'jpeg', 'webp'], type: 'string' },
  quality: { enum: ['low', 'medium', 'high', 'auto'], type: 'string' },
};
const gptImage2: RecordedFields = {
  aspect_ratio: { enum: ['1:1', '3:2', '2:3'], type: 'string' },
  background: { enum: ['auto', 'opaque'], type: 'string' },
  input_images: { items: { format: 'uri', type: 'string' }, type: ['array', 'null'] },
  moderation: { enum: ['auto', 'low'], type: 'string' }, number_of_images: { maximum: 10, minimum: 1, type: 'integer' },
  output_format: { enum: ['png', 'jpeg', 'webp'], type: 'string' },
  quality: { enum: ['low', 'medium', 'high', 'auto'], type: 'string' },
};
const grokImagine: RecordedFields = {
  aspect_ratio: { enum: ['1:1', '2:3', '3:2', '16:9', '9:16'], type: 'string' },
  image: { format: 'uri', type: 'string' },
};
const ideogram: RecordedFields = {
  aspect_ratio: { type: 'string' }, character_reference_image: { format: 'uri', required: true, type: 'string' },
  image: { format: 'uri', type: 'string' }, magic_prompt_option: { enum: ['Auto', 'On', 'Off'], type: 'string' },
  mask: { format: 'uri', type: 'string' }, negative_prompt: { type: 'string' },
  rendering_speed: { enum: ['default', 'turbo', 'quality'], type: 'string' }, resolution: { type: 'string' },
  seed: { type: 'integer' }, style_preset: { type: 'string' },
  style_reference_images: { items: { format: 'uri', type: 'string' }, maxItems: 3, type: 'array' },
  style_type: { type: 'string' },
};
const ideogramV2: RecordedFields = {
  aspect_ratio: { type: 'string' }, character_reference_image: { format: 'uri', type: 'string' },
  image: { format: 'uri', type: 'string' }, magic_prompt_option: { enum: ['Auto', 'On', 'Off'], type: 'string' },
  mask: { format: 'uri', type: 'string' }, negative_prompt: { type: 'string' },
  rendering_speed: { enum: ['default', 'turbo', 'quality'], type: 'string' }, resolution: { type: 'string' },
  seed: { type: 'integer' }, style_preset: { type: 'string' },
  style_reference_images: { items: { format: 'uri', type: 'string' }, maxItems: 3, type: 'array' },
  style_type: { type: 'string' },
};
const imagen: RecordedFields = {
  aspect_ratio: { enum: ['1:1', '9:16', '16:9', '3:4', '4:3'], type: 'string' },
  image_size: { enum: ['1K', '2K'], type: 'string' }, output_format: { enum: ['jpg', 'png'], type: 'string' },
};
const klingImage: RecordedFields = {
  aspect_ratio: { enum: ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3'], type: 'string' },
  image: { format: 'uri', type: 'string' }, image_fidelity: { maximum: 1, minimum: 0, type: 'number' },
  model_name: { enum: ['kling-v1', 'kling-v1-5', 'kling-v2'], type: 'string' },
  n: { maximum: 4, minimum: 1, type: 'integer' }, negative_prompt: { maxLength: 2500, type: 'string' },
};
const midjourney: RecordedFields = {
  aspect_ratio: { pattern: '^\\d+:\\d+$', type: 'string' },
};
const nanoBanana: RecordedFields = {
  aspect_ratio: { type: 'string' }, google_search: { type: 'boolean' },
  image_input: { items: { format: 'uri', type: 'string' }, maxItems: 14, type: 'array' },
  image_search: { type: 'boolean' }, output_format: { enum: ['jpg', 'png', 'webp'], type: 'string' },
  resolution: { enum: ['512px', '1K', '2K', '4K'], type: 'string' },
};
const qwenImage: RecordedFields = {
  acceleration: { enum: ['none', 'regular', 'high'], type: 'string' },
  guidance_scale: { maximum: 20, minimum: 0, type: 'number' },
  image_size: { enum: ['square', 'square_hd', 'portrait_4_3', 'portrait_16_9', 'landscape_4_3', 'landscape_16_9'], type: 'string' },
  image_url: { format: 'uri', type: 'string' }, negative_prompt: { maxLength: 500, type: 'string' },
  num_images: { maximum: 4, minimum: 1, type: 'integer' },
  num_inference_steps: { maximum: 250, minimum: 2, type: 'integer' },
  output_format: { enum: ['png', 'jpeg'], type: 'string' }, seed: { type: 'integer' },
  strength: { maximum: 1, minimum: 0, type: 'number' },
  task_type: { enum: ['text-to-image', 'image-to-image', 'image-edit'], type: 'string' },
};
const qwenImage2: RecordedFields = {
  aspect_ratio: { enum: ['1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '21:9', '2:1', '1:2'], type: 'string' },
  image: { format: 'uri', type: 'string' }, negative_prompt: { maxLength: 500, type: 'string' },
  seed: { type: 'integer' },
};
const reve: RecordedFields = {
  aspect_ratio: { enum: ['16:9', '9:16', '3:2', '2:3', '4:3', '3:4', '1:1'], type: 'string' },
  seed: { type: 'integer' }, version: { type: 'string' },
};
const seedream: RecordedFields = {
  aspect_ratio: { type: 'string' }, enhance_prompt: { type: 'boolean' },
  guidance_scale: { maximum: 10, minimum: 1, type: 'number' }, height: { maximum: 4096, minimum: 512, type: 'integer' },
  image_input: { items: { format: 'uri', type: 'string' }, maxItems: 14, type: 'array' },
  output_format: { enum: ['jpg', 'png'], type: 'string' }, resolution: { type: 'string' }, seed: { type: 'integer' },
  size: { type: 'string' }, use_pre_llm: { type: 'boolean' }, width: { maximum: 4096, minimum: 512, type: 'integer' },
};
const stableDiffusion: RecordedFields = {
  aspect_ratio: { enum: ['1:1', '16:9', '21:9', '3:2', '2:3', '4:5', '5:4', '9:16', '9:21'], type: 'string' },
  cfg: { maximum: 20, minimum: 0, type: 'number' }, image: { format: 'uri', type: 'string' },
  negative_prompt: { maxLength: 2000, type: 'string' }, output_format: { enum: ['webp', 'jpg', 'png'], type: 'string' },
  output_quality: { maximum: 100, minimum: 0, type: 'integer' },
  prompt_strength: { maximum: 1, minimum: 0, type: 'number' }, seed: { type: 'integer' },
  steps: { maximum: 40, minimum: 1, type: 'integer' },
};
const wanImage: RecordedFields = {
  aspect_ratio: { enum: ['1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '21:9'], type: 'string' },
  image: { format: 'uri', type: 'string' }, negative_prompt: { maxLength: 500, type: 'string' },
  prompt_extend: { type: 'boolean' }, seed: { maximum: 2147483647, minimum: 0, type: 'integer' },
};
const wanImage27Top: RecordedFields = {
  prompt: { maxLength: 5000, minLength: 1, required: true, type: 'string' },
};
const wanImage27: RecordedFields = {
  aspect_ratio: { enum: ['1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '21:9'], type: 'string' },
  image: { format: 'uri', type: 'string' }, seed: { maximum: 2147483647, minimum: 0, type: 'integer' },
  thinking_mode: { type: 'boolean' },
};
const fluxFillProTop: RecordedFields = {

};
const fluxFill: RecordedFields = {
  guidance: { maximum: 5, minimum: 2, type: 'number' }, image: { format: 'uri', required: true, type: 'string' },
  mask: { format: 'uri', type: 'string' }, mode: { enum: ['inpaint', 'outpaint'], required: true, type: 'string' },
  outpaint: { enum: ['Zoom out 1.5x', 'Zoom out 2x', 'Make square', 'Left outpaint', 'Right outpaint', 'Top outpaint', 'Bottom outpaint'], type: 'string' },
  output_format: { enum: ['jpg', 'png'], type: 'string' },
  prompt: { maxLength: 2000, minLength: 1, required: true, type: 'string' }, prompt_upsampling: { type: 'boolean' },
  safety_tolerance: { maximum: 6, minimum: 1, type: 'integer' }, seed: { type: 'integer' },
  steps: { maximum: 50, minimum: 1, type: 'integer' },
};
const clarityUpscale: RecordedFields = {
  creativity: { maximum: 1, minimum: 0, type: 'number' }, dynamic: { maximum: 50, minimum: 1, type: 'number' },
  image: { format: 'uri', required: true, type: 'string' }, negative_prompt: { maxLength: 2000, type: 'string' },
  num_inference_steps: { maximum: 100, minimum: 1, type: 'integer' },
  output_format: { enum: ['png', 'jpg', 'webp'], type: 'string' }, prompt: { maxLength: 2000, type: 'string' },
  resemblance: { maximum: 3, minimum: 0, type: 'number' }, scale_factor: { enum: [1, 2, 4, 8], type: 'number' },
  seed: { type: 'integer' }, sharpen: { maximum: 10, minimum: 0, type: 'number' },
};
const topazUpscale: RecordedFields = {
  face_enhance: { type: 'boolean' }, face_enhance_creativity: { maximum: 1, minimum: 0, type: 'number' },
  face_enhance_strength: { maximum: 1, minimum: 0, type: 'number' },
  image: { format: 'uri', required: true, type: 'string' },
  model_type: { enum: ['standard-v2', 'low-res-v2', 'cgi', 'high-fidelity-v2', 'text-refine', 'redefine'], type: 'string' },
  output_format: { enum: ['jpg', 'png'], type: 'string' }, seed: { type: 'integer' },
  upscale_factor: { enum: [1, 2, 4, 6], type: 'number' },
};
const lab851BgRemove: RecordedFields = {
  background_type: { enum: ['rgba', 'map', 'green', 'white', 'blur', 'overlay'], type: 'string' },
  format: { enum: ['png', 'jpg'], type: 'string' }, image: { format: 'uri', required: true, type: 'string' },
  reverse: { type: 'boolean' }, threshold: { maximum: 1, minimum: 0, type: 'number' },
};
const briaBgRemove: RecordedFields = {
  content_moderation: { type: 'boolean' }, image: { format: 'uri', required: true, type: 'string' },
};
const inpaintTop: RecordedFields = {
  mask: { maxLength: 12000000, minLength: 1, required: true, type: 'string' },
  parentJobId: { format: 'uuid', required: true, type: 'string' }, prompt: { maxLength: 2000, type: 'string' },
};
const outpaintTop: RecordedFields = {
  parentJobId: { format: 'uuid', required: true, type: 'string' },
  zoomRatio: { enum: [1.5, 2], required: true, type: 'number' },
};
const panTop: RecordedFields = {
  direction: { enum: ['up', 'down', 'left', 'right'], required: true, type: 'string' },
  parentJobId: { format: 'uuid', required: true, type: 'string' },
};
const upsampleTop: RecordedFields = {
  index: { enum: [1, 2, 3, 4], required: true, type: 'number' },
  parentJobId: { format: 'uuid', required: true, type: 'string' },
};

/** What the document says of the operations of the host. */
export const operations: readonly Listed[] = [
  { id: 'dall-e-2', action: 'generate', top: prompt, inputs: dalle },
  { id: 'dall-e-3', action: 'generate', top: prompt, inputs: dalle },
  { id: 'flux-1.1-pro', action: 'generate', top: prompt, inputs: flux },
  { id: 'flux-1.1-pro-ultra', action: 'generate', top: prompt, inputs: flux },
  { id: 'flux-2-dev', action: 'generate', top: prompt, inputs: flux },
  { id: 'flux-2-flex', action: 'generate', top: prompt, inputs: flux2Flex },
  { id: 'flux-2-max', action: 'generate', top: prompt, inputs: flux2Flex },
  { id: 'flux-2-pro', action: 'generate', top: prompt, inputs: flux2Flex },
  { id: 'flux-lora', action: 'generate', top: prompt, inputs: fluxLora },
  { id: 'gpt-image-1.5', action: 'generate', top: prompt, inputs: gptImage },
  { id: 'gpt-image-2', action: 'generate', top: prompt, inputs: gptImage2 },
  { id: 'grok-imagine-image', action: 'generate', top: prompt, inputs: grokImagine },
  { id: 'ideogram-character', action: 'generate', top: prompt, inputs: ideogram },
  { id: 'ideogram-v2', action: 'generate', top: prompt, inputs: ideogramV2 },
  { id: 'ideogram-v2-turbo', action: 'generate', top: prompt, inputs: ideogramV2 },
  { id: 'ideogram-v2a', action: 'generate', top: prompt, inputs: ideogramV2 },
  { id: 'ideogram-v2a-turbo', action: 'generate', top: prompt, inputs: ideogramV2 },
  { id: 'ideogram-v3-balanced', action: 'generate', top: prompt, inputs: ideogramV2 },
  { id: 'ideogram-v3-quality', action: 'generate', top: prompt, inputs: ideogramV2 },
  { id: 'ideogram-v3-turbo', action: 'generate', top: prompt, inputs: ideogramV2 },
  { id: 'ideogram-v4-balanced', action: 'generate', top: prompt, inputs: ideogramV2 },
  { id: 'ideogram-v4-quality', action: 'generate', top: prompt, inputs: ideogramV2 },
  { id: 'ideogram-v4-turbo', action: 'generate', top: prompt, inputs: ideogramV2 },
  { id: 'imagen-3', action: 'generate', top: prompt, inputs: imagen },
  { id: 'imagen-3-fast', action: 'generate', top: prompt, inputs: imagen },
  { id: 'imagen-4', action: 'generate', top: prompt, inputs: imagen },
  { id: 'imagen-4-fast', action: 'generate', top: prompt, inputs: imagen },
  { id: 'imagen-4-ultra', action: 'generate', top: prompt, inputs: imagen },
  { id: 'kling-image', action: 'generate', top: prompt, inputs: klingImage },
  { id: 'midjourney', action: 'generate', top: prompt, inputs: midjourney },
  { id: 'nano-banana', action: 'generate', top: prompt, inputs: nanoBanana },
  { id: 'nano-banana-2', action: 'generate', top: prompt, inputs: nanoBanana },
  { id: 'nano-banana-2-lite', action: 'generate', top: prompt, inputs: nanoBanana },
  { id: 'nano-banana-pro', action: 'generate', top: prompt, inputs: nanoBanana },
  { id: 'qwen-image', action: 'generate', top: prompt, inputs: qwenImage },
  { id: 'qwen-image-2', action: 'generate', top: prompt, inputs: qwenImage2 },
  { id: 'qwen-image-2-pro', action: 'generate', top: prompt, inputs: qwenImage2 },
  { id: 'reve-create', action: 'generate', top: prompt, inputs: reve },
  { id: 'seedream-3', action: 'generate', top: prompt, inputs: seedream },
  { id: 'seedream-3.1', action: 'generate', top: prompt, inputs: seedream },
  { id: 'seedream-4', action: 'generate', top: prompt, inputs: seedream },
  { id: 'seedream-4.5', action: 'generate', top: prompt, inputs: seedream },
  { id: 'seedream-5-lite', action: 'generate', top: prompt, inputs: seedream },
  { id: 'seedream-5-pro', action: 'generate', top: prompt, inputs: seedream },
  { id: 'stable-diffusion-3', action: 'generate', top: prompt, inputs: stableDiffusion },
  { id: 'stable-diffusion-3.5-large', action: 'generate', top: prompt, inputs: stableDiffusion },
  { id: 'stable-diffusion-3.5-large-turbo', action: 'generate', top: prompt, inputs: stableDiffusion },
  { id: 'stable-diffusion-3.5-medium', action: 'generate', top: prompt, inputs: stableDiffusion },
  { id: 'wan-image-2.6', action: 'generate', top: prompt, inputs: wanImage },
  { id: 'wan-image-2.7', action: 'generate', top: wanImage27Top, inputs: wanImage27 },
  { id: 'wan-image-2.7-pro', action: 'generate', top: wanImage27Top, inputs: wanImage27 },
  { id: 'flux-fill-pro', action: 'edit', top: fluxFillProTop, inputs: fluxFill },
  { id: 'clarity-upscale', action: 'upscale', top: fluxFillProTop, inputs: clarityUpscale },
  { id: 'topaz-image-upscale', action: 'upscale', top: fluxFillProTop, inputs: topazUpscale },
  { id: '851-bg-remove', action: 'background-remove', top: fluxFillProTop, inputs: lab851BgRemove },
  { id: 'bria-bg-remove', action: 'background-remove', top: fluxFillProTop, inputs: briaBgRemove },
  { id: 'inpaint', action: 'midjourney-action', top: inpaintTop, inputs: fluxFillProTop },
  { id: 'outpaint', action: 'midjourney-action', top: outpaintTop, inputs: fluxFillProTop },
  { id: 'pan', action: 'midjourney-action', top: panTop, inputs: fluxFillProTop },
  { id: 'upsample', action: 'midjourney-action', top: upsampleTop, inputs: fluxFillProTop },
  { id: 'variation', action: 'midjourney-action', top: upsampleTop, inputs: fluxFillProTop },
];
