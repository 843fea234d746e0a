import { apiframeAdapter, createApiframe } from '@imageport/apiframe';
import type { Adapter, Provider, ProviderOptions } from '@imageport/core';
import { createWavespeed, wavespeedAdapter } from '@imageport/wavespeed';
import type { LoadedConfig } from './config.ts';
import type { Io } from './io.ts';

interface HostEntry {
  readonly name: 'wavespeed' | 'apiframe';
  readonly adapter: Adapter;
  create(options: ProviderOptions): Provider;
}

/** The hosts this command line knows, in the order of a default route. */
export const hosts: readonly HostEntry[] = [
  { name: 'wavespeed', adapter: wavespeedAdapter, create: createWavespeed },
  { name: 'apiframe', adapter: apiframeAdapter, create: createApiframe },
];

/** The accounts at hand. */
export interface Accounts {
  readonly providers: readonly Provider[];
  /** Names of the hosts that can be asked. */
  readonly usable: readonly string[];
  /** There is no key at all, so the emulator draws. */
  readonly emulated: boolean;
  /** Hosts reached elsewhere than at their own address, in words. */
  readonly detours: readonly string[];
  close(): Promise<void>;
}

/** Accounts from the environment; without any key, those of an emulator inside this process. */
export async function openAccounts(io: Io, config: LoadedConfig): Promise<Accounts> {
  const accounts = describeAccounts(io, config);
  if (accounts.usable.length > 0) return accounts;
  // Loaded only when needed: it brings a picture library.
  const { createEmulator } = await import('@imageport/emulator');
  const emulator = createEmulator();
  return {
    providers: hosts.map(({ name, create }) => create(emulator[name])),
    usable: hosts.map(({ name }) => name),
    emulated: true,
    detours: [],
    close: () => emulator.close(),
  };
}

/** Accounts that may lack their keys: enough to look at models and to check requests. */
export function describeAccounts({ env }: Pick<Io, 'env'>, config: LoadedConfig): Accounts {
  const usable = hosts.filter(({ adapter }) => env[adapter.env.apiKey]?.trim());
  const providers = hosts.map(({ name, adapter, create }) => {
    const apiKey = env[adapter.env.apiKey]?.trim() || undefined;
    const baseUrl = env[adapter.env.baseUrl] || config.providers?.[name]?.baseUrl || adapter.baseUrl;
    return create({ baseUrl, ...(apiKey ? { apiKey } : {}) });
  });
  const detours = usable.flatMap(({ name, adapter }) => {
    const own = env[adapter.env.baseUrl];
    const other = own || config.providers?.[name]?.baseUrl;
    return other && other !== adapter.baseUrl
      ? [`${name} is asked at ${other}, as ${own ? adapter.env.baseUrl : config.source} says.`]
      : [];
  });
  return { providers, usable: usable.map(({ name }) => name), emulated: false, detours, close: async () => undefined };
}

/** The environment variables that hold keys. */
export const keyVariables: readonly string[] = hosts.map(({ adapter }) => adapter.env.apiKey);
