export { wavespeedAdapter } from './adapter.ts';
export { createWavespeed, wavespeed } from './provider.ts';
