import type { Adapter, HttpRequest } from '../contract/adapter.ts';
import { ImageError } from '../errors/image-error.ts';
import { isLoopback } from '../http/address.ts';
import { Secret } from '../http/secret.ts';
import { type Exchange, send } from '../http/send.ts';
import { invalid } from '../request/options.ts';

/** Whom to ask, and as whom. */
export interface Credentials {
  /** @default the host's environment variable, read at the first use */
  apiKey?: string | undefined;
  /** What stands before the API's paths. https, or http on this machine. @default the environment variable, then the host's own address */
  baseUrl?: string | undefined;
  /** Used for every request of this provider. @default the runtime's own fetch */
  fetch?: typeof globalThis.fetch | undefined;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Milliseconds to the headers. */
  readonly timeout: number;
  readonly maxBytes?: number;
  readonly bodyTimeout?: number;
  readonly idempotencyKey?: string;
  readonly form?: FormData;
}

/** The part of a provider that holds the key: everything it sends goes to its own address, and nothing it says holds the key. */
export interface Account {
  readonly fetch: typeof globalThis.fetch;
  /** Throws `unauthenticated` without a key and `invalid_request` for an address that is not safe. */
  ready(): void;
  /** The host runs on this machine, so plain http is fine, for pictures too. */
  isLocal(): boolean;
  send(request: HttpRequest, options: SendOptions): Promise<Exchange>;
  /** Makes the host's words fit for an error message: one line, no key. */
  quote(text: string): string;
}

const maxAnswer = 2 * 1024 * 1024;

export function createAccount(adapter: Adapter, options: Credentials): Account {
  let secret = options.apiKey === undefined ? undefined : new Secret(options.apiKey, adapter.name);
  let baseUrl = options.baseUrl === undefined ? undefined : checkBaseUrl(options.baseUrl, adapter.name);
  const fetch: typeof globalThis.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const key = (): Secret => {
    secret ??= readKey(adapter);
    return secret;
  };
  let local: boolean | undefined;
  const base = (): string => {
    baseUrl ??= checkBaseUrl(environment(adapter.env.baseUrl) ?? adapter.baseUrl, adapter.name);
    return baseUrl;
  };
  return {
    fetch,
    ready() {
      base();
      key();
    },
    isLocal() {
      local ??= isLoopback(new URL(base()).hostname);
      return local;
    },
    async send(request, { idempotencyKey, ...call }) {
      const { idempotency } = adapter;
      const keyed = idempotency && idempotencyKey ? { [idempotency.header]: idempotencyKey } : {};
      const headers = { ...adapter.authorize(key().reveal()), ...keyed };
      const exchange = await send(request, { maxBytes: maxAnswer, ...call, baseUrl: base(), fetch, headers });
      const { requestId } = exchange;
      // A host, or who stands in for it, may send anything back.
      return requestId === undefined ? exchange : { ...exchange, requestId: key().redact(requestId).slice(0, 128) };
    },
    quote: (text) =>
      (secret?.redact(text) ?? text)
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .slice(0, 300),
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

function checkBaseUrl(text: string, owner: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !safe) throw invalid(`\`baseUrl\` of ${owner} must be an https address (http only on this machine)`);
  if (url.username || url.password || url.search || url.hash) {
    throw invalid(`\`baseUrl\` of ${owner} must hold nothing but scheme, host, port and path`);
  }
  return url.href.replace(/\/+$/, '');
}
