import { ImageError } from './image-error.ts';

/** What is wrong with something the caller gave: nothing was sent. */
export const invalid = (message: string): ImageError =>
  new ImageError({ code: 'invalid_request', message, billed: 'no', stage: 'prepare' });
