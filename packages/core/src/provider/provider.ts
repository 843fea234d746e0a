import type { Adapter } from '../contract/adapter.ts';
import type { ImageRequest } from '../contract/request.ts';
import { createHost, type Host, type ProviderOptions } from './host.ts';

/** One account at one host: callable with a model id, portable or the host's own. */
export interface Provider {
  (modelId: string): ImageModel;
  readonly provider: string;
  readonly adapter: Adapter;
  /** The engine's side of the account. Not for users. */
  readonly '~host': Host;
}

/** What makes the picture: a model id at an account. */
export interface ImageModel {
  readonly provider: Provider;
  readonly modelId: string;
}

/** A model as a route holds it. */
export interface RouteModel extends ImageModel {
  /** What differs at this model from the wish of the call. */
  readonly overrides?: Partial<ImageRequest>;
  /** Why it stands where it stands, in words. */
  readonly chosen?: string;
}

/** Joins an adapter and an account. Reads nothing and sends nothing until a model is used. */
export function createProvider(adapter: Adapter, options: ProviderOptions = {}): Provider {
  const host = createHost(adapter, options);
  const provider: Provider = Object.assign((modelId: string): ImageModel => ({ provider, modelId }), {
    provider: adapter.name,
    adapter,
    '~host': host,
  });
  return Object.defineProperty(provider, 'name', { value: adapter.name });
}
