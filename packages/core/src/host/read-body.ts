import type { OpenedFile } from './transport.ts';

/** What is read: a `Response`, or as much of one as is needed. */
export type BodySource = Pick<OpenedFile, 'body'>;

export interface BodyLimits {
  /** Bytes after decompression. */
  readonly maxBytes: number;
  /** Milliseconds without a byte. */
  readonly idle: number;
  readonly signal: AbortSignal;
}

/** Thrown by `streamBody` when a limit ends the reading. */
export class BodyLimit extends Error {
  readonly end: 'too_large' | 'stalled';
  constructor(end: 'too_large' | 'stalled') {
    super(end);
    this.end = end;
  }
}

/** The chunks of a body as they come; throws `BodyLimit`, the network's error or the signal's reason. */
export async function* streamBody(source: BodySource, limits: BodyLimits): AsyncGenerator<Uint8Array> {
  const reader = source.body?.getReader();
  if (!reader) return;
  const watch = watchReading(reader, limits);
  let size = 0;
  let finished = false;
  try {
    while (true) {
      const { done, value } = await watch.read();
      if (done) break;
      // A fetch of the caller's own can yield anything.
      if (!(ArrayBuffer.isView(value) && value.byteLength >= 0)) throw new TypeError('a body yields bytes');
      size += value.byteLength;
      if (size > limits.maxBytes) throw new BodyLimit('too_large');
      yield value;
    }
    finished = true;
  } finally {
    watch.end();
    if (!finished) reader.cancel().catch(() => undefined);
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

interface Reading {
  read(): ReturnType<Reader['read']>;
  end(): void;
}

/** Reads that end by the limits and by the signal, even if the stream itself hangs: cancelling settles every read. */
function watchReading(reader: Reader, { idle, signal }: BodyLimits): Reading {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let cause: { readonly error: unknown } | undefined;
  const cancel = (error: unknown): void => {
    cause ??= { error };
    reader.cancel(error).catch(() => undefined);
  };
  const onAbort = (): void => cancel(signal.reason);
  const onTimer = (): void => cancel(new BodyLimit('stalled'));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    async read() {
      timer = setTimeout(onTimer, idle);
      try {
        const chunk = await reader.read();
        if (!cause) return chunk;
      } catch (error) {
        cause ??= { error };
      } finally {
        clearTimeout(timer);
      }
      throw cause.error;
    },
    end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

export function concat(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const [first] = chunks;
  if (first && chunks.length === 1 && first.buffer instanceof ArrayBuffer) return first as Uint8Array<ArrayBuffer>;
  const all = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return all;
}
