/** Bytes of our own memory: `Uint8Array<ArrayBuffer>`, which TypeScript before 5.7 knows as `Uint8Array` only. */
export type Bytes = ReturnType<Uint8Array['slice']>;
