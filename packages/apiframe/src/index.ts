export { apiframeAdapter } from './adapter.ts';
export { apiframe, createApiframe } from './provider.ts';
