import type { Task } from '@imageport/core';

/**
 * Ids that mean the same model on every host, and what they are here: the model that draws from words, then the one that
 * takes reference pictures, where that is another one.
 */
// biome-ignore format: one model a line
export const portable: Readonly<Record<string, readonly [string, string?]>> = {
  'bria-remove-background': ['bria/remove-background'],
  'dall-e-2': ['openai/dall-e-2'],
  'dall-e-3': ['openai/dall-e-3'],
  'flux-1.1-pro': ['wavespeed-ai/flux-1.1-pro'],
  'flux-1.1-pro-ultra': ['wavespeed-ai/flux-1.1-pro-ultra'],
  'flux-2-dev': ['wavespeed-ai/flux-2-dev/text-to-image', 'wavespeed-ai/flux-2-dev/edit'],
  'flux-2-flex': ['wavespeed-ai/flux-2-flex/text-to-image', 'wavespeed-ai/flux-2-flex/edit'],
  'flux-2-max': ['wavespeed-ai/flux-2-max/text-to-image', 'wavespeed-ai/flux-2-max/edit'],
  'flux-2-pro': ['wavespeed-ai/flux-2-pro/text-to-image', 'wavespeed-ai/flux-2-pro/edit'],
  'gpt-image-1.5': ['openai/gpt-image-1.5/text-to-image', 'openai/gpt-image-1.5/edit'],
  'gpt-image-2': ['openai/gpt-image-2/text-to-image', 'openai/gpt-image-2/edit'],
  'grok-imagine-image': ['x-ai/grok-imagine-image/text-to-image', 'x-ai/grok-imagine-image/edit'],
  'ideogram-character': ['ideogram-ai/ideogram-character'],
  'ideogram-v2': ['ideogram-ai/ideogram-v2'],
  'ideogram-v2-turbo': ['ideogram-ai/ideogram-v2-turbo'],
  'ideogram-v2a': ['ideogram-ai/ideogram-v2a'],
  'ideogram-v2a-turbo': ['ideogram-ai/ideogram-v2a-turbo'],
  'ideogram-v3-balanced': ['ideogram-ai/ideogram-v3-balanced'],
  'ideogram-v3-quality': ['ideogram-ai/ideogram-v3-quality'],
  'ideogram-v3-turbo': ['ideogram-ai/ideogram-v3-turbo'],
  'imagen-3': ['google/imagen3'],
  'imagen-3-fast': ['google/imagen3-fast'],
  'imagen-4': ['google/imagen4'],
  'imagen-4-fast': ['google/imagen4-fast'],
  'imagen-4-ultra': ['google/imagen4-ultra'],
  'midjourney': ['midjourney/text-to-image'],
  'nano-banana': ['google/nano-banana/text-to-image', 'google/nano-banana/edit'],
  'nano-banana-2': ['google/nano-banana-2/text-to-image', 'google/nano-banana-2/edit'],
  'nano-banana-2-lite': ['google/nano-banana-2-lite/text-to-image', 'google/nano-banana-2-lite/edit'],
  'nano-banana-pro': ['google/nano-banana-pro/text-to-image', 'google/nano-banana-pro/edit'],
  'qwen-image': ['wavespeed-ai/qwen-image/text-to-image', 'wavespeed-ai/qwen-image/edit'],
  'qwen-image-2': ['wavespeed-ai/qwen-image-2.0/text-to-image', 'wavespeed-ai/qwen-image-2.0/edit'],
  'qwen-image-2-pro': ['wavespeed-ai/qwen-image-2.0-pro/text-to-image', 'wavespeed-ai/qwen-image-2.0-pro/edit'],
  'reve-create': ['reve/text-to-image', 'reve/edit'],
  'stable-diffusion-3': ['stability-ai/stable-diffusion-3'],
  'stable-diffusion-3.5-large': ['stability-ai/stable-diffusion-3.5-large'],
  'stable-diffusion-3.5-large-turbo': ['stability-ai/stable-diffusion-3.5-large-turbo'],
  'stable-diffusion-3.5-medium': ['stability-ai/stable-diffusion-3.5-medium'],
  'wan-image-2.6': ['alibaba/wan-2.6/text-to-image', 'alibaba/wan-2.6/image-edit'],
  'wan-image-2.7': ['alibaba/wan-2.7/text-to-image', 'alibaba/wan-2.7/image-edit'],
  'wan-image-2.7-pro': ['alibaba/wan-2.7/text-to-image-pro', 'alibaba/wan-2.7/image-edit-pro'],
};

/** What models do that do not draw; every other one makes a picture of words or pictures. */
export const tasks: Readonly<Record<string, Exclude<Task, 'generate'>>> = {
  'bria/remove-background': 'remove-background',
  'ideogram-ai/remove-background': 'remove-background',
  'wavespeed-ai/feynobg': 'remove-background',
  'wavespeed-ai/image-background-remover': 'remove-background',
  'wavespeed-ai/real-esrgan': 'upscale',
};

/** The same by the host's category. */
export const tasksByType: typeof tasks = { upscaler: 'upscale' };

/** Their picture is there to be masked; what they refer to stands in `reference_images`. */
export const onlyMasked: ReadonlySet<string> = new Set([
  'ideogram-ai/ideogram-v2',
  'ideogram-ai/ideogram-v2-turbo',
  'ideogram-ai/ideogram-v2a',
  'ideogram-ai/ideogram-v2a-turbo',
  'ideogram-ai/ideogram-v3-balanced',
  'ideogram-ai/ideogram-v3-quality',
  'ideogram-ai/ideogram-v3-turbo',
]);

/** They change pictures, though the host's category does not say so. */
export const changePictures: ReadonlySet<string> = new Set([
  'wavespeed-ai/flux-kontext-dev-lora',
  'wavespeed-ai/flux-kontext-dev-lora-ultra-fast',
]);

/** Their formulas count in numbers of their own, which do not fit the base price of the list. */
export const doubtfulPrices: ReadonlySet<string> = new Set([
  'clarity-ai/crystal-upscaler',
  'openai/gpt-image-2/edit',
  'runwayml/gen4-image',
]);
