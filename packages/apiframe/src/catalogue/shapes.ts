// biome-ignore-all format: written by catalogue/generate.ts, from recorded.json and overrides.ts beside it

import type { Action, Shape } from './sheet.ts';
import { choice, flag, integer, number, text, url, urls, uuid } from './spec.ts';

export const dalle: Shape = { params: 'dalleParams', prompt: 2000, fields: {
  aspect_ratio: choice(['1:1', '3:2', '2:3']), style: choice(['vivid', 'natural']),
} };

export const flux: Shape = { params: 'fluxParams', prompt: 2000, nativeOnly: ['input_images', 'image_prompt'], fields: {
  aspect_ratio: text({ pattern: /^\d+:\d+$/, hint: '"W:H"' }), go_fast: flag, guidance: number(1.5, 10),
  height: integer(256, 1440), image_prompt: url, image_prompt_strength: number(0, 1), input_images: urls(10),
  output_format: choice(['jpg', 'png', 'webp']), output_quality: integer(0, 100), prompt_upsampling: flag, raw: flag,
  resolution: text(), seed: integer(), steps: integer(1, 50), width: integer(256, 1440),
} };

export const flux11ProUltra: Shape = { params: 'fluxParams', prompt: 2000, nativeOnly: ['input_images', 'image_prompt'], fields: {
  ...flux.fields, height: integer(256, 2048), width: integer(256, 2048),
} };

export const flux2Dev: Shape = { params: 'fluxParams', prompt: 2000, fields: flux11ProUltra.fields };

export const flux2Flex: Shape = { params: 'fluxParams', prompt: 2000, fields: {
  ...flux11ProUltra.fields, guidance: number(1.5, 10, 4.5),
  resolution: choice(['0.5MP', '1MP', '2MP', '4MP', 'match_input_image']), steps: integer(1, 50, 30),
} };

export const flux2Max: Shape = { params: 'fluxParams', prompt: 2000, fields: {
  ...flux11ProUltra.fields, resolution: choice(['0.5MP', '1MP', '2MP', '4MP', 'match_input_image']),
} };

export const flux2Pro: Shape = { params: 'fluxParams', prompt: 2000, fields: {
  ...flux2Max.fields, input_images: urls(8),
} };

export const fluxLora: Shape = { params: 'fluxLoraParams', prompt: 2000, required: ['loraId'], fields: {
  aspect_ratio: choice(['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3']), guidance_scale: number(1, 10),
  loraId: uuid, lora_strength: number(0, 1.5), num_inference_steps: integer(4, 50), num_outputs: integer(1, 4),
  output_format: choice(['png', 'jpg', 'webp']), seed: integer(),
} };

export const gptImage: Shape = { params: 'gptImageParams', prompt: 2000, fields: {
  aspect_ratio: choice(['1:1', '3:2', '2:3'], '1:1'), background: choice(['auto', 'transparent', 'opaque'], 'auto'),
  input_fidelity: choice(['low', 'high'], 'low'), input_images: urls(), number_of_images: integer(1, 10, 1),
  output_format: choice(['png', 'jpeg', 'webp'], 'webp'), quality: choice(['low', 'medium', 'high', 'auto'], 'auto'),
} };

export const gptImage2: Shape = { params: 'gptImage2Params', prompt: 2000, fields: {
  aspect_ratio: choice(['1:1', '3:2', '2:3'], '1:1'), background: choice(['auto', 'opaque'], 'auto'),
  input_images: urls(), moderation: choice(['auto', 'low']), number_of_images: integer(1, 10, 1),
  output_format: choice(['png', 'jpeg', 'webp'], 'webp'), quality: choice(['low', 'medium', 'high', 'auto'], 'auto'),
} };

export const grokImagine: Shape = { params: 'grokImagineParams', prompt: 2000, fields: {
  aspect_ratio: choice(['1:1', '2:3', '3:2', '16:9', '9:16']), image: url,
} };

