import type { Adapter, HttpRequest } from '../contract/adapter.ts';
import { ImageError } from '../errors/image-error.ts';
import { isLoopback } from '../http/address.ts';
import { Secret } from '../http/secret.ts';
import { type Exchange, send } from '../http/send.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createMemoryLedger } from '../ledger/memory.ts';
import { invalid } from '../request/options.ts';
import { createOpenQuestions, type OpenQuestions } from './open-questions.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';

export interface ProviderOptions {
  /** @default the host's environment variable, read at the first use */
  apiKey?: string | undefined;
  /** What stands before the API's paths. https, or http on this machine. @default the environment variable, then the host's own address */
  baseUrl?: string | undefined;
  /** Used for every request of this provider. @default the runtime's own fetch */
  fetch?: typeof globalThis.fetch | undefined;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Milliseconds to the headers. */
  readonly timeout: number;
  readonly maxBytes?: number;
  readonly bodyTimeout?: number;
  readonly idempotencyKey?: string;
  readonly form?: FormData;
}

/** An account as the engine sees it: it can ask the host, and it keeps the key to itself. */
export interface Host {
  readonly adapter: Adapter;
  readonly fetch: typeof globalThis.fetch;
  /** Throws `unauthenticated` without a key and `invalid_request` for an address that is not safe. */
  ready(): void;
  /** The host runs on this machine, so plain http is fine, for pictures too. */
  isLocal(): boolean;
  call(request: HttpRequest, options: CallOptions): Promise<Exchange>;
  /** Makes the host's words fit for an error message: one line, no key. */
  quote(text: string): string;
  /** Where intents go when the caller brings no ledger. */
  readonly ledger: Ledger;
  readonly retries: RetryBudget;
  readonly questions: OpenQuestions;
  /** Jobs that are known to belong to somebody: never adopted by another intent. */
  readonly claimed: Set<string>;
  /** Bodies that are being submitted right now, and how often: a listed job that looks like them may be theirs. */
  readonly underWay: Map<string, number>;
}

const maxAnswer = 2 * 1024 * 1024;

export function createHost(adapter: Adapter, options: ProviderOptions): Host {
  let secret = options.apiKey === undefined ? undefined : new Secret(options.apiKey, adapter.name);
  let baseUrl = options.baseUrl === undefined ? undefined : checkBaseUrl(options.baseUrl, adapter.name);
  const key = (): Secret => {
    secret ??= readKey(adapter);
    return secret;
  };
  const base = (): string => {
    baseUrl ??= checkBaseUrl(environment(adapter.env.baseUrl) ?? adapter.baseUrl, adapter.name);
    return baseUrl;
  };
  return {
    adapter,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    ready() {
      base();
      key();
    },
    isLocal: () => isLoopback(new URL(base()).hostname),
    async call(request, { idempotencyKey, form, ...call }) {
      const { idempotency } = adapter;
      const keyed = idempotency && idempotencyKey ? { [idempotency.header]: idempotencyKey } : {};
      const exchange = await send(request, {
        ...call,
        ...(form ? { form } : {}),
        maxBytes: call.maxBytes ?? maxAnswer,
        baseUrl: base(),
        fetch: this.fetch,
        headers: { ...adapter.authorize(key().reveal()), ...keyed },
      });
      const { requestId } = exchange;
      // A host, or who stands in for it, may send anything back.
      return requestId === undefined ? exchange : { ...exchange, requestId: key().redact(requestId).slice(0, 128) };
    },
    quote: (text) =>
      (secret?.redact(text) ?? text)
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .slice(0, 300),
    ledger: createMemoryLedger(),
    retries: createRetryBudget(),
    questions: createOpenQuestions(),
    claimed: new Set(),
    underWay: new Map(),
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
