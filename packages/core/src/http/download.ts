import { unlessAborted } from '../time/deadline.ts';
import { isLoopback, isPublicHost } from './address.ts';
import { BodyLimit, streamBody } from './read-body.ts';

export interface DownloadOptions {
  readonly fetch: typeof globalThis.fetch;
  /** The provider itself is on this machine, so its pictures may be too. */
  readonly local: boolean;
  readonly signal: AbortSignal;
  /** Bytes after decompression. */
  readonly maxBytes: number;
}

export type DownloadProblem =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'network'; readonly error: unknown }
  | { readonly kind: 'forbidden' | 'too_large' | 'redirects' | 'length' };

/** Why a download ended without the whole file. */
export class DownloadFailed extends Error {
  readonly problem: DownloadProblem;
  constructor(problem: DownloadProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

const mostRedirects = 3;
const headerTimeout = 30_000;
const idleTimeout = 10_000;

/**
 * Opens a picture for reading. No key and no cookie goes with it, every address on the way must be public, and the
 * bytes are counted after decompression.
 */
export async function openDownload(url: string, options: DownloadOptions): Promise<AsyncGenerator<Uint8Array>> {
  const response = await follow(url, options);
  if (response.status !== 200) {
    await response.body?.cancel().catch(() => undefined);
    throw new DownloadFailed({ kind: 'status', status: response.status });
  }
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  if (announced > options.maxBytes) {
    await response.body?.cancel().catch(() => undefined);
    throw new DownloadFailed({ kind: 'too_large' });
  }
  const plain = response.headers.get('content-encoding') === null;
  return readAll(response, options, plain && Number.isFinite(announced) ? announced : undefined);
}

async function* readAll(
  response: Response,
  { signal, maxBytes }: DownloadOptions,
  announced: number | undefined,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of streamBody(response, { signal, maxBytes, idle: idleTimeout })) {
      size += chunk.byteLength;
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    const kind = error instanceof BodyLimit && error.end === 'too_large' ? 'too_large' : undefined;
    throw new DownloadFailed(kind ? { kind } : { kind: 'network', error });
  }
  if (announced !== undefined && size !== announced) throw new DownloadFailed({ kind: 'length' });
}

async function follow(start: string, options: DownloadOptions): Promise<Response> {
  let url = start;
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    await checkAddress(url, options);
    const response = await get(url, options);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || !location) return response;
    await response.body?.cancel().catch(() => undefined);
    if (!URL.canParse(location, url)) break;
    url = new URL(location, url).href;
  }
  throw new DownloadFailed({ kind: 'redirects' });
}

async function get(url: string, { fetch, signal }: DownloadOptions): Promise<Response> {
  const cut = new AbortController();
  const abort = (): void => cut.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => cut.abort(new Error('no headers in time')), headerTimeout);
  try {
    signal.throwIfAborted();
    // A picture is compressed already; asking for it as it is keeps bombs out.
    const headers = { accept: 'image/*', 'accept-encoding': 'identity' };
    const init = { headers, redirect: 'manual', credentials: 'omit', signal: cut.signal } as const;
    return await unlessAborted(fetch(url, init), cut.signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new DownloadFailed({ kind: 'network', error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

async function checkAddress(url: string, { local, signal }: DownloadOptions): Promise<void> {
  let allowed: boolean;
  try {
    allowed = await unlessAborted(isAllowed(url, local), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new DownloadFailed({ kind: 'network', error });
  }
  if (!allowed) throw new DownloadFailed({ kind: 'forbidden' });
}

async function isAllowed(url: string, local: boolean): Promise<boolean> {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  if (username || password) return false;
  if (local && isLoopback(hostname) && (protocol === 'http:' || protocol === 'https:')) return true;
  return protocol === 'https:' && (await isPublicHost(hostname));
}
