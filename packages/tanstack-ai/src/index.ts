export { createImageport, type ImageportAdapter, type ImageportOptions } from './adapter.ts';
export type { ImageportModelOptions } from './to-picture.ts';
