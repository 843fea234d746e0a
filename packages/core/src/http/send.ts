import ky from 'ky';
import type { HttpRequest } from '../contract/adapter.ts';
import { networkCode, networkFact } from '../errors/image-error.ts';
import { longestTimer, unlessAborted } from '../time/deadline.ts';
import { readBody } from './read-body.ts';
import { parseRetryAfter } from './retry-after.ts';
import { type Sent, watchSending } from './sent.ts';

/** Everything that is known about one request after it ended, however it ended. */
export interface Exchange {
  readonly sent: Sent;
  /** Absent when no answer came. */
  readonly status?: number;
  /** The JSON of the answer; undefined unless `bodyState` is 'json'. */
  readonly body?: unknown;
  readonly bodyState: 'json' | 'empty' | 'garbled' | 'incomplete' | 'none';
  /** What came of a body that is not JSON. */
  readonly text?: string;
  /** Milliseconds. */
  readonly retryAfter?: number;
  readonly requestId?: string;
  /** The host's clock, epoch milliseconds. */
  readonly date?: number;
  /** What fetch threw. */
  readonly error?: unknown;
}

export interface SendOptions {
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Milliseconds to the headers. */
  readonly timeout: number;
  readonly maxBytes: number;
  /** Milliseconds from the headers to the end of the body. @default 20000 */
  readonly bodyTimeout?: number;
  /** A multipart body instead of `request.body`. */
  readonly form?: FormData;
}

const decoder = new TextDecoder();
const connectTimeout = 5_000;
const idleTimeout = 10_000;
const defaultBodyTimeout = 20_000;

/**
 * The one place that asks a host. It never throws: what happened is data for `classify`. It never repeats and never
 * follows a redirect, which would carry the key and the paid request to another host.
 */
export async function send(request: HttpRequest, options: SendOptions): Promise<Exchange> {
  const cut = new AbortController();
  const abort = (): void => cut.abort(options.signal.reason);
  if (options.signal.aborted) abort();
  options.signal.addEventListener('abort', abort, { once: true });
  let called = false;
  const fetch: typeof globalThis.fetch = (input, init) => {
    cut.signal.throwIfAborted();
    called = true;
    return options.fetch(input, init);
  };
  const watched = watchSending(async () => start(request, { ...options, fetch }, cut.signal));
  const timers = [
    setTimeout(() => cut.abort(timedOut('headers')), Math.min(options.timeout, longestTimer)),
    setTimeout(() => watched.sent() === 'no' && cut.abort(timedOut('connect')), connectTimeout),
  ];
  const clear = (): void => timers.forEach(clearTimeout);
  try {
    const response = await unlessAborted(watched.result, cut.signal);
    clear();
    timers.push(setTimeout(() => cut.abort(timedOut('whole answer')), options.bodyTimeout ?? defaultBodyTimeout));
    return { sent: 'yes', ...(await readAnswer(response, cut.signal, options.maxBytes)) };
  } catch (error) {
    return { sent: called ? whetherSent(watched.sent(), error) : 'no', bodyState: 'none', error };
  } finally {
    clear();
    options.signal.removeEventListener('abort', abort);
  }
}

function start(request: HttpRequest, options: SendOptions, signal: AbortSignal): Promise<Response> {
  const { method, path } = request;
  const json = request.body && !options.form;
  const body = json ? JSON.stringify(request.body) : options.form;
  // Throws for what is no header before anything has left.
  const headers = new Headers({
    accept: 'application/json',
    ...options.headers,
    ...(json ? { 'content-type': 'application/json' } : {}),
  });
  const init = { method, headers, redirect: 'manual', ...(body ? { body } : {}), signal } as const;
  const url = options.baseUrl + path;
  return ky(url, {
    // Handed on as address and options: a Request made from a Request copies its body through a stream. So ky is not
    // told what is in it either: it would make a Request that nobody sends.
    fetch: () => options.fetch(url, init),
    retry: 0, // the engine owns repeats
    timeout: false, // and time
    throwHttpErrors: false,
  });
}

async function readAnswer(response: Response, signal: AbortSignal, maxBytes: number): Promise<Omit<Exchange, 'sent'>> {
  // A browser hides which redirect it was: the one that leaves most open is assumed.
  const status = response.type === 'opaqueredirect' ? 303 : response.status;
  const { bytes, end } = await readBody(response, { signal, maxBytes, idle: idleTimeout });
  const facts = { status, ...readHeaders(response.headers) };
  const text = decoder.decode(bytes.subarray(0, maxBytes));
  if (text.trim() === '' && end === 'whole') return { ...facts, bodyState: 'empty' };
  try {
    const body: unknown = JSON.parse(text);
    return { ...facts, body, bodyState: 'json' };
  } catch {
    return { ...facts, text: text.slice(0, 65_536), bodyState: end === 'whole' ? 'garbled' : 'incomplete' };
  }
}

function readHeaders(headers: Headers): { retryAfter?: number; requestId?: string; date?: number } {
  const retryAfter = parseRetryAfter(headers.get('retry-after'), Date.now());
  const requestId = headers.get('x-request-id')?.replace(/[^\x21-\x7e]/g, '');
  const date = Date.parse(headers.get('date') ?? '');
  return {
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(requestId ? { requestId } : {}),
    ...(Number.isNaN(date) ? {} : { date }),
  };
}

/** Error codes of a connection that never came to be: nothing can have been sent over it. */
const neverConnected = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** What was observed counts; only where nothing was, an error code may prove that nothing left. */
function whetherSent(observed: Sent, error: unknown): Sent {
  if (observed !== 'unknown') return observed;
  const atConnect = networkFact(error, 'syscall') === 'connect';
  return atConnect || neverConnected.includes(networkCode(error) ?? '') ? 'no' : 'unknown';
}

const timedOut = (what: string): Error => Object.assign(new Error(`no ${what} in time`), { name: 'TimeoutError' });
