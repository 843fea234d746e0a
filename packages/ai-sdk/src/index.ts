import type { ImageModelV4, ProviderV4 } from '@ai-sdk/provider';
import { type ImageportOptions, openProvider } from './provider.ts';

/** Callable with a name of the registry, or with `host:model`; `.image` and `.imageModel` are the same. */
export interface ImageportProvider extends ProviderV4 {
  (modelId: string): ImageModelV4;
  image(modelId: string): ImageModelV4;
}

/**
 * A provider for the AI SDK 7, whose `generateImage` may repeat a call as often as it likes: what is paid, or perhaps paid,
 * and was never handed over goes to the next attempt, and to the next equal call. `@imageport/ai-sdk/v3` is for `ai` 6.
 *
 * Throws an `ImageError` with `invalid_request` for options that are wrong. A call rejects with an `APICallError`, from which
 * `imageErrorOf` digs the `ImageError`; an unknown name with a `NoSuchModelError`.
 */
export const createImageport = (options: ImageportOptions): ImageportProvider => openProvider(options, 'v4');

export type { ImageportOptions } from './provider.ts';
export { imageErrorOf } from './to-error.ts';
export type { ImageportCallOptions } from './to-request.ts';
