import type { World } from '../world.ts';
import { crashed, exchange } from './exchange.ts';
import { bodiless, type Call, networkError, type Reply } from './message.ts';

const redirects = new Set([301, 302, 303, 307, 308]);

/** A fetch that never leaves the process. */
export function createFetch(world: World): typeof fetch {
  return async (input, init) => {
    // Kept out of the Request, which would listen to the caller's signal for as long as it lives.
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    signal?.throwIfAborted();
    const request = new Request(input, { ...init, signal: null });
    const outcome = await orAbort(exchange(world, toCall(request)).catch(rethrowNetwork), signal);
    if ('broken' in outcome) throw networkError(outcome.broken);
    const location = outcome.headers.location;
    if (redirects.has(outcome.status) && location !== undefined && request.redirect !== 'manual') {
      // There is no network to follow it into. Nobody who minds their key lets fetch follow anyway.
      throw networkError('EREDIRECT');
    }
    return toResponse(outcome, request.url, signal);
  };
}

// A waiting exchange that close() ends looks like a cut connection; anything else is a fault of the emulator.
function rethrowNetwork(error: unknown): Reply {
  if (error instanceof TypeError && error.message === 'fetch failed') throw error;
  return crashed();
}

function toCall(request: Request): Call {
  return {
    method: request.method,
    url: new URL(request.url),
    headers: Object.fromEntries(request.headers),
    read: async (mostBytes) => {
      const bytes = new Uint8Array(await request.arrayBuffer());
      return bytes.length > mostBytes ? undefined : bytes;
    },
  };
}

/** The server's work goes on when the caller leaves; only the caller stops waiting. */
function orAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function toResponse(reply: Reply, url: string, signal: AbortSignal | undefined): Response {
  const { status, headers, body, decoded } = reply;
  const content = body instanceof Uint8Array ? new Uint8Array(body) : toStream(decoded ?? body, signal);
  const response = new Response(bodiless.has(status) ? null : content, { status, headers });
  Object.defineProperty(response, 'url', { value: url });
  return response;
}

function toStream(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let leave = () => {};
  const done = () => signal?.removeEventListener('abort', leave);
  return new ReadableStream({
    start: (controller) => {
      leave = () => controller.error(signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
    },
    pull: async (controller) => {
      const next = await iterator.next();
      if (!next.done) return controller.enqueue(next.value);
      done();
      controller.close();
    },
    cancel: () => {
      done();
      void iterator.return?.();
    },
  });
}
