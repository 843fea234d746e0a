import type { Bytes } from '../contract/bytes.ts';
import type { Job } from '../contract/job.ts';
import { ImageError } from '../errors/image-error.ts';
import { concat } from '../host/read-body.ts';
import { sniffMediaType } from './media-type.ts';
import { readPixels } from './pixels.ts';
import {
  type DownloadPictureOptions,
  downloadError,
  type PictureSource,
  readPieces,
  readWhole,
} from './read-picture.ts';
import { followPicture } from './walk.ts';

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
  /**
   * The file. Downloaded once, without any key, and then kept. Throws `ImageError` with the stage `download`; reason
   * `output_invalid` for what is not a whole picture.
   */
  bytes(options?: DownloadPictureOptions): Promise<Bytes>;
  /** The file in pieces, for large pictures; nothing is kept. It throws behind the last piece of what is not whole. */
  stream(options?: DownloadPictureOptions): AsyncGenerator<Uint8Array>;
}

/** Enough of a file to know what it is and how large: a JPEG may carry its size behind other facts. */
const headLength = 16 * 1024;

const notWhole = 'the picture ends before it is whole';

export function createImage(source: PictureSource): GeneratedImage {
  const { output, job, seed } = source;
  let kept: Promise<Bytes> | undefined;
  let known: { mediaType?: string | undefined; width?: number; height?: number } = {};
  const check = (isFine: boolean, problem = 'what came is not a picture'): void => {
    if (!isFine) throw downloadError(job, 'invalid_response', problem, { reason: 'output_invalid' });
  };
  const inspect = (bytes: Uint8Array, isAll: boolean): ReturnType<typeof followPicture> => {
    const mediaType = sniffMediaType(bytes);
    const follow = mediaType ? followPicture(mediaType) : () => false;
    check(follow(bytes));
    if (isAll) check(follow(), notWhole);
    known = { mediaType, ...readPixels(bytes) };
    return follow;
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
        kept ??= readWhole(source, options, (all) => void inspect(all, true));
        try {
          const bytes = await kept;
          source.onRead?.();
          return bytes;
        } catch (error) {
          kept = undefined;
          // Another caller's abort or deadline ended the shared download, not ours.
          if (shared === undefined || options.signal?.aborted || !endedByCaller(error)) throw error;
        }
      }
    },
    async *stream(options = {}) {
      let head: Uint8Array = new Uint8Array();
      let follow: ReturnType<typeof followPicture> | undefined;
      for await (const chunk of readPieces(source, options)) {
        if (follow) {
          check(follow(chunk));
          yield chunk;
          continue;
        }
        head = concat([head, chunk], head.byteLength + chunk.byteLength);
        if (head.byteLength < headLength) continue;
        follow = inspect(head, false);
        yield head;
      }
      if (follow) check(follow(), notWhole);
      else {
        inspect(head, true);
        yield head;
      }
      source.onRead?.();
    },
  };
}

/** A download ended by its own caller: by abort with whatever reason, or by that caller's time. */
const endedByCaller = (error: unknown): boolean => !ImageError.is(error) || error.code === 'timeout';
