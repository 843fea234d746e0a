import { type GenerateImageOptions, parseCall } from './call.ts';
import { withEngine } from './engine.ts';
import type { GenerateImageResult } from './picture/result.ts';

/**
 * Makes one or more pictures: submits, waits, returns. It ends by its deadline, pays at most once per picture unless
 * told otherwise, and throws an `ImageError` that says truthfully whether money was spent. Finished pictures are
 * never discarded: each is handed to `deliver` as soon as it is finished, and the call throws only if there is none.
 */
export function generateImage(options: GenerateImageOptions): Promise<GenerateImageResult> {
  try {
    const call = parseCall(options);
    return withEngine(({ generate }) => generate(call));
  } catch (error) {
    return Promise.reject(error);
  }
}
