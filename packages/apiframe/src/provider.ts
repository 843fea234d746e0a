import { createProvider, type Provider, type ProviderOptions } from '@imageport/core';
import { apiframeAdapter } from './adapter.ts';

/** An account at Apiframe, to be called with a model id: `createApiframe({ apiKey })('seedream-4')`. */
export const createApiframe = (options: ProviderOptions = {}): Provider => createProvider(apiframeAdapter, options);

/** The account of `APIFRAME_API_KEY`, which is read when the first model is used. */
export const apiframe: Provider = createApiframe();
