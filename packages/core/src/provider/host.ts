import type { Adapter, HttpRequest } from '../contract/adapter.ts';
import type { Exchange } from '../http/send.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createMemoryLedger } from '../ledger/memory.ts';
import { type Breaker, createBreaker } from '../pace/breaker.ts';
import { createGate, type Gate } from '../pace/gate.ts';
import { createLimiter, type Limiter, type Limits } from '../pace/limits.ts';
import { invalid } from '../request/options.ts';
import { type Schedule, toSchedule } from '../schedule/schedule.ts';
import { type Account, type Credentials, createAccount, type SendOptions } from './account.ts';
import { type Claims, createClaims } from './claims.ts';
import { createExperience, type Experience } from './experience.ts';
import { createOpenQuestions, type OpenQuestions } from './open-questions.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';
import { createSweep, type Sweep } from './sweep.ts';

export interface ProviderOptions extends Credentials {
  /** When this account's jobs are looked at, unless a call gives its own `interval`. @default made from the model's table */
  schedule?: Schedule | undefined;
  /** Look at many jobs with one request for the host's list, from eight jobs in flight on. @default where the host allows it */
  sweep?: boolean | undefined;
  /** What the account may do: jobs at once, submits per minute, requests per second. @default no limit until the host refuses */
  limits?: Limits | undefined;
  /** Requests to the host that may be under way at once, looks and downloads included. @default 64 */
  requestsInFlight?: number | undefined;
}

export interface CallOptions extends SendOptions {
  /** The caller has a place at the gate already. */
  readonly held?: boolean;
}

/** An account as the engine sees it: it can ask the host, and it keeps the key to itself. */
export interface Host extends Omit<Account, 'send'> {
  readonly adapter: Adapter;
  call(request: HttpRequest, options: CallOptions): Promise<Exchange>;
  /** Where intents go when the caller brings no ledger. */
  readonly ledger: Ledger;
  readonly retries: RetryBudget;
  readonly questions: OpenQuestions;
  readonly experience: Experience;
  readonly schedule: Schedule | undefined;
  readonly sweep: Sweep;
  readonly gate: Gate;
  readonly limiter: Limiter;
  readonly breaker: Breaker;
  /** Whether the host answers a free request. */
  isWell(): Promise<boolean>;
  readonly claimed: Claims;
  /** Bodies that are being submitted right now, and how often: a listed job that looks like them may be theirs. */
  readonly underWay: Map<string, number>;
}

const probeTimeout = 5_000;

export function createHost(adapter: Adapter, options: ProviderOptions): Host {
  const { send, ...account } = createAccount(adapter, options);
  checkOptions(options);
  const gate = createGate(options.requestsInFlight ?? 64);
  const limiter = createLimiter(options.limits);
  let sweep: Sweep | undefined;
  const host: Host = {
    ...account,
    ...{ adapter, gate, limiter, breaker: createBreaker(), schedule: toSchedule(options.schedule) },
    get sweep() {
      sweep ??= createSweep(host, options.sweep ?? adapter.list?.sweep ?? false);
      return sweep;
    },
    async call(request, { held = false, ...call }) {
      if (held) return send(request, call);
      let leave: (() => void) | undefined;
      try {
        await limiter.request(call.signal);
        leave = await gate.enter('poll', call.signal);
        return await send(request, call);
      } catch (error) {
        if (leave) throw error;
        return { sent: 'no', bodyState: 'none', error };
      } finally {
        leave?.();
      }
    },
    async isWell() {
      // It serves whoever waits, so no single caller's signal may end it.
      const { signal } = new AbortController();
      const times = { timeout: probeTimeout, bodyTimeout: probeTimeout };
      const { status = 0 } = await host.call(adapter.probe, { signal, ...times });
      return status >= 200 && status < 500 && status !== 429;
    },
    ledger: createMemoryLedger(),
    retries: createRetryBudget(),
    questions: createOpenQuestions(),
    experience: createExperience(),
    claimed: createClaims(),
    underWay: new Map(),
  };
  return host;
}

/** Throws `invalid_request` for what no account can be. */
function checkOptions({ requestsInFlight = 1, schedule, sweep }: ProviderOptions): void {
  if (!(Number.isInteger(requestsInFlight) && requestsInFlight > 0)) {
    throw invalid('`requestsInFlight` must be a whole number above 0');
  }
  if (schedule !== undefined && typeof schedule !== 'function') throw invalid('`schedule` must be a function');
  if (sweep !== undefined && typeof sweep !== 'boolean') throw invalid('`sweep` must be true or false');
}
