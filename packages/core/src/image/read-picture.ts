import pRetry from 'p-retry';
import type { Output } from '../contract/adapter.ts';
import type { Bytes } from '../contract/bytes.ts';
import type { Job } from '../contract/job.ts';
import type { ErrorCode } from '../errors/error-traits.ts';
import { ImageError, type ImageErrorOptions } from '../errors/image-error.ts';
import { DownloadFailed, openDownload } from '../host/download.ts';
import { concat } from '../host/read-body.ts';
import type { Transport } from '../host/transport.ts';
import { type Deadline, DeadlineReached, startDeadline } from '../time/deadline.ts';
import { decodedLength, fromBase64 } from './base64.ts';

export interface DownloadPictureOptions {
  /** Ends the download, which then throws its reason. @default none */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole download. @default 120000 */
  readonly timeout?: number | undefined;
  /** Bytes that the picture may have; a larger one is refused. @default 67108864 (64 MiB) */
  readonly maxBytes?: number | undefined;
}

/** Where a picture is, and how to get at it. */
export interface PictureSource {
  readonly output: Output;
  readonly job: Job;
  readonly seed: number | undefined;
  readonly transport: Transport;
  readonly local: boolean;
  /** Takes the key out of a failure. */
  readonly redactError?: ((error: unknown) => unknown) | undefined;
  /** Waits for a place among the downloads of the account, and gives it back. */
  readonly enter?: ((signal: AbortSignal) => Promise<() => void>) | undefined;
  /** The call that downloads belong to, as long as it hands pictures over: they end with it. */
  readonly call?: (() => { readonly left: number; readonly signal: AbortSignal | undefined } | undefined) | undefined;
  /** Called when the file turned out to have no end. */
  readonly onCut?: (() => void) | undefined;
  /** Called when the file was read to its end. */
  readonly onRead?: (() => void) | undefined;
  /** Called when the download begins. */
  readonly onDownload?: (() => void) | undefined;
  /** Asks the host once more where the picture is, because addresses run out. */
  readonly refresh: (signal: AbortSignal) => Promise<string | undefined>;
}

const defaultTimeout = 120_000;
const defaultMaxBytes = 64 * 1024 * 1024;
const mostDownloads = 4;
/** Milliseconds before the second try; each further pause is twice as long. */
const firstPause = 500;

/** A download of the whole file, for all who want it. */
export interface WholeDownload {
  readonly signal: AbortSignal;
  /** Bytes that it may have now. */
  readonly maxBytes: () => number;
  /** Called with the bytes that have come, at each of them. */
  readonly onBytes: (size: number) => void;
  /** Looks at the whole file. `mayHeal`: where it throws, the file is asked for once more. */
  readonly inspect: (bytes: Uint8Array, mayHeal: boolean) => void;
}

/** The whole file. A download that breaks, or brings something that `inspect` throws at, is tried again from the start. */
export function readWhole(source: PictureSource, url: string, download: WholeDownload): Promise<Bytes> {
  const { signal, maxBytes, onBytes, inspect } = download;
  source.onDownload?.();
  return tryToOpen({ source, signal, maxBytes, url }, async (chunks, mayHeal) => {
    const all: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of chunks) {
      all.push(chunk);
      size += chunk.byteLength;
      onBytes(size);
    }
    const bytes = concat(all, size);
    inspect(bytes, mayHeal);
    return bytes;
  });
}

/** The file in pieces. A download is tried again while nobody has had a piece of it. */
export async function* readPieces(source: PictureSource, options: DownloadPictureOptions): AsyncGenerator<Uint8Array> {
  const { output, job } = source;
  const maxBytes = capOf(source.job, options);
  if (output.base64 !== undefined) return yield* decode(output.base64, job, maxBytes);
  const deadline = startDownload(source, options);
  const { signal } = deadline;
  source.onDownload?.();
  try {
    // Whoever takes the bytes in pieces may take as long as they like, but must not keep others out.
    const { first, chunks } = await tryToOpen(
      { source, signal, maxBytes: () => maxBytes, url: output.url },
      async (chunks) => ({
        first: await chunks.next(),
        chunks,
      }),
    );
    if (!first.done) yield first.value;
    yield* chunks;
  } catch (error) {
    throw toCallersError(source, deadline, error);
  } finally {
    deadline.dispose();
  }
}

/** The time of one who waits for a download. */
export function startDownload({ call }: PictureSource, options: DownloadPictureOptions): Deadline {
  const { timeout = defaultTimeout, signal } = options;
  const { left = timeout, signal: its } = call?.() ?? {};
  return startDeadline(Math.max(0, Math.min(timeout, left)), signal, its);
}

/** Throws `invalid_request` for a limit that would be none. */
export function capOf(job: Job, { timeout = 0, maxBytes = defaultMaxBytes }: DownloadPictureOptions): number {
  if (timeout >= 0 && maxBytes >= 0) return maxBytes;
  throw downloadError(job, 'invalid_request', '`timeout` and `maxBytes` must be numbers, 0 or more', {});
}

