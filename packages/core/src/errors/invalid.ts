import { ImageError } from './image-error.ts';

/** What is wrong with something the caller gave: nothing was sent. */
export const invalid = (message: string): ImageError =>
  new ImageError({ code: 'invalid_request', message, billed: 'no', stage: 'prepare' });

/** The options of a call, which a program without types may leave out. */
export function toObject<Options extends object>(options: Options): Options {
  if (typeof options === 'object' && options !== null) return options;
  throw invalid('options must be an object');
}
