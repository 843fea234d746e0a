import { networkCode } from '../errors/cause.ts';
import { unlessAborted } from '../time/deadline.ts';
import { isLoopback, toUrl } from './address.ts';
import { isPublicAddress, isPublicHost, mayBePublic } from './public-address.ts';
import { BodyLimit, streamBody } from './read-body.ts';
import { forbiddenAddress, idleTimeout, type OpenedFile, type Transport, timedOut } from './transport.ts';

export interface DownloadOptions {
  readonly transport: Transport;
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
  response: OpenedFile,
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

async function follow(start: string, options: DownloadOptions): Promise<OpenedFile> {
  let url = start;
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    const allowed = await checkAddress(url, options);
    const response = await get(url, options, allowed);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || !location) return response;
    await response.body?.cancel().catch(() => undefined);
    const next = toUrl(location, url);
    if (!next) break;
    url = next.href;
  }
  throw new DownloadFailed({ kind: 'redirects' });
}

type Allowed = ((address: string) => boolean) | undefined;

async function get(url: string, { transport, signal }: DownloadOptions, allowed: Allowed): Promise<OpenedFile> {
  const cut = new AbortController();
  const abort = (): void => cut.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => cut.abort(timedOut('headers')), headerTimeout);
  try {
    signal.throwIfAborted();
    // A picture is compressed already; asking for it as it is keeps bombs out.
    const headers = { accept: 'image/*', 'accept-encoding': 'identity' };
    return await unlessAborted(transport.open(url, { headers, signal: cut.signal, allowed }), cut.signal);
  } catch (error) {
    signal.throwIfAborted();
    const forbidden = networkCode(error) === forbiddenAddress;
    throw new DownloadFailed(forbidden ? { kind: 'forbidden' } : { kind: 'network', error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** Throws unless the URL may be asked; returns the judge of the addresses that only the connection itself will know. */
async function checkAddress(url: string, { local, transport, signal }: DownloadOptions): Promise<Allowed> {
  const address = toUrl(url);
  if (!address || address.username || address.password) throw new DownloadFailed({ kind: 'forbidden' });
  const { protocol, hostname } = address;
  if (local && isLoopback(hostname) && (protocol === 'http:' || protocol === 'https:')) return undefined;
  const known = protocol === 'https:' && mayBePublic(hostname);
  if (!known || !(transport.judgesAddresses || (await isLookedUpPublic(hostname, signal)))) {
    throw new DownloadFailed({ kind: 'forbidden' });
  }
  return isPublicAddress;
}

async function isLookedUpPublic(hostname: string, signal: AbortSignal): Promise<boolean> {
  try {
    return await unlessAborted(isPublicHost(hostname), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new DownloadFailed({ kind: 'network', error });
  }
}
