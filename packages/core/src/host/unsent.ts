// Error codes tell that nothing left only where one request is all that was made. Node's fetch does that over HTTP/1.1
// with its plain Agent. Agents that retry, and functions around fetch, may tell the error of a later try; over HTTP/2
// undici puts what was under way back into its queue when a session ends, and gives it the error of the next connection.

/** What carried a request: taken before it leaves, asked after it failed. */
export interface Carrier {
  readonly fetch: unknown;
  readonly dispatchers: readonly unknown[];
}

const dispatcherKeys = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];

/** The fetch of the runtime as it is now. */
export const currentCarrier = (): Carrier => ({ fetch: globalThis.fetch, dispatchers: dispatchers() });

const dispatchers = (): unknown[] => dispatcherKeys.map((key) => (globalThis as Record<symbol, unknown>)[key]);

/** Whether this failure proves that the request never left. In doubt it does not. */
export function provesUnsent(error: unknown, carrier: Carrier): boolean {
  if (!isNodeFetch(carrier.fetch)) return false;
  if (innermostMessage(error) === 'bad port') return true;
  return isBeforeConnect(error) && carrier.dispatchers.every(wasPlainAgent);
}

function isNodeFetch(fetch: unknown): boolean {
  const { versions } = (globalThis as { process?: { versions?: { undici?: string } } }).process ?? {};
  // The majors whose behaviour is known: from 8 on, HTTP/2 is the default.
  if (typeof fetch !== 'function' || !/^[67]\./.test(versions?.undici ?? '')) return false;
  return Function.prototype.toString.call(fetch).includes("require('internal/deps/undici/undici')");
}

/** Undefined before the first request: fetch makes its own when it is loaded. */
function wasPlainAgent(before: unknown, index: number): boolean {
  const now = dispatchers()[index];
  return (before === undefined || before === now) && (now === undefined || isPlainAgent(now));
}

function isPlainAgent(agent: unknown): boolean {
  if (typeof agent !== 'object' || agent === null || agent.constructor?.name !== 'Agent') return false;
  const options = ownSymbol(agent, 'options') as { allowH2?: unknown; pipelining?: unknown; interceptors?: unknown };
  const factory = ownSymbol(agent, 'factory') as { name?: unknown } | undefined;
  // A composed agent is a Proxy with another `dispatch`.
  const composed = Reflect.get(agent, 'dispatch') !== Reflect.get(Object.getPrototypeOf(agent), 'dispatch');
  if (composed || !options || factory?.name !== 'defaultFactory') return false;
  return !options.allowH2 && Number(options.pipelining ?? 1) <= 1 && options.interceptors === undefined;
}

function ownSymbol(target: object, description: string): unknown {
  const key = Object.getOwnPropertySymbols(target).find((each) => each.description === description);
  return key && Reflect.get(target, key);
}

const codes = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];
const certificate = /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER))/;

interface NetworkError {
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
}

const asError = (value: unknown): NetworkError | undefined =>
  typeof value === 'object' && value !== null ? value : undefined;

/** Every cause inside must be one that comes before a connection: one that does not could be of another try. */
function isBeforeConnect(value: unknown, depth = 0): boolean {
  const error = asError(value);
  if (!error || depth > 8) return false;
  const named = typeof error.code === 'string';
  const early = named && (codes.includes(String(error.code)) || certificate.test(String(error.code)));
  const atConnect = error.syscall === 'connect' || error.syscall === 'getaddrinfo';
  if (named && !early && !atConnect) return false;
  const inner = Array.isArray(error.errors) ? error.errors : error.cause === undefined ? [] : [error.cause];
  return inner.length > 0 ? inner.every((each) => isBeforeConnect(each, depth + 1)) : early || atConnect;
}

function innermostMessage(value: unknown, depth = 0): unknown {
  const error = asError(value);
  return error?.cause === undefined || depth > 8 ? error?.message : innermostMessage(error.cause, depth + 1);
}
