import { createProvider, type ModelId, type NativeFields, type Provider, type ProviderOptions } from '@imageport/core';
import { apiframeAdapter } from './adapter.ts';
import type { ApiframeModelId } from './catalogue/ids.ts';

declare module '@imageport/core' {
  interface KnownHosts {
    /** Fields of the model as Apiframe documents them; of an id that is in no table its `…Params` object. */
    apiframe: NativeFields;
  }
}

/** An account at Apiframe, to be called with a model id: `createApiframe({ apiKey })('seedream-4')`. */
export const createApiframe = (options: ProviderOptions = {}): Provider<ModelId<ApiframeModelId>> =>
  createProvider(apiframeAdapter, options);

/** The account of `APIFRAME_API_KEY`, which is read when the first model is used. */
export const apiframe: Provider<ModelId<ApiframeModelId>> = createApiframe();
