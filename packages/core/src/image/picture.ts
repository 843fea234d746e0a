import type { Bytes } from '../contract/bytes.ts';
import type { Job } from '../contract/job.ts';
import { concat } from '../host/read-body.ts';
import { createInspector } from './inspect.ts';
import { type DownloadPictureOptions, type PictureSource, readPieces } from './read-picture.ts';
import { SharedBytes } from './shared-bytes.ts';
import type { Follower } from './walk.ts';

/** A finished picture. Nothing is downloaded until `bytes()` or `stream()` is called. */
export interface GeneratedImage {
  /** Where the host keeps it for a while; undefined when the host sent the picture itself. */
  readonly url: string | undefined;
  /** Read from the file, of which `image/svg+xml`, `image/tiff` and `image/bmp` are possible too; undefined until there are bytes. */
  readonly mediaType: string | undefined;
  /** Pixels, read from the picture, or of an SVG from its `viewBox`; undefined until its bytes are there, and where they do not say it. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** The file has no end, as a JPEG without its end marker: viewers show it as far as it goes. False until it was read. */
  readonly cut: boolean;
  /** The host marked the picture as sensitive. */
  readonly flagged: boolean;
  /** The seed that was sent. */
  readonly seed: number | undefined;
  readonly job: Job;
  /**
   * The file. Downloaded once, without any key, and then kept; whoever asks meanwhile shares the download, and each ends at
   * the limits of its own call. Throws `ImageError` with the stage `download`; reason
   * `output_invalid` for what is not a whole picture; a JPEG without its end marker is `cut`, if it comes so twice.
   */
  bytes(options?: DownloadPictureOptions): Promise<Bytes>;
  /** The file in pieces, for large pictures; nothing is kept. It throws behind the last piece of what is not whole. */
  stream(options?: DownloadPictureOptions): AsyncGenerator<Uint8Array>;
}

/** Enough of a file to know what it is and how large: a JPEG may carry its size behind other facts. */
const headLength = 16 * 1024;

export function createImage(source: PictureSource): GeneratedImage {
  const { output, job, seed } = source;
  const inspector = createInspector(source);
  const shared = new SharedBytes(source, (all, mayHeal) => inspector.finish(inspector.begin(all), mayHeal));
  return {
    url: output.url,
    flagged: output.flagged ?? false,
    seed,
    job,
    get mediaType() {
      return inspector.known.mediaType;
    },
    get width() {
      return inspector.known.width;
    },
    get height() {
      return inspector.known.height;
    },
    get cut() {
      return inspector.known.cut ?? false;
    },
    async bytes(options = {}) {
      const bytes = await shared.read(options);
      source.onRead?.();
      return bytes;
    },
    async *stream(options = {}) {
      let head: Uint8Array = new Uint8Array();
      let file: Follower | undefined;
      for await (const chunk of readPieces(source, options)) {
        if (file) {
          inspector.take(file, chunk);
          yield chunk;
          continue;
        }
        head = concat([head, chunk], head.byteLength + chunk.byteLength);
        if (head.byteLength < headLength) continue;
        file = inspector.begin(head);
        yield head;
      }
      if (file) inspector.finish(file, false);
      else {
        inspector.finish(inspector.begin(head), false);
        yield head;
      }
      source.onRead?.();
    },
  };
}
