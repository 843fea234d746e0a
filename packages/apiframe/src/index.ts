export { apiframeAdapter } from './adapter.ts';
export type { ApiframeModelId } from './catalogue/ids.ts';
export { apiframeLimits } from './limits.ts';
export { apiframe, createApiframe } from './provider.ts';
export { type ApiframeWebhook, verifyApiframeWebhook } from './webhook.ts';
