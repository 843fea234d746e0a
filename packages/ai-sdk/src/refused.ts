import { ImageError } from '@imageport/core';

/** Refused before anything is sent. */
export const refused = (message: string, code: 'invalid_request' | 'not_found' = 'invalid_request'): ImageError =>
  new ImageError({ code, message, billed: 'no', stage: 'prepare' });
