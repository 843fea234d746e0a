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
  let size = 0;
  let finished = false;
  try {
    while (true) {
      const { done, value } = await readChunk(reader, limits);
      if (done) break;
      // A fetch of the caller's own can yield anything.
      if (!(ArrayBuffer.isView(value) && value.byteLength >= 0)) throw new TypeError('a body yields bytes');
      size += value.byteLength;
      if (size > limits.maxBytes) throw new BodyLimit('too_large');
      yield value;
    }
    finished = true;
  } finally {
    if (!finished) reader.cancel().catch(() => undefined);
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** One read that ends by the idle limit and by the signal, even if the stream itself hangs. */
function readChunk(reader: Reader, { idle, signal }: BodyLimits): ReturnType<Reader['read']> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new BodyLimit('stalled'))), idle);
    const onAbort = (): void => settle(() => reject(signal.reason));
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    reader.read().then(
      (chunk) => settle(() => resolve(chunk)),
      (error) => settle(() => reject(error)),
    );
  });
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
