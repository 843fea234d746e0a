import { toPng } from '../pictures.ts';

const picture = toPng(0);

/** A PNG with the id of its job behind. */
export const png = (job: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...picture, ...new TextEncoder().encode(job)]);

/** Whose picture it is. */
export const jobOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(picture.length));
