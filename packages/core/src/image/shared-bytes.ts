import type { Bytes } from '../contract/bytes.ts';
import { DownloadFailed } from '../host/download.ts';
import type { Deadline } from '../time/deadline.ts';
import {
  capOf,
  type DownloadPictureOptions,
  decode,
  type PictureSource,
  readWhole,
  startDownload,
  toCallersError,
  tooLarge,
  type WholeDownload,
} from './read-picture.ts';

/** One who waits for the bytes. */
interface Reader {
  readonly maxBytes: number;
  /** Ends the wait of this one. */
  refuse(error: unknown): void;
}

/** A download in progress. It has no limits of its own: it ends with the file, or when nobody waits for it any more. */
interface Shared {
  readonly readers: Set<Reader>;
  readonly ending: AbortController;
  readonly bytes: Promise<Bytes>;
  /** All of it has come. */
  isOver: boolean;
  /** Bytes that it was opened for: as many as the most generous of its readers allows. */
  cap(): number;
  /** Bytes that have come. */
  size(): number;
}

/**
 * The bytes of one picture for whoever asks: downloaded once for all who ask meanwhile, and then kept. Each caller's time,
 * signal and `maxBytes` are that caller's alone.
 */
export class SharedBytes {
  readonly #source: PictureSource;
  readonly #inspect: WholeDownload['inspect'];
  #kept: Bytes | undefined;
  #shared: Shared | undefined;

  constructor(source: PictureSource, inspect: WholeDownload['inspect']) {
    this.#source = source;
    this.#inspect = inspect;
  }

  /** Throws as `GeneratedImage.bytes` says. */
  async read(options: DownloadPictureOptions): Promise<Bytes> {
    const { output, job } = this.#source;
    const maxBytes = capOf(job, options);
    options.signal?.throwIfAborted();
    const bytes =
      this.#kept ??
      (output.base64 === undefined
        ? await this.#download(output.url, maxBytes, options)
        : this.#decode(output.base64, maxBytes));
    if (bytes.byteLength > maxBytes) throw tooLarge(job);
    this.#kept = bytes;
    return bytes;
  }

  #decode(base64: string, maxBytes: number): Bytes {
    const [bytes] = decode(base64, this.#source.job, maxBytes);
    this.#inspect(bytes, false);
    return bytes;
  }

  async #download(url: string, maxBytes: number, options: DownloadPictureOptions): Promise<Bytes> {
    const deadline = startDownload(this.#source, options);
    try {
      while (true) {
        const shared = this.#shared ?? this.#open(url);
        this.#shared = shared;
        try {
          return await this.#wait(shared, maxBytes, deadline);
        } catch (error) {
          // It was opened for less than this caller allows.
          const outgrown = error instanceof DownloadFailed && error.problem.kind === 'too_large';
          if (!outgrown || shared.cap() >= maxBytes) throw toCallersError(this.#source, deadline, error);
        }
      }
    } finally {
      deadline.dispose();
    }
  }

  async #wait(shared: Shared, maxBytes: number, deadline: Deadline): Promise<Bytes> {
    const { promise: refused, reject: refuse } = Promise.withResolvers<never>();
    const reader: Reader = { maxBytes, refuse };
    shared.readers.add(reader);
    try {
      if (shared.size() > maxBytes) throw tooLarge(this.#source.job);
      return await deadline.race(Promise.race([shared.bytes, refused]));
    } finally {
      shared.readers.delete(reader);
      if (shared.readers.size === 0) this.#leave(shared);
    }
  }

  #open(url: string): Shared {
    const [readers, ending] = [new Set<Reader>(), new AbortController()];
    let [cap, size] = [0, 0];
    const bytes = readWhole(this.#source, url, {
      signal: ending.signal,
      maxBytes: () => {
        cap = Math.max(...[...readers].map(({ maxBytes }) => maxBytes));
        return cap;
      },
      onBytes: (come) => {
        size = come;
        for (const reader of readers) if (size > reader.maxBytes) reader.refuse(tooLarge(this.#source.job));
      },
      inspect: this.#inspect,
    });
    const shared: Shared = { readers, ending, bytes, isOver: false, cap: () => cap, size: () => size };
    bytes.then(
      () => {
        shared.isOver = true;
      },
      // Whoever comes after a failure tries anew, and nobody may be there to hear of it.
      () => this.#leave(shared),
    );
    return shared;
  }

  /** Nobody waits any more. What has come whole is not aborted: its connection is for the next request. */
  #leave(shared: Shared): void {
    if (this.#shared === shared) this.#shared = undefined;
    if (!shared.isOver) shared.ending.abort();
  }
}
