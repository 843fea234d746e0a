/** One HTTP request, ready to leave. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON as text, or a multipart form. */
  readonly body?: string | FormData;
  /** Ends the exchange: whoever waits for it aborts it, and so does the transport when one of the limits below is over. */
  readonly cut: AbortController;
  /** Milliseconds until the headers of the answer are there. */
  readonly timeout: number;
  /** Milliseconds from the headers to the end of the body. */
  readonly bodyTimeout: number;
  /** Bytes of the body, after decompression. */
  readonly maxBytes: number;
  /**
   * It costs money and carries no idempotency key: it must not go out on a connection that was idle for more than two
   * seconds. Over fetch nobody can choose the connection.
   */
  readonly unrepeatable?: boolean | undefined;
}

/** `no`: it surely did not reach the host. `unknown` must be treated as sent. */
export type Sent = 'yes' | 'no' | 'unknown';

/** Everything that is known about one request after it ended, however it ended. */
export interface Exchange {
  readonly sent: Sent;
  /** HTTP status. Absent when no answer came. */
  readonly status?: number;
  /** The JSON of the answer; undefined unless `bodyState` is 'json'. */
  readonly body?: unknown;
  readonly bodyState: 'json' | 'empty' | 'garbled' | 'incomplete' | 'none';
  /** What came of a body that is not JSON: 64 KiB at most. */
  readonly text?: string;
  /** Milliseconds the host asked to wait. */
  readonly retryAfter?: number;
  readonly requestId?: string;
  /** The host's clock, epoch milliseconds. */
  readonly date?: number;
  /** What ended it without an answer. */
  readonly error?: unknown;
}

/**
 * Carries requests to hosts. It never repeats a request (fetch itself does, once, after a 421, which says that it was
 * not processed), never follows a redirect, never interprets a body,
 * and is one per account: connections are shared within it.
 */
export interface Transport {
  /** Never rejects: what happened is data. */
  send(request: OutgoingRequest): Promise<Exchange>;
  /**
   * Opens a file of the public internet, without following redirects; rejects when no answer comes. `allowed` judges
   * every address that would be connected to, and what it refuses rejects with an error of the code `forbiddenAddress`;
   * a transport that cannot ask it at the connection itself leaves it out, and then the name is looked up and judged
   * before.
   */
  open(url: string, options: OpenOptions): Promise<OpenedFile>;
  /** Whether `open` asks `allowed` for the very address that it connects to. */
  readonly judgesAddresses?: boolean;
}

/** What is needed of a `Response`, so that a transport can do without the runtime's fetch. */
export interface OpenedFile {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Decompressed, if it came compressed. */
  readonly body: ReadableStream<Uint8Array> | null;
}

/** The code of the error that says that `allowed` refused an address. */
export const forbiddenAddress = 'ERR_FORBIDDEN_ADDRESS';

export interface OpenOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly allowed?: ((address: string) => boolean) | undefined;
}

/** Milliseconds to a connection. */
export const connectTimeout = 5_000;
/** Milliseconds without a byte of a body. */
export const idleTimeout = 10_000;

/** What aborts an exchange whose time is over. */
export const timedOut = (what: string): Error =>
  Object.assign(new Error(`no ${what} in time`), { name: 'TimeoutError' });

const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const visible = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The headers of a request as they leave, names in lower case. Rejects invalid header values before anything has left,
 * and without quoting it: it may be the key.
 */
export function outgoingHeaders({ headers, body }: OutgoingRequest): Record<string, string> {
  const all: Record<string, string> = { accept: 'application/json' };
  if (typeof body === 'string') all['content-type'] = 'application/json';
  for (const name in headers) {
    const value = headers[name];
    const lower = name.toLowerCase();
    if (typeof value !== 'string' || !token.test(lower) || !visible.test(value)) {
      throw new TypeError(`the header ${JSON.stringify(lower)} cannot be sent`);
    }
    all[lower] = value;
  }
  return all;
}
