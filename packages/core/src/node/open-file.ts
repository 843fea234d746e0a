import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { connectTimeout, type OpenedFile, type OpenOptions, timedOut } from '../host/transport.ts';
import {
  type Connections,
  connectEvent,
  guardedLookup,
  isConnecting,
  isRefusedLiteral,
  refusal,
} from './connections.ts';
import { decompress } from './decompress.ts';

/** Opens a file; the address that `allowed` judges is the very one that is connected to. */
export function openFile(url: string, options: OpenOptions, connections: Connections): Promise<OpenedFile> {
  return new Promise((resolve, reject) => {
    const { headers, signal, allowed } = options;
    let asking: ClientRequest | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onAbort = (): void => fail(signal.reason);
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown): void => {
      end();
      asking?.destroy();
      reject(error);
    };
    const ask = (): void => {
      const lookup = allowed && { lookup: guardedLookup(allowed) };
      const one = connections.request(url, { method: 'GET', headers, ...lookup });
      asking = one;
      one.on('error', (error) => asking === one && fail(error));
      one.on('close', () => asking === one && fail(new Error('the connection closed')));
      one.on('socket', (socket) => onSocket(one, socket));
      one.on('response', (response) => {
        end();
        resolve(toFile(response, signal, connections));
      });
      one.end();
    };
    const onSocket = (one: ClientRequest, socket: Socket): void => {
      if (one.reusedSocket && (connections.isStale(socket, false) || isRefusedPeer(socket, allowed))) {
        asking = undefined;
        one.destroy();
        ask();
        return;
      }
      if (!isConnecting(socket)) return;
      timer = setTimeout(() => fail(timedOut('connection')), connectTimeout);
      socket.once(connectEvent(socket), () => clearTimeout(timer));
    };
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (allowed && isRefusedLiteral(url, allowed)) throw refusal();
      ask();
    } catch (error) {
      fail(error);
    }
  });
}

/** A connection that is there already may have been made without a judge. */
function isRefusedPeer({ remoteAddress }: Socket, allowed: OpenOptions['allowed']): boolean {
  return allowed !== undefined && !(remoteAddress !== undefined && allowed(remoteAddress));
}

function toFile(response: IncomingMessage, signal: AbortSignal, connections: Connections): OpenedFile {
  const { socket } = response;
  const body = decompress(response);
  const onAbort = (): void => void body.destroy(toError(signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  response.once('end', () => connections.rest(socket));
  body.once('close', () => signal.removeEventListener('abort', onAbort));
  body.on('error', () => undefined);
  return {
    status: response.statusCode ?? 0,
    headers: {
      get(name) {
        const value = response.headers[name.toLowerCase()];
        return (Array.isArray(value) ? value.join(', ') : value) ?? null;
      },
    },
    body: toStream(body),
  };
}

function toStream(body: Readable): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      const chunk = await chunks.next();
      if (chunk.done) controller.close();
      else controller.enqueue(chunk.value);
    },
    cancel: () => void body.destroy(),
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

const toError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error('aborted', { cause: reason });
