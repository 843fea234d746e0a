import type { Call, GenerateImageOptions } from './call.ts';
import { withEngine } from './engine.ts';
import type { GenerateImageResult } from './picture/result.ts';
import { openCall } from './ready.ts';
import type { ImageOptions } from './verbs.ts';

/**
 * Makes one or more pictures: submits, waits, returns. It ends by its deadline, pays at most once per picture unless
 * told otherwise, and throws an `ImageError` that says truthfully whether money was spent. Finished pictures are
 * never discarded: each is handed to `deliver` as soon as it is finished, and the call throws only if there is none.
 */
export const generateImage = (options: GenerateImageOptions): Promise<GenerateImageResult> => makeImages(options);

/** The same for every verb, which `task` names. */
export function makeImages(options: ImageOptions): Promise<GenerateImageResult> {
  try {
    const call = openCall(options);
    return call instanceof Promise ? call.then(make) : make(call);
  } catch (error) {
    return Promise.reject(error);
  }
}

const make = (call: Call): Promise<GenerateImageResult> => withEngine(({ generate }) => generate(call));