export const ideogram: Shape = { params: 'ideogramParams', prompt: 2000, required: ['character_reference_image'], nativeOnly: ['image'], fields: {
  aspect_ratio: text(), character_reference_image: url, image: url, magic_prompt_option: choice(['Auto', 'On', 'Off']),
  mask: url, negative_prompt: text(), rendering_speed: choice(['default', 'turbo', 'quality']), resolution: text(),
  seed: integer(), style_preset: text(), style_reference_images: urls(3), style_type: text(),
} };

export const ideogramV2: Shape = { params: 'ideogramParams', prompt: 2000, nativeOnly: ['image', 'character_reference_image'], fields: ideogram.fields };

export const ideogramV3Turbo: Shape = { params: 'ideogramParams', prompt: 2000, nativeOnly: ['image', 'character_reference_image'], fields: {
  ...ideogram.fields,
  aspect_ratio: choice(['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '16:10', '10:16', '3:1', '1:3']),
  resolution: text({ pattern: /^(None|\d+x\d+)$/, hint: '"None" or "WxH"' }),
  style_type: choice(['None', 'Auto', 'General', 'Realistic', 'Design']),
} };

export const imagen: Shape = { params: 'imagenParams', prompt: 2000, nativeOnly: ['image_size'], fields: {
  aspect_ratio: choice(['1:1', '9:16', '16:9', '3:4', '4:3'], '1:1'), image_size: choice(['1K', '2K'], '1K'),
  output_format: choice(['jpg', 'png'], 'jpg'),
} };

export const imagen4: Shape = { params: 'imagenParams', prompt: 2000, fields: imagen.fields };

export const klingImage: Shape = { params: 'klingImageParams', prompt: 2000, fields: {
  aspect_ratio: choice(['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3']), image: url, image_fidelity: number(0, 1),
  model_name: choice(['kling-v1', 'kling-v1-5', 'kling-v2'], 'kling-v1'), n: integer(1, 4, 1),
  negative_prompt: text({ max: 2500 }),
} };

export const midjourney: Shape = { params: 'midjourneyParams', prompt: 2000, fields: {
  aspect_ratio: text({ pattern: /^\d+:\d+$/, hint: '"W:H"' }),
} };

export const nanoBanana: Shape = { params: 'nanoBananaParams', prompt: 2000, nativeOnly: ['resolution'], fields: {
  aspect_ratio: text(), google_search: flag, image_input: urls(14), image_search: flag,
  output_format: choice(['jpg', 'png', 'webp']), resolution: choice(['512px', '1K', '2K', '4K']),
} };

export const nanoBanana2: Shape = { params: 'nanoBananaParams', prompt: 2000, fields: nanoBanana.fields };

export const qwenImage: Shape = { params: 'qwenImageParams', prompt: 2000, fields: {
  acceleration: choice(['none', 'regular', 'high']), guidance_scale: number(0, 20),
  image_size: choice(['square', 'square_hd', 'portrait_4_3', 'portrait_16_9', 'landscape_4_3', 'landscape_16_9']),
  image_url: url, negative_prompt: text({ max: 500 }), num_images: integer(1, 4), num_inference_steps: integer(2, 250),
  output_format: choice(['png', 'jpeg']), seed: integer(), strength: number(0, 1),
  task_type: choice(['text-to-image', 'image-to-image', 'image-edit']),
} };

export const qwenImage2: Shape = { params: 'qwenImage2Params', prompt: 2000, fields: {
  aspect_ratio: choice(['1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '21:9', '2:1', '1:2']), image: url,
  negative_prompt: text({ max: 500 }), seed: integer(),
} };

export const reve: Shape = { params: 'reveParams', prompt: 2000, fields: {
  aspect_ratio: choice(['16:9', '9:16', '3:2', '2:3', '4:3', '3:4', '1:1']), seed: integer(), version: text(),
} };

export const stableDiffusion: Shape = { params: 'stableDiffusionParams', prompt: 2000, fields: {
  aspect_ratio: choice(['1:1', '16:9', '21:9', '3:2', '2:3', '4:5', '5:4', '9:16', '9:21']), cfg: number(0, 20),
  image: url, negative_prompt: text({ max: 2000 }), output_format: choice(['webp', 'jpg', 'png']),
  output_quality: integer(0, 100), prompt_strength: number(0, 1), seed: integer(), steps: integer(1, 40),
} };

export const wanImage: Shape = { params: 'wanImageParams', prompt: 2000, fields: {
  aspect_ratio: choice(['1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '21:9']), image: url,
  negative_prompt: text({ max: 500 }), prompt_extend: flag, seed: integer(0, 2147483647),
} };

export const wanImage27: Shape = { params: 'wanImage27Params', prompt: 5000, fields: {
  aspect_ratio: choice(['1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '21:9']), image: url,
  seed: integer(0, 2147483647), thinking_mode: flag,
} };

export const fluxFill: Shape = { path: '/v2/images/edit', params: 'fluxFillParams', required: ['image', 'mode', 'prompt'], whiteMask: true, fields: {
  guidance: number(2, 5, 3), image: url, mask: url, mode: choice(['inpaint', 'outpaint']),
  outpaint: choice(['Zoom out 1.5x', 'Zoom out 2x', 'Make square', 'Left outpaint', 'Right outpaint', 'Top outpaint', 'Bottom outpaint']),
  output_format: choice(['jpg', 'png']), prompt: text({ min: 1, max: 2000 }), prompt_upsampling: flag,
  safety_tolerance: integer(1, 6, 2), seed: integer(), steps: integer(1, 50, 50),
} };

export const clarityUpscale: Shape = { path: '/v2/images/upscale', task: 'upscale', params: 'clarityUpscaleParams', required: ['image'], fields: {
  creativity: number(0, 1), dynamic: number(1, 50), image: url, negative_prompt: text({ max: 2000 }),
  num_inference_steps: integer(1, 100), output_format: choice(['png', 'jpg', 'webp']), prompt: text({ max: 2000 }),
  resemblance: number(0, 3), scale_factor: choice([1, 2, 4, 8]), seed: integer(), sharpen: number(0, 10),
} };

export const topazUpscale: Shape = { path: '/v2/images/upscale', task: 'upscale', params: 'topazUpscaleParams', required: ['image'], fields: {
  face_enhance: flag, face_enhance_creativity: number(0, 1), face_enhance_strength: number(0, 1), image: url,
  model_type: choice(['standard-v2', 'low-res-v2', 'cgi', 'high-fidelity-v2', 'text-refine', 'redefine']),
  output_format: choice(['jpg', 'png']), seed: integer(), upscale_factor: choice([1, 2, 4, 6]),
} };

export const lab851BgRemove: Shape = { path: '/v2/images/background-remove', task: 'remove-background', params: 'lab851BgRemoveParams', required: ['image'], fields: {
  background_type: choice(['rgba', 'map', 'green', 'white', 'blur', 'overlay']), format: choice(['png', 'jpg']),
  image: url, reverse: flag, threshold: number(0, 1),
} };

export const briaBgRemove: Shape = { path: '/v2/images/background-remove', task: 'remove-background', params: 'briaBgRemoveParams', required: ['image'], fields: {
  content_moderation: flag, image: url,
} };

export const midjourneyAction: Shape = { path: '/v2/images/midjourney/action', task: 'vary', required: ['action', 'parentJobId'], fields: {
  action: choice(['inpaint', 'outpaint', 'pan', 'upsample', 'variation']),
  mask: text({ pattern: /^[\w+/=-]+$/, hint: 'base64', min: 1, max: 12000000 }), parentJobId: uuid,
  prompt: text({ max: 2000 }), zoomRatio: choice([1.5, 2]), direction: choice(['up', 'down', 'left', 'right']),
  index: choice([1, 2, 3, 4]),
} };

/** What goes with a Midjourney action beside the job. */
export const actions: Readonly<Record<string, Action>> = {
  inpaint: { needs: ['mask'], takes: ['prompt'] }, outpaint: { needs: ['zoomRatio'], takes: [] },
  pan: { needs: ['direction'], takes: [] }, upsample: { needs: ['index'], takes: [] },
  variation: { needs: ['index'], takes: [] },
};
