/** How reading a body ended. Only `whole` bodies are trusted to be all of it. */
export interface BodyRead {
  readonly end: 'whole' | 'cut' | 'too_large' | 'stalled';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface BodyLimits {
  /** Bytes after decompression. */
  readonly maxBytes: number;
  /** Milliseconds without a byte. */
  readonly idle: number;
  readonly signal: AbortSignal;
}

/** Reads a body up to its limits and leaves nothing open. Never throws: what came is returned with how it ended. */
export async function readBody(response: Response, limits: BodyLimits): Promise<BodyRead> {
  const chunks: Uint8Array[] = [];
  let end: BodyRead['end'] = 'whole';
  let size = 0;
  try {
    for await (const chunk of streamBody(response, limits)) {
      chunks.push(chunk);
      size += chunk.byteLength;
    }
  } catch (error) {
    end = error instanceof BodyLimit ? error.end : 'cut';
  }
  return { end, bytes: concat(chunks, size) };
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
export async function* streamBody(response: Response, limits: BodyLimits): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const watch = watchReader(reader, limits);
  let size = 0;
  try {
    while (true) {
      const { done, value: chunk } = await watch.read();
      if (done) return;
      // A fetch of the caller's own can yield anything.
      if (!(ArrayBuffer.isView(chunk) && chunk.byteLength >= 0)) throw new TypeError('a body yields bytes');
      size += chunk.byteLength;
      if (size > limits.maxBytes) throw new BodyLimit('too_large');
      yield chunk;
    }
  } finally {
    watch.end();
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

interface ReaderWatch {
  /** The next chunk; ends by the idle limit and by the signal even if the stream itself hangs. */
  read(): ReturnType<Reader['read']>;
  /** Leaves nothing open. */
  end(): void;
}

/** One timer and one listener for a whole body: while nobody reads, nothing is idle. */
function watchReader(reader: Reader, { idle, signal }: BodyLimits): ReaderWatch {
  let asked = performance.now();
  let waiting = false;
  let whole = false;
  let problem: unknown;
  const stop = (why: unknown): void => {
    problem = why;
    // A read that hangs ends with it, too.
    reader.cancel().catch(() => undefined);
  };
  const check = (): void => {
    const left = waiting ? asked + idle - performance.now() : idle;
    if (left > 0) timer = setTimeout(check, Math.ceil(left));
    else stop(new BodyLimit('stalled'));
  };
  const onAbort = (): void => stop(signal.reason);
  let timer = setTimeout(check, idle);
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    async read() {
      signal.throwIfAborted();
      asked = performance.now();
      waiting = true;
      const chunk = await reader.read();
      waiting = false;
      if (problem !== undefined) throw problem;
      whole = chunk.done;
      return chunk;
    },
    end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (!whole) reader.cancel().catch(() => undefined);
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
