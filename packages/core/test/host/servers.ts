import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { cert, key } from '../parts/certificate.ts';

/** A server that is written byte by byte, and counts the requests whose headers it saw. */
export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** Headers that were read to their end, over all connections. */
  seen(): number;
  connections(): number;
  /** Refuses from now on; with `all`, what is open is cut off too. */
  stop(all?: boolean): void;
}

export interface Behaviour {
  readonly tls?: boolean;
  readonly onConnection?: ((socket: Socket) => void) | undefined;
  /** Called when a request is there whole; `count` is how many were seen. */
  readonly onRequest?: ((socket: Socket, head: string, count: number, server: Server) => void) | undefined;
}

/** Listens on this machine until the test is over. */
export async function listen({ tls, onConnection, onRequest }: Behaviour = {}): Promise<RawServer> {
  let seen = 0;
  let connections = 0;
  const sockets = new Set<Socket>();
  const onSocket = (socket: Socket): void => {
    connections += 1;
    sockets.add(socket);
    let text = '';
    let headed = false;
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        seen += headed ? 0 : 1;
        headed = true;
        if (text.length < end + 4 + length) return;
        text = text.slice(end + 4 + length);
        headed = false;
        onRequest?.(socket, head, seen, server);
      }
    });
    onConnection?.(socket);
  };
  const server: Server = tls ? createTlsServer({ cert, key }, onSocket) : createServer(onSocket);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (all = true): void => {
    if (all) for (const socket of sockets) socket.destroy();
    if (server.listening) server.close();
  };
  onTestFinished(() => stop());
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}/jobs`;
  return { url, port, stop, seen: () => seen, connections: () => connections };
}

/** An answer as it stands on the wire. */
export function answer(body: string | Uint8Array, headers: Record<string, string> = {}, status = '200 OK'): Buffer {
  const bytes = Buffer.from(body);
  const all = { 'content-length': String(bytes.length), ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${head.join('')}\r\n`), bytes]);
}
