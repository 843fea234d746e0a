import { createProvider, type ModelId, type NativeFields, type Provider, type ProviderOptions } from '@imageport/core';
import { wavespeedAdapter } from './adapter.ts';
import type { WavespeedModelId } from './ids.ts';

declare module '@imageport/core' {
  interface KnownHosts {
    /** Fields of WaveSpeedAI, as its pages name them. */
    wavespeed: NativeFields;
  }
}

/** An account at WaveSpeedAI, to be called with a model id: `createWavespeed({ apiKey })('seedream-4')`. */
export const createWavespeed = (options: ProviderOptions = {}): Provider<ModelId<WavespeedModelId>> =>
  createProvider(wavespeedAdapter, options);

/** The account of `WAVESPEED_API_KEY`, which is read when the first model is used. */
export const wavespeed: Provider<ModelId<WavespeedModelId>> = createWavespeed();
