import type { ImageModel } from './model-v3.ts';
import { type ImageportOptions, openProvider } from './provider.ts';

/** A `ProviderV3`, callable with a name of the registry, or with `host:model`; `.image` and `.imageModel` are the same. */
export interface ImageportProvider {
  (modelId: string): ImageModel;
  readonly specificationVersion: 'v3';
  image(modelId: string): ImageModel;
  imageModel(modelId: string): ImageModel;
  /** Throws `NoSuchModelError`, as does `embeddingModel`. */
  languageModel(modelId: string): never;
  embeddingModel(modelId: string): never;
}

/** The same for `ai` 6: see `createImageport` of `@imageport/ai-sdk`. */
export const createImageport = (options: ImageportOptions): ImageportProvider => openProvider(options, 'v3');

export type { ImageCallOptions, ImageModel, ImageResult } from './model-v3.ts';
export type { ImageportOptions } from './provider.ts';
export { imageErrorOf } from './to-error.ts';
export type { ImageportCallOptions } from './to-request.ts';
