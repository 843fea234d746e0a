import { type ErrorCode, ImageError } from '@imageport/core';

/** An error found before anything was sent. */
export const refusal = (code: ErrorCode, message: string): ImageError =>
  new ImageError({ code, message, billed: 'no', stage: 'prepare' });

/** The caller's slip. */
export const usage = (message: string): ImageError => refusal('invalid_request', message);
