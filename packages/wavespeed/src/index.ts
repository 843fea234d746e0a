export { wavespeedAdapter } from './adapter.ts';
export type { WavespeedModelId } from './ids.ts';
export { wavespeedLevels } from './limits.ts';
export type { LiveCatalogue } from './live/live-catalogue.ts';
export { createWavespeed, type WavespeedOptions, wavespeed } from './provider.ts';
export { verifyWavespeedWebhook, type WavespeedWebhook } from './webhook.ts';
