import type { Output } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { ErrorCode } from '../errors/error-traits.ts';
import { ImageError, type ImageErrorOptions } from '../errors/image-error.ts';
import { DownloadFailed, openDownload } from '../http/download.ts';
import { concat } from '../http/read-body.ts';
import { type Deadline, DeadlineReached, startDeadline } from '../time/deadline.ts';
import { decodedLength, fromBase64 } from './base64.ts';
import { sniffMediaType } from './media-type.ts';
import { readPixels } from './pixels.ts';

export interface DownloadPictureOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole download. @default 120000 */
  readonly timeout?: number | undefined;
  /** @default 67108864 (64 MiB) */
  readonly maxBytes?: number | undefined;
}

/** A finished picture. Nothing is downloaded until `bytes()` or `stream()` is called. */
export interface GeneratedImage {
  /** Where the host keeps it for a while; undefined when the host sent the picture itself. */
  readonly url: string | undefined;
  /** Proved by the first bytes; undefined until there are any. */
  readonly mediaType: string | undefined;
  /** Pixels, read from the picture; undefined until its bytes are there. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** The host marked the picture as sensitive. */
  readonly flagged: boolean;
  /** The seed that was sent. */
  readonly seed: number | undefined;
  readonly job: Job;
  /** The file. Downloaded once, without any key, and then kept. Throws `ImageError` with the stage `download`. */
  bytes(options?: DownloadPictureOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** The file in pieces, for large pictures; nothing is kept. */
  stream(options?: DownloadPictureOptions): AsyncGenerator<Uint8Array>;
}

export interface PictureSource {
  readonly output: Output;
  readonly job: Job;
  readonly seed: number | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly local: boolean;
  /** Asks the host once more where the picture is, because addresses run out. */
  readonly refresh: (signal: AbortSignal) => Promise<string | undefined>;
}

const defaultTimeout = 120_000;
const defaultMaxBytes = 64 * 1024 * 1024;
const mostDownloads = 4;
/** Enough of a file to know what it is. */
const headLength = 64;

export function createPicture(source: PictureSource): GeneratedImage {
  const { output, job, seed } = source;
  let kept: Promise<Uint8Array<ArrayBuffer>> | undefined;
  let known: { mediaType?: string; width?: number; height?: number } = {};
  const inspect = (bytes: Uint8Array): void => {
    const mediaType = sniffMediaType(bytes);
    if (!mediaType)
      throw downloadError(job, 'invalid_response', 'what came is not a picture', { reason: 'output_invalid' });
    known = { mediaType, ...readPixels(bytes) };
  };
  return {
    url: output.url,
    flagged: output.flagged ?? false,
    seed,
    job,
    get mediaType() {
      return known.mediaType;
    },
    get width() {
      return known.width;
    },
    get height() {
      return known.height;
    },
    async bytes(options = {}) {
      while (true) {
        const shared = kept;
        kept ??= loadTwice(source, options, inspect);
        try {
          return await kept;
        } catch (error) {
          kept = undefined;
          // Another caller's abort or deadline ended the shared download, not ours.
          if (shared === undefined || options.signal?.aborted || !endedByCaller(error)) throw error;
        }
      }
    },
    async *stream(options = {}) {
      let head: Uint8Array | undefined = new Uint8Array();
      for await (const chunk of readPicture(source, options)) {
        if (!head) {
          yield chunk;
          continue;
        }
        head = concat([head, chunk], head.byteLength + chunk.byteLength);
        if (head.byteLength < headLength) continue;
        inspect(head);
        yield head;
        head = undefined;
      }
      if (!head) return;
      inspect(head);
      yield head;
    },
  };
}

/** A download ended by its own caller: by abort with whatever reason, or by that caller's time. */
const endedByCaller = (error: unknown): boolean => !ImageError.is(error) || error.code === 'timeout';

async function load(
  source: PictureSource,
  options: DownloadPictureOptions,
  inspect: (bytes: Uint8Array) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const startAgain = (): void => void chunks.splice(0);
  for await (const chunk of readPicture(source, options, startAgain)) chunks.push(chunk);
  const bytes = concat(
    chunks,
    chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0),
  );
  inspect(bytes);
  return bytes;
}

/** What a server calls a picture and is none may be a passing fault: it is asked for once more. */
async function loadTwice(...args: Parameters<typeof load>): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await load(...args);
  } catch (error) {
    if (!ImageError.is(error) || error.reason !== 'output_invalid' || args[0].output.url === undefined) throw error;
    return load(...args);
  }
}

/** The bytes from wherever they are. A download that breaks is tried again while nobody has used its bytes. */
async function* readPicture(
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
    try {
      for await (const chunk of await openDownload(url, { ...source, signal, maxBytes })) {
        began = true;
        yield chunk;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DownloadFailed)) throw error;
      if ((began && !startAgain) || attempt >= mostDownloads || !canHeal(error)) throw toError(source.job, error);
      startAgain?.();
      if (isGone(error)) url = await renew(source, signal, url, error);
      await deadline.sleep(Math.min(250 * 2 ** attempt, deadline.remaining()));
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

function downloadError(job: Job, code: ErrorCode, detail: string, facts: Partial<ImageErrorOptions>): ImageError {
  const message = `${job.provider}:${job.modelId}: the picture of job ${job.id} could not be downloaded: ${detail}. It is paid; try again with the job or its url.`;
  const subject = { provider: job.provider, model: job.modelId, job };
  return new ImageError({ ...subject, billed: 'yes', stage: 'download', code, message, ...facts });
}
