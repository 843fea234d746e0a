import type { Adapter, HttpRequest } from '../contract/adapter.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createMemoryLedger } from '../ledger/memory.ts';
import { type Schedule, toSchedule } from '../schedule/schedule.ts';
import type { Account } from './account.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import type { BulkPoller } from './bulk.ts';
import { fetchTransport } from './fetch-transport.ts';
import { type GuardedTransport, guardTransport } from './foreign.ts';
import { createLimiter, type Limiter } from './limits.ts';
import type { ProviderOptions } from './options.ts';
import { createPendingUnknowns, type PendingUnknowns } from './pending-unknowns.ts';
import type { Provider } from './provider.ts';
import { redactionOf } from './redaction.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';
import { createScheduler, type Lane, type Scheduler } from './scheduler.ts';
import { hideSignatures } from './signed-address.ts';
import { createStats, type Stats } from './stats.ts';
import type { Exchange } from './transport.ts';

export interface SendOptions {
  /** Ends the exchange; the transport ends it too when a limit is over. */
  readonly cut: AbortController;
  /** Milliseconds to the headers. */
  readonly timeout: number;
  /** Milliseconds from the headers to the end of the body. @default 20000 */
  readonly bodyTimeout?: number;
  /** Bytes of the body, after decompression. @default 2 MiB */
  readonly maxBytes?: number;
  readonly idempotencyKey?: string | undefined;
  readonly unrepeatable?: boolean;
  readonly form?: FormData;
}

/** An account as the engine sees it: it can ask the host, and it keeps the key to itself. */
export interface Host extends Account {
  readonly adapter: Adapter;
  readonly transport: GuardedTransport;
  readonly exclusive: boolean;
  /** Makes the host's words fit for an error message: one line, no key, no signed address. */
  quote(text: string): string;
  /** Sends at once: whoever calls has a slot. Never rejects. */
  send(request: HttpRequest, options: SendOptions): Promise<Exchange>;
  /** Waits for a slot, then sends. Rejects with the signal's reason. */
  ask(request: HttpRequest, signal: AbortSignal, options?: Partial<SendOptions> & { lane?: Lane }): Promise<Exchange>;
  /** Milliseconds by which the host's clock is ahead of ours, by its latest answer; undefined until one showed it. */
  clockOffset(): number | undefined;
  /** Where intents go when the caller brings no ledger. */
  readonly ledger: Ledger;
  readonly scheduler: Scheduler;
  readonly limiter: Limiter;
  readonly breaker: Breaker;
  readonly retries: RetryBudget;
  readonly unknowns: PendingUnknowns;
  readonly stats: Stats;
  readonly schedule: Schedule | undefined;
  readonly bulkPoll: BulkPoller | undefined;
  /** Whether the host answers a free request. */
  isWell(): Promise<boolean>;
}

const probeTimeout = 5_000;
const defaultTimeout = 10_000;
const defaultBodyTimeout = 20_000;
const maxAnswer = 2 * 1024 * 1024;

/** The host behind a provider, opened when it is first used. */
export function hostAt({ adapter, '~account': openable }: Provider): Host {
  openable.host ??= createHost(adapter, openable.account, openable.options);
  return openable.host;
}

function createHost(adapter: Adapter, account: Account, options: Omit<ProviderOptions, 'apiKey'>): Host {
  const limiter = createLimiter(options.limits);
  const scheduler = createScheduler(options.requestsInFlight ?? 64, limiter);
  limiter.onChange = scheduler.pump;
  let offset: number | undefined;
  const clockOffset = (): number | undefined => offset;
  const note = ({ date }: Exchange): void => {
    if (date !== undefined) offset = date - Date.now();
  };
  const carrier = options.transport ?? fetchTransport(options.fetch);
  const transport = guardTransport(carrier, account, { ports: options.picturePorts, note });
  const send: Host['send'] = (request, call) => transport.send(toOutgoing(adapter, account, request, call));
  const ask: Host['ask'] = async (request, signal, { lane = 'poll', ...call } = {}) => {
    const leave = await scheduler.enter(lane, signal);
    const cut = new AbortController();
    const abort = (): void => cut.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await send(request, { timeout: defaultTimeout, ...call, cut });
    } finally {
      signal.removeEventListener('abort', abort);
      leave();
    }
  };
  return {
    ...account,
    ...{ adapter, transport, scheduler, limiter, send, ask },
    exclusive: options.exclusive ?? false,
    quote: (text) =>
      hideSignatures(redactionOf(account.key()).text(text))
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .slice(0, 300),
    schedule: toSchedule(options.schedule),
    bulkPoll: options.bulkPoll?.({ adapter, ask, clockOffset, scheduler }),
    clockOffset,
    async isWell() {
      // It serves whoever waits, so no single caller's signal may end it.
      const { signal } = new AbortController();
      const times = { timeout: probeTimeout, bodyTimeout: probeTimeout };
      const { status = 0 } = await ask(adapter.probe, signal, times);
      return status >= 200 && status < 500 && status !== 429;
    },
    ledger: createMemoryLedger(),
    breaker: createBreaker(),
    retries: createRetryBudget(),
    unknowns: createPendingUnknowns(),
    stats: createStats(),
  };
}

function toOutgoing(adapter: Adapter, account: Account, request: HttpRequest, call: SendOptions) {
  const { idempotencyKey, form, cut, timeout, bodyTimeout = defaultBodyTimeout, maxBytes = maxAnswer } = call;
  const { idempotency } = adapter;
  const isPaid = call.unrepeatable || idempotencyKey !== undefined;
  const { restore } = redactionOf(account.key());
  // What is paid for says what its caller wrote; anything else may name a job of which the host made the key a part.
  const named = (text: string): string => (isPaid ? text : restore(text));
  const body = form ?? (request.body && named(JSON.stringify(request.body)));
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...request.headers,
    ...adapter.authorize(account.key().reveal()),
  };
  if (typeof body === 'string') headers['content-type'] = 'application/json';
  if (idempotency && idempotencyKey) headers[idempotency.header] = idempotencyKey;
  const url = account.baseUrl() + named(request.path);
  const { unrepeatable } = call;
  // Written out: most requests are polls, and there are many.
  return body === undefined
    ? { method: request.method, url, headers, cut, timeout, bodyTimeout, maxBytes, unrepeatable }
    : { method: request.method, url, headers, body, cut, timeout, bodyTimeout, maxBytes, unrepeatable };
}
