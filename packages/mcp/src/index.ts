export type { ImageServerOptions } from './options.ts';
export { createImageServer, type ImageServer } from './server.ts';
