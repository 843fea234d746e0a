import type { Provider } from '@imageport/core';
import { nodeTransport } from '@imageport/core/node';
import type { LoadedConfig } from './config.ts';
import { addressesOf } from './config-addresses.ts';
import { type HostEntry, hosts } from './hosts.ts';
import type { Io } from './io.ts';
import { loadEmulator } from './load-emulator.ts';
import { note } from './terminal/write.ts';
import { isTrusted } from './trust.ts';
import { refusal, usage } from './usage.ts';
import { quote } from './words.ts';

/** The accounts at hand. */
export interface Accounts {
  readonly providers: readonly Provider[];
  /** Names of the hosts that can be asked. */
  readonly usable: readonly string[];
  /** There is no key at all, so the emulator draws. */
  readonly emulated: boolean;
  /** Why a host cannot be asked, in words: "WAVESPEED_API_KEY is not set". */
  readonly lacking: Readonly<Record<string, string>>;
  /** The base URL of every host. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Hosts reached elsewhere than at their own address, in words. */
  readonly detours: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const keyVariables = hosts.map(({ adapter }) => adapter.env.apiKey).join(' or ');

export interface OpenOptions {
  /** Whether pictures may be drawn locally where there is no key. @default true */
  readonly emulate?: boolean | undefined;
  /** What is drawn locally carries the words of its prompt. */
  readonly caption?: boolean | undefined;
}

/** Accounts from the environment; without any key, those of an emulator inside this process. */
export async function openAccounts(
  io: Io,
  config: LoadedConfig,
  { emulate = true, caption = false }: OpenOptions = {},
): Promise<Accounts> {
  const accounts = readyAccounts(io, config);
  if (accounts.usable.length > 0) return accounts;
  refuseBlankKeys(io);
  if (!emulate) throw refusal('unauthenticated', `There is no API key, so nothing was sent: set ${keyVariables}`);
  const { createEmulator } = await loadEmulator(`No API key found: set ${keyVariables}. `);
  const emulator = createEmulator({ caption });
  return {
    providers: hosts.map(({ name, create }) => create(emulator[name])),
    usable: hosts.map(({ name }) => name),
    emulated: true,
    lacking: {},
    addresses: {},
    detours: {},
    close: () => emulator.close(),
  };
}

/** A variable that holds nothing is a secret that did not arrive: whoever set it wants no drawing. */
function refuseBlankKeys({ env }: Pick<Io, 'env'>): void {
  const blank = hosts.flatMap(({ adapter }) => (isBlank(env[adapter.env.apiKey]) ? [adapter.env.apiKey] : []));
  if (blank.length === 0) return;
  const [which, it] = blank.length === 1 ? ['is', 'it'] : ['are', 'them'];
  throw refusal(
    'unauthenticated',
    `${blank.join(' and ')} ${which} set but blank, so nothing was sent: put your key there, or unset ${it} to have pictures drawn locally`,
  );
}

const isBlank = (key: string | undefined): boolean => key !== undefined && key.trim() === '';

export interface ReadyOptions {
  /** Hosts are also asked what needs no key. @default false */
  readonly open?: boolean;
}

/** Accounts that requests are sent with. Throws where a config that merely lies there would get a key, or an open question. */
export function readyAccounts(
  io: Pick<Io, 'env'>,
  config: LoadedConfig,
  { open = false }: ReadyOptions = {},
): Accounts {
  refuseUntrusted(io, config, open);
  return describeAccounts(io, config);
}

function refuseUntrusted({ env }: Pick<Io, 'env'>, config: LoadedConfig, open: boolean): void {
  const { source = '', trust = 'none' } = config;
  if (isTrusted(trust)) return;
  const hasKey = ({ adapter }: HostEntry): boolean => Boolean(env[adapter.env.apiKey]?.trim());
  const [found] = addressesOf(config).flatMap((address) => {
    const host = hosts.find(({ name }) => name === address.provider);
    if (!host || env[host.adapter.env.baseUrl]) return [];
    return hasKey(host) || (open && host.adapter.catalogue?.list?.open) ? [{ ...address, host }] : [];
  });
  if (!found) return;
  const does = hasKey(found.host) ? `would send your key to ${found.url}` : `would have ${found.url} asked`;
  const why = trust === 'changed' ? 'the file has changed since it was trusted' : 'nobody has trusted this file';
  throw usage(
    `${source}: "providers.${found.provider}.baseUrl" ${does}, and ${why}, so nothing was sent. If that address is right, say \`imageport trust\` once, or give \`--config ${quote(source)}\``,
  );
}

/** Says which hosts are asked elsewhere than at their own address: a key goes there. */
export function noteDetours(io: Io, names: readonly string[], { detours }: Accounts): void {
  for (const name of new Set(names)) if (detours[name] !== undefined) note(io, detours[name]);
}

/** Accounts to list models, to check requests and to show jobs with: nothing is sent with them. */
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
    lacking: Object.fromEntries(
      found
        .filter((each) => !usable.includes(each))
        .map(({ name, adapter }) => [
          name,
          `${adapter.env.apiKey} is ${isBlank(env[adapter.env.apiKey]) ? 'blank' : 'not set'}`,
        ]),
    ),
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

/** What somebody must know who sees a picture that no model made. */
export const firstRun: readonly string[] = [
  'No API key found, so this picture is drawn locally by the emulator: no model made it, nothing was charged.',
  `For a real one set ${keyVariables}. With --caption a drawing shows the words of its prompt.`,
];
