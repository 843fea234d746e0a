import {
  createProvider,
  ImageError,
  type ModelId,
  type NativeFields,
  type Provider,
  type ProviderOptions,
} from '@imageport/core';
import { wavespeedAdapter } from './adapter.ts';
import type { WavespeedModelId } from './ids.ts';
import type { LiveCatalogue } from './live/live-catalogue.ts';

declare module '@imageport/core' {
  interface KnownHosts {
    /** Fields of WaveSpeedAI, as its pages name them. */
    wavespeed: NativeFields;
  }
}

export interface WavespeedOptions extends ProviderOptions {
  /**
   * Validates against the host's own list of models, which has ids newer than the tables: `liveCatalogue()` of
   * `@imageport/wavespeed/live`. @default the tables
   */
  catalogue?: LiveCatalogue | undefined;
}

/** An account at WaveSpeedAI, to be called with a model id: `createWavespeed({ apiKey })('seedream-4')`. */
export function createWavespeed(options: WavespeedOptions = {}): Provider<ModelId<WavespeedModelId>> {
  const { catalogue, ...rest } = options ?? {};
  if (catalogue === undefined) return createProvider(wavespeedAdapter, options);
  if (typeof catalogue?.['~bind'] !== 'function') throw badCatalogue();
  // With a list of its own an account has an adapter of its own.
  const bound = catalogue['~bind'](() => {
    const { account } = provider['~account'];
    const headers = wavespeedAdapter.authorize(account.key().reveal());
    return { baseUrl: account.baseUrl(), headers, fetch: rest.fetch };
  });
  const adapter = { ...wavespeedAdapter, families: [], catalogue: { ...bound, asksHost: true } };
  const provider = createProvider<WavespeedModelId>(adapter, rest);
  return provider;
}

const badCatalogue = (): ImageError =>
  new ImageError({
    ...{ code: 'invalid_request', billed: 'no', stage: 'prepare', provider: wavespeedAdapter.name },
    message: '`catalogue` must come from liveCatalogue() of @imageport/wavespeed/live',
  });

/** The account of `WAVESPEED_API_KEY`, which is read when the first model is used. */
export const wavespeed: Provider<ModelId<WavespeedModelId>> = createWavespeed();
