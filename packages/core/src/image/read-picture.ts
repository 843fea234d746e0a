import type { Output } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { ErrorCode } from '../errors/error-traits.ts';
import { ImageError, type ImageErrorOptions } from '../errors/image-error.ts';
import { DownloadFailed, openDownload } from '../http/download.ts';
import { type Deadline, DeadlineReached, startDeadline } from '../time/deadline.ts';
import { decodedLength, fromBase64 } from './base64.ts';

export interface DownloadPictureOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole download. @default 120000 */
  readonly timeout?: number | undefined;
  /** @default 67108864 (64 MiB) */
  readonly maxBytes?: number | undefined;
}

/** Where a picture is, and how to get at it. */
export interface PictureSource {
  readonly output: Output;
  readonly job: Job;
  readonly seed: number | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly local: boolean;
  /** Waits for a place among the downloads of the account, and gives it back. */
  readonly enter?: ((signal: AbortSignal) => Promise<() => void>) | undefined;
  /** Told when the download begins. */
  readonly onDownload?: (() => void) | undefined;
  /** Asks the host once more where the picture is, because addresses run out. */
  readonly refresh: (signal: AbortSignal) => Promise<string | undefined>;
}

const defaultTimeout = 120_000;
const defaultMaxBytes = 64 * 1024 * 1024;
const mostDownloads = 4;
/** The bytes from wherever they are. A download that breaks is tried again while nobody has used its bytes. */
export async function* readPicture(
  source: PictureSource,
  options: DownloadPictureOptions,
  startAgain?: () => void,
): AsyncGenerator<Uint8Array> {
  const { output, job } = source;
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  if (output.base64 !== undefined) {
    yield decode(output.base64, job, maxBytes);
    return;
  }
  source.onDownload?.();
  const deadline = startDeadline(Math.max(0, options.timeout ?? defaultTimeout), options.signal);
  try {
    yield* download(source, deadline, maxBytes, output.url, startAgain);
  } catch (error) {
    if (!(error instanceof DeadlineReached)) throw error;
    throw downloadError(job, 'timeout', 'it was not whole in time', {});
  } finally {
    deadline.dispose();
  }
}

async function* download(
  source: PictureSource,
  deadline: Deadline,
  maxBytes: number,
  start: string,
  startAgain: (() => void) | undefined,
): AsyncGenerator<Uint8Array> {
  const { signal } = deadline;
  let url = start;
  for (let attempt = 1; ; attempt += 1) {
    let began = false;
    const leave = await source.enter?.(signal);
    try {
      const chunks = await openDownload(url, { ...source, signal, maxBytes });
      // Whoever takes the bytes in pieces may take as long as they like, but must not keep others out.
      if (!startAgain) leave?.();
      for await (const chunk of chunks) {
        began = true;
        yield chunk;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DownloadFailed)) throw error;
      if ((began && !startAgain) || attempt >= mostDownloads || !canHeal(error)) throw toError(source.job, error);
      startAgain?.();
      // The place may be the one that the question for a fresh address needs.
      leave?.();
      if (isGone(error)) url = await renew(source, signal, url, error);
      await deadline.sleep(Math.min(250 * 2 ** attempt, deadline.remaining()));
    } finally {
      leave?.();
    }
  }
}

/** An address that has run out: the host may have a fresh one; only if it says no other is the picture gone. */
async function renew(source: PictureSource, signal: AbortSignal, old: string, error: DownloadFailed): Promise<string> {
  const url = await source.refresh(signal).catch((refused: unknown) => {
    signal.throwIfAborted();
    throw downloadError(source.job, 'unavailable', 'its address has run out and the host did not tell a new one', {
      cause: refused,
    });
  });
  if (!url || url === old) throw toError(source.job, error);
  return url;
}

function decode(text: string, job: Job, maxBytes: number): Uint8Array {
  const tooLarge = decodedLength(text) > maxBytes;
  if (tooLarge) throw toError(job, new DownloadFailed({ kind: 'too_large' }));
  const bytes = fromBase64(text);
  if (!bytes) throw downloadError(job, 'invalid_response', 'the host sent broken base64', { reason: 'output_invalid' });
  return bytes;
}

const isGone = ({ problem }: DownloadFailed): boolean =>
  problem.kind === 'status' && [403, 404, 410].includes(problem.status);

const canHeal = (error: DownloadFailed): boolean =>
  isGone(error) ||
  error.problem.kind === 'network' ||
  error.problem.kind === 'length' ||
  (error.problem.kind === 'status' && (error.problem.status >= 500 || error.problem.status === 429));

function toError(job: Job, error: DownloadFailed): ImageError {
  const { problem } = error;
  if (isGone(error)) return downloadError(job, 'result_expired', 'the file is gone', {});
  switch (problem.kind) {
    case 'status':
      return downloadError(job, 'unavailable', `HTTP ${problem.status}`, { httpStatus: problem.status });
    case 'network':
      return downloadError(job, 'unavailable', 'the connection broke', { cause: problem.error });
    case 'length':
      return downloadError(job, 'unavailable', 'the file did not arrive whole', {});
    case 'too_large':
      return downloadError(job, 'invalid_response', 'the file is larger than `maxBytes`', {
        reason: 'output_too_large',
      });
    case 'forbidden':
      return downloadError(job, 'invalid_response', 'the address is not public https', { reason: 'forbidden_address' });
    case 'redirects':
      return downloadError(job, 'invalid_response', 'too many redirects', { reason: 'unexpected_redirect' });
  }
}

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
