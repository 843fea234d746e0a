import { createProvider, type Provider, type ProviderOptions } from '@imageport/core';
import { wavespeedAdapter } from './adapter.ts';

/** An account at WaveSpeedAI, to be called with a model id: `createWavespeed({ apiKey })('seedream-4')`. */
export const createWavespeed = (options: ProviderOptions = {}): Provider => createProvider(wavespeedAdapter, options);

/** The account of `WAVESPEED_API_KEY`, which is read when the first model is used. */
export const wavespeed: Provider = createWavespeed();
