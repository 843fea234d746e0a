import { apiframeAdapter, createApiframe } from '@imageport/apiframe';
import type { Adapter, Provider, ProviderOptions } from '@imageport/core';
import { createWavespeed, wavespeedAdapter } from '@imageport/wavespeed';

export interface HostEntry {
  readonly name: 'wavespeed' | 'apiframe';
  readonly adapter: Adapter;
  create(options: ProviderOptions): Provider;
}

/** The hosts this command line knows, in the order of a default route. */
export const hosts: readonly HostEntry[] = [
  { name: 'wavespeed', adapter: wavespeedAdapter, create: createWavespeed },
  { name: 'apiframe', adapter: apiframeAdapter, create: createApiframe },
];
