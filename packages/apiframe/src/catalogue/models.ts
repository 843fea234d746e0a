// biome-ignore-all format: written by catalogue/generate.ts, from recorded.json and overrides.ts beside it

import * as shapes from './shapes.ts';
import type { Model, Shape } from './sheet.ts';

/** The host's models by what they share. */
export const models: readonly (readonly [Shape, readonly Model[]])[] = [
  [shapes.dalle, [
    { id: 'dall-e-2', portable: 'dall-e-2', price: { credits: 2, asOf: '2026-08-28' } },
    { id: 'dall-e-3', portable: 'dall-e-3' },
  ]],
  [shapes.flux, [
    { id: 'flux-1.1-pro', portable: 'flux-1.1-pro', price: { credits: 5, asOf: '2026-08-28' } },
  ]],
  [shapes.flux11ProUltra, [
    { id: 'flux-1.1-pro-ultra', portable: 'flux-1.1-pro-ultra', price: { credits: 8, asOf: '2026-08-28' } },
  ]],
  [shapes.flux2Dev, [
    { id: 'flux-2-dev', portable: 'flux-2-dev', price: { credits: 2, asOf: '2026-08-28' } },
  ]],
  [shapes.flux2Flex, [
    { id: 'flux-2-flex', portable: 'flux-2-flex' },
  ]],
  [shapes.flux2Max, [
    { id: 'flux-2-max', portable: 'flux-2-max' },
  ]],
  [shapes.flux2Pro, [
    { id: 'flux-2-pro', portable: 'flux-2-pro' },
  ]],
  [shapes.fluxLora, [
    { id: 'flux-lora' },
  ]],
  [shapes.gptImage, [
    { id: 'gpt-image-1.5', portable: 'gpt-image-1.5', price: { credits: { high: 24, low: 4, medium: 9 }, by: 'quality', usual: 'high', per: 'number_of_images' } },
  ]],
  [shapes.gptImage2, [
    { id: 'gpt-image-2', portable: 'gpt-image-2', price: { credits: { high: 23, low: 4, medium: 9 }, by: 'quality', usual: 'high', per: 'number_of_images' } },
  ]],
  [shapes.grokImagine, [
    { id: 'grok-imagine-image', portable: 'grok-imagine-image', price: { credits: 2, asOf: '2026-08-28' } },
  ]],
  [shapes.ideogram, [
    { id: 'ideogram-character', portable: 'ideogram-character' },
  ]],
  [shapes.ideogramV2, [
    { id: 'ideogram-v2', portable: 'ideogram-v2' },
    { id: 'ideogram-v2-turbo', portable: 'ideogram-v2-turbo' },
    { id: 'ideogram-v2a', portable: 'ideogram-v2a' },
    { id: 'ideogram-v2a-turbo', portable: 'ideogram-v2a-turbo', price: { credits: 3, asOf: '2026-08-28' } },
    { id: 'ideogram-v3-balanced', portable: 'ideogram-v3-balanced' },
    { id: 'ideogram-v3-quality', portable: 'ideogram-v3-quality' },
    { id: 'ideogram-v4-balanced' },
    { id: 'ideogram-v4-quality' },
    { id: 'ideogram-v4-turbo', price: { credits: 4, asOf: '2026-08-28' } },
  ]],
  [shapes.ideogramV3Turbo, [
    { id: 'ideogram-v3-turbo', portable: 'ideogram-v3-turbo', price: { credits: 3 } },
  ]],
  [shapes.imagen, [
    { id: 'imagen-3', portable: 'imagen-3' },
    { id: 'imagen-3-fast', portable: 'imagen-3-fast' },
    { id: 'imagen-4-fast', portable: 'imagen-4-fast', price: { credits: 2, asOf: '2026-08-28' } },
  ]],
  [shapes.imagen4, [
    { id: 'imagen-4', portable: 'imagen-4', price: { credits: 7 } },
    { id: 'imagen-4-ultra', portable: 'imagen-4-ultra' },
  ]],
  [shapes.klingImage, [
    { id: 'kling-image', price: { credits: 2, per: 'n' } },
  ]],
  [shapes.midjourney, [
    { id: 'midjourney', portable: 'midjourney', price: { credits: 16 } },
  ]],
  [shapes.nanoBanana, [
    { id: 'nano-banana', portable: 'nano-banana', price: { credits: 5, asOf: '2026-08-28' } },
  ]],
  [shapes.nanoBanana2, [
    { id: 'nano-banana-2', portable: 'nano-banana-2' },
    { id: 'nano-banana-2-lite', portable: 'nano-banana-2-lite', price: { credits: 4, asOf: '2026-08-28' } },
    { id: 'nano-banana-pro', portable: 'nano-banana-pro' },
  ]],
  [shapes.qwenImage, [
    { id: 'qwen-image', portable: 'qwen-image' },
  ]],
  [shapes.qwenImage2, [
    { id: 'qwen-image-2', portable: 'qwen-image-2', price: { credits: 3 } },
    { id: 'qwen-image-2-pro', portable: 'qwen-image-2-pro' },
  ]],
  [shapes.reve, [
    { id: 'reve-create', portable: 'reve-create' },
  ]],
  [shapes.stableDiffusion, [
    { id: 'stable-diffusion-3', portable: 'stable-diffusion-3' },
    { id: 'stable-diffusion-3.5-large', portable: 'stable-diffusion-3.5-large' },
    { id: 'stable-diffusion-3.5-large-turbo', portable: 'stable-diffusion-3.5-large-turbo' },
    { id: 'stable-diffusion-3.5-medium', portable: 'stable-diffusion-3.5-medium' },
  ]],
  [shapes.wanImage, [
    { id: 'wan-image-2.6', portable: 'wan-image-2.6' },
  ]],
  [shapes.wanImage27, [
    { id: 'wan-image-2.7', portable: 'wan-image-2.7' },
    { id: 'wan-image-2.7-pro', portable: 'wan-image-2.7-pro' },
  ]],
  [shapes.fluxFill, [
    { id: 'flux-fill-pro', price: { credits: 9 } },
  ]],
  [shapes.clarityUpscale, [
    { id: 'clarity-upscale', price: { credits: 3 } },
  ]],
  [shapes.topazUpscale, [
    { id: 'topaz-image-upscale' },
  ]],
  [shapes.lab851BgRemove, [
    { id: '851-bg-remove' },
  ]],
  [shapes.briaBgRemove, [
    { id: 'bria-bg-remove', portable: 'bria-remove-background' },
  ]],
  [shapes.midjourneyAction, [
    { id: 'midjourney', portable: 'midjourney', price: { credits: { inpaint: 16, outpaint: 16, pan: 16, upsample: 4, variation: 16 }, by: 'action' } },
  ]],
];