/** What ended a download, as its caller shall see it: the own reason of an abort goes back as it is. */
export function toCallersError(source: PictureSource, { signal }: Deadline, error: unknown): unknown {
  const cause = signal.aborted ? signal.reason : error;
  if (cause instanceof DeadlineReached) return downloadError(source.job, 'timeout', 'it was not whole in time', {});
  return cause instanceof DownloadFailed ? toError(source, cause) : cause;
}

interface Download {
  readonly source: PictureSource;
  readonly signal: AbortSignal;
  readonly maxBytes: () => number;
  readonly url: string;
}

/** Opens a download and uses it. Free, so what may heal is tried again; an address that has run out is renewed first. */
function tryToOpen<T>(
  { source, signal, maxBytes, url: start }: Download,
  use: (chunks: AsyncGenerator<Uint8Array>, mayHeal: boolean) => Promise<T>,
): Promise<T> {
  let url = start;
  const attempt = async (count: number): Promise<T> => {
    const leave = await source.enter?.(signal);
    try {
      return await use(await openDownload(url, { ...source, signal, maxBytes: maxBytes() }), mayHeal(count));
    } finally {
      leave?.();
    }
  };
  return pRetry(attempt, {
    ...{ retries: mostDownloads - 1, minTimeout: firstPause, signal },
    shouldRetry: async ({ error, attemptNumber }) => {
      // It may be a transient fault.
      if (ImageError.is(error)) return error.reason === 'output_invalid' && mayHeal(attemptNumber);
      if (!(error instanceof DownloadFailed) || !canHeal(error)) return false;
      if (isGone(error)) url = await renew(source, signal, url, error);
      return true;
    },
  });
}

/** Whether a body that is no picture, or not all of one, is asked for again. */
const mayHeal = (attempt: number): boolean => attempt === 1;

/** An address that has run out: the host may have a fresh one; only if it says no other is the picture gone. */
async function renew(source: PictureSource, signal: AbortSignal, old: string, error: DownloadFailed): Promise<string> {
  const url = await source.refresh(signal).catch((refused: unknown) => {
    signal.throwIfAborted();
    throw downloadError(source.job, 'unavailable', 'its URL has expired and the host did not give a new one', {
      cause: refused,
    });
  });
  if (!url || url === old) throw toError(source, error);
  return url;
}

export function decode(text: string, job: Job, maxBytes: number): [Bytes] {
  if (decodedLength(text) > maxBytes) throw tooLarge(job);
  const bytes = fromBase64(text);
  if (!bytes) throw downloadError(job, 'invalid_response', 'the host sent broken base64', { reason: 'output_invalid' });
  return [bytes];
}

const isGone = ({ problem }: DownloadFailed): boolean =>
  problem.kind === 'status' && [403, 404, 410].includes(problem.status);

const canHeal = (error: DownloadFailed): boolean =>
  isGone(error) ||
  error.problem.kind === 'network' ||
  error.problem.kind === 'length' ||
  (error.problem.kind === 'status' && (error.problem.status >= 500 || error.problem.status === 429));

export const tooLarge = (job: Job): ImageError =>
  downloadError(job, 'invalid_response', 'the file is larger than `maxBytes`', { reason: 'output_too_large' });

function toError({ job, redactError = asItIs }: PictureSource, error: DownloadFailed): ImageError {
  const { problem } = error;
  if (isGone(error)) return downloadError(job, 'result_expired', 'the file is gone', {});
  switch (problem.kind) {
    case 'status':
      return downloadError(job, 'unavailable', `HTTP ${problem.status}`, { httpStatus: problem.status });
    case 'network':
      return downloadError(job, 'unavailable', 'the connection broke', { cause: redactError(problem.error) });
    case 'length':
      return downloadError(job, 'unavailable', 'the file did not arrive whole', {});
    case 'too_large':
      return tooLarge(job);
    case 'forbidden':
      return downloadError(
        job,
        'invalid_response',
        'the address is not public https at a port of `picturePorts`, or has the API key in it',
        {
          reason: 'forbidden_address',
        },
      );
    case 'redirects':
      return downloadError(job, 'invalid_response', 'too many redirects', { reason: 'unexpected_redirect' });
  }
}

const asItIs = (error: unknown): unknown => error;

export function downloadError(
  job: Job,
  code: ErrorCode,
  detail: string,
  facts: Partial<ImageErrorOptions>,
): ImageError {
  const message = `${job.provider}:${job.modelId}: the picture of job ${job.id} could not be downloaded: ${detail}. It is paid; try again with the job or its url.`;
  const subject = { provider: job.provider, model: job.modelId, job };
  return new ImageError({ ...subject, billed: 'yes', stage: 'download', code, message, ...facts });
}
