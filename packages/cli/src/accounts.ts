import type { Provider } from '@imageport/core';
import { nodeTransport } from '@imageport/core/node';
import type { LoadedConfig } from './config.ts';
import { type HostEntry, hosts } from './hosts.ts';
import type { Io } from './io.ts';

/** The accounts at hand. */
export interface Accounts {
  readonly providers: readonly Provider[];
  /** Names of the hosts that can be asked. */
  readonly usable: readonly string[];
  /** There is no key at all, so the emulator draws. */
  readonly emulated: boolean;
  /** The base URL of every host. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Hosts reached elsewhere than at their own address, in words. */
  readonly detours: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Accounts from the environment; without any key, those of an emulator inside this process. */
export async function openAccounts(io: Io, config: LoadedConfig): Promise<Accounts> {
  const accounts = describeAccounts(io, config);
  if (accounts.usable.length > 0) return accounts;
  // Loaded only when needed: it has an image library.
  const { createEmulator } = await import('@imageport/emulator');
  const emulator = createEmulator();
  return {
    providers: hosts.map(({ name, create }) => create(emulator[name])),
    usable: hosts.map(({ name }) => name),
    emulated: true,
    addresses: {},
    detours: {},
    close: () => emulator.close(),
  };
}

/** Accounts that may lack their keys: enough to list models and to check requests. */
export function describeAccounts({ env }: Pick<Io, 'env'>, config: LoadedConfig): Accounts {
  const found = hosts.map((host) => ({ ...host, ...locate(host, env, config) }));
  const usable = found.filter(({ adapter }) => env[adapter.env.apiKey]?.trim());
  return {
    providers: found.map(({ adapter, create, baseUrl }) => {
      const apiKey = env[adapter.env.apiKey]?.trim();
      return create({ baseUrl, transport: nodeTransport(), ...(apiKey ? { apiKey } : {}) });
    }),
    usable: usable.map(({ name }) => name),
    emulated: false,
    addresses: Object.fromEntries(found.map(({ name, baseUrl }) => [name, baseUrl])),
    detours: Object.fromEntries(
      found
        .filter(({ adapter, baseUrl }) => baseUrl !== adapter.baseUrl)
        .map(({ name, baseUrl, source }) => [name, `${name} is asked at ${baseUrl}, as ${source} says.`]),
    ),
    close: async () => undefined,
  };
}

/** The environment wins over the config, the config over the host's own address. */
function locate({ name, adapter }: HostEntry, env: Io['env'], config: LoadedConfig) {
  const fromEnvironment = env[adapter.env.baseUrl];
  if (fromEnvironment) return { baseUrl: fromEnvironment.replace(/\/+$/, ''), source: adapter.env.baseUrl };
  const fromConfig = config.providers?.[name]?.baseUrl;
  return { baseUrl: (fromConfig ?? adapter.baseUrl).replace(/\/+$/, ''), source: config.source };
}

const keyVariables = hosts.map(({ adapter }) => adapter.env.apiKey).join(' or ');

/** What somebody must know who sees a picture that no model made. */
export const firstRun: readonly string[] = [
  'No API key found, so this picture is drawn locally by the emulator: no model made it, nothing was charged.',
  `For a real one set ${keyVariables}.`,
];
