export { keysSchema, openKeys } from './keys.ts';
export { newKey } from './new-key.ts';
export { type Served, type ServeOptions, serveGateway } from './serve.ts';
