/** A request as both transports present it. The body is read only when somebody asks for it, and only so far. */
export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when it has more bytes than that. */
  read(mostBytes: number): Promise<Uint8Array | undefined>;
}

export type Body = Uint8Array | AsyncIterable<Uint8Array>;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** What a client sees after decoding `content-encoding`, for the transport that has no wire to decode from. */
  readonly decoded?: AsyncIterable<Uint8Array>;
}

/** A connection that ends without a single answer byte. */
export interface Broken {
  readonly broken: 'ECONNRESET' | 'ECONNREFUSED';
}

export type Outcome = Reply | Broken;

/** The statuses that never have a body. */
export const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const toBytes = (text: string): Uint8Array => encoder.encode(text);
export const toText = (bytes: Uint8Array): string => decoder.decode(bytes);

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: toBytes(JSON.stringify(value)),
  };
}

/** The JSON of a text, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An error shaped like the one that fetch throws when the network lets it down. */
export function networkError(code: string, message = 'fetch failed'): TypeError {
  const syscall = code === 'ECONNREFUSED' ? 'connect' : 'read';
  const cause = Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  return new TypeError(message, { cause });
}
