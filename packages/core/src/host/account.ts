import type { Adapter } from '../contract/adapter.ts';
import { ImageError } from '../errors/image-error.ts';
import { invalid } from '../errors/invalid.ts';
import { isLoopback, toUrl } from './address.ts';
import { Secret } from './secret.ts';

/** Whom to ask, and as whom. */
export interface Credentials {
  /** The key of the account; it is sent to this host only. @default the host's environment variable, read at the first use */
  apiKey?: string | undefined;
  /** What stands before the API's paths. https, or http on this machine. @default the environment variable, then the host's own address */
  baseUrl?: string | undefined;
}

/** Where an account's requests go, and the key they carry. */
export interface Account {
  /** Throws `unauthenticated` without a key and `invalid_request` for an address that is not safe. */
  ready(): void;
  baseUrl(): string;
  /** The base URL without a slash at its end: whose jobs it can be asked about. A path of it may be a tenant's. */
  origin(): string;
  key(): Secret;
  /** The host runs on this machine, so plain http is fine, for pictures too. */
  isLocal(): boolean;
}

export function createAccount(adapter: Adapter, options: Credentials): Account {
  let secret = options.apiKey === undefined ? undefined : new Secret(options.apiKey, adapter.name);
  let baseUrl = options.baseUrl === undefined ? undefined : checkBaseUrl(options.baseUrl, adapter.name);
  let local: boolean | undefined;
  const key = (): Secret => {
    secret ??= readKey(adapter);
    return secret;
  };
  const base = (): string => {
    baseUrl ??= checkBaseUrl(environment(adapter.env.baseUrl) ?? adapter.baseUrl, adapter.name);
    return baseUrl;
  };
  return {
    key,
    baseUrl: base,
    ready() {
      base();
      key();
    },
    origin: base,
    isLocal() {
      local ??= isLoopback(new URL(base()).hostname);
      return local;
    },
  };
}

function readKey(adapter: Adapter): Secret {
  const value = environment(adapter.env.apiKey);
  if (value?.trim()) return new Secret(value, adapter.name);
  throw new ImageError({
    code: 'unauthenticated',
    message: `There is no API key for ${adapter.name}: set ${adapter.env.apiKey} or give \`apiKey\``,
    billed: 'no',
    stage: 'prepare',
    provider: adapter.name,
  });
}

function environment(name: string): string | undefined {
  const node = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process;
  return node?.env?.[name] || undefined;
}

/** Ports that fetch refuses to connect to (the Fetch standard's "bad ports"). */
const blockedPorts = new Set(
  (
    '0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 ' +
    '135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 ' +
    '995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080'
  ).split(' '),
);

function checkBaseUrl(text: string, owner: string): string {
  const url = toUrl(text);
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !safe) throw invalid(`\`baseUrl\` of ${owner} must be an https address (http only on this machine)`);
  if (url.username || url.password || url.search || url.hash) {
    throw invalid(`\`baseUrl\` of ${owner} must hold nothing but scheme, host, port and path`);
  }
  if (blockedPorts.has(url.port)) {
    throw invalid(`\`baseUrl\` of ${owner} has port ${url.port}, which fetch never connects to; use another port`);
  }
  return url.href.replace(/\/+$/, '');
}
