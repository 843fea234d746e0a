import type { Adapter } from '../contract/adapter.ts';
import { invalid } from '../errors/invalid.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { Credentials } from './account.ts';
import type { BulkPoll } from './bulk.ts';
import type { Transport } from './transport.ts';

/** What an account may do at its host. What is not given is not limited, until the host refuses. */
export interface Limits {
  /** Jobs that run at the host at the same time. */
  readonly jobs?: number | undefined;
  /** Submits started in any 60 seconds. They may all come at once. */
  readonly submitsPerMinute?: number | undefined;
  /** Requests of any kind per second. A second's worth of them may come at once. */
  readonly requestsPerSecond?: number | undefined;
  /** How many submits may wait because of the limits. Whoever comes after them is refused, and nothing is billed. @default 1000 */
  readonly queue?: number | undefined;
}

export interface ProviderOptions extends Credentials {
  /** Used for every request of this provider. @default the runtime's own fetch, as it is at the time of the request */
  fetch?: typeof globalThis.fetch | undefined;
  /** What carries the requests, instead of fetch: on servers `nodeTransport()` of `@imageport/core/node`. */
  transport?: Transport | undefined;
  /**
   * Nobody else submits with this key: no other program, and no other ledger. Then a lost submit without a seed of its
   * own may be recognised by counting. @default false
   */
  exclusive?: boolean | undefined;
  /** When this account's jobs are polled, unless a call gives its own `interval`. @default made from the model's table */
  schedule?: Schedule | undefined;
  /** Polls many jobs with one request: `bulkPoll()` of `@imageport/core/bulk-poll`. @default every job by itself */
  bulkPoll?: BulkPoll | undefined;
  /** What the account may do: jobs at once, submits per minute, requests per second. @default no limit until the host refuses */
  limits?: Limits | undefined;
  /** Ports that pictures may be fetched from, besides 443 and the port of `baseUrl`. @default none */
  picturePorts?: readonly number[] | undefined;
  /** Requests to the host that may be under way at once, polls and downloads included. @default 64 */
  requestsInFlight?: number | undefined;
}

/** Throws `invalid_request` for what no account can be. */
export function checkOptions(adapter: Adapter, options: ProviderOptions): void {
  if (typeof options !== 'object' || options === null)
    throw invalid(`the options of ${adapter.name} must be an object`);
  const { requestsInFlight = 1, schedule, bulkPoll, exclusive, transport, limits, fetch, picturePorts = [] } = options;
  if (fetch !== undefined && typeof fetch !== 'function')
    throw invalid('`fetch` must be a function like the one of the runtime');
  if (!(Number.isInteger(requestsInFlight) && requestsInFlight > 0)) {
    throw invalid('`requestsInFlight` must be a whole number above 0');
  }
  if (!(Array.isArray(picturePorts) && picturePorts.every((port) => port > 0 && port < 65_536))) {
    throw invalid('`picturePorts` must be a list of ports such as [8443]');
  }
  if (schedule !== undefined && typeof schedule !== 'function') throw invalid('`schedule` must be a function');
  if (bulkPoll !== undefined && !(typeof bulkPoll === 'function' && '~bulkPoll' in bulkPoll)) {
    throw invalid('`bulkPoll` must come from bulkPoll() of @imageport/core/bulk-poll');
  }
  if (bulkPoll !== undefined && !adapter.list?.bulk) {
    throw invalid(
      `\`bulkPoll\` is not for ${adapter.name}: the host does not want its job list polled for many jobs at once`,
    );
  }
  if (exclusive !== undefined && typeof exclusive !== 'boolean') throw invalid('`exclusive` must be true or false');
  if (transport !== undefined && typeof transport?.send !== 'function') {
    throw invalid('`transport` must be a transport, such as nodeTransport()');
  }
  if (limits !== undefined) checkLimits(limits);
}

const names = ['jobs', 'submitsPerMinute', 'requestsPerSecond', 'queue'];

/** A limit of nothing would wait for ever. */
function checkLimits(limits: Limits): void {
  const isObject = typeof limits === 'object' && limits !== null && !Array.isArray(limits);
  if (!isObject) throw invalid('`limits` must be an object like { jobs: 10, submitsPerMinute: 60 }');
  const stranger = Object.keys(limits).find((name) => !names.includes(name));
  if (stranger !== undefined) throw invalid(`\`limits.${stranger}\` is no limit; there are ${names.join(', ')}`);
  const { queue = 0 } = limits;
  if (!(Number.isInteger(queue) && queue >= 0)) throw invalid('`limits.queue` must be a whole number, 0 or more');
  for (const name of ['jobs', 'submitsPerMinute', 'requestsPerSecond'] as const) {
    const limit: unknown = limits[name] === undefined ? 1 : limits[name];
    if (!(typeof limit === 'number' && limit > 0)) throw invalid(`\`limits.${name}\` must be a number above 0`);
  }
}
