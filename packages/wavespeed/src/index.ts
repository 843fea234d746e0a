export { wavespeedAdapter } from './adapter.ts';
export type { WavespeedModelId } from './ids.ts';
export { wavespeedLevels } from './limits.ts';
export { createWavespeed, wavespeed } from './provider.ts';
export { verifyWavespeedWebhook, type WavespeedWebhook } from './webhook.ts';
