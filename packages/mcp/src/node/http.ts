import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ImageServer } from '../server.ts';

export interface HttpOptions {
  /** @default 0, a free one */
  readonly port?: number | undefined;
  /** The address that is listened at: by default nobody but this machine can connect. @default '127.0.0.1' */
  readonly host?: string | undefined;
}

export interface HttpServing {
  /** Where clients connect: `http://127.0.0.1:4001/mcp`. */
  readonly url: string;
  /** Ends what is under way, then the connections. */
  close(): Promise<void>;
}

const path = '/mcp';

/** Serves MCP clients at `/mcp`. Rejects where the port cannot be opened. */
export async function serveHttp(images: ImageServer, options: HttpOptions = {}): Promise<HttpServing> {
  const { port = 0, host = '127.0.0.1' } = options;
  const server = createServer((request, response) => {
    answer(images, request, response).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { url: urlOf(server, host), close: () => close(images, server) };
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

async function close(images: ImageServer, server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await images.close();
  server.closeAllConnections();
  await closed;
}

async function answer(images: ImageServer, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const response = pathname === path ? await images.fetch(toRequest(incoming, gone.signal)) : notFound();
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (!response.body) return void outgoing.end();
  for await (const chunk of response.body) {
    if (!outgoing.write(chunk)) await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
    if (outgoing.destroyed) break;
  }
  outgoing.end();
}

const notFound = (): Response => Response.json({ error: `There is nothing here; connect to ${path}` }, { status: 404 });

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', headers } = incoming;
  const list = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  );
  const body = method === 'GET' || method === 'HEAD' ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>);
  return new Request(new URL(url, 'http://localhost'), {
    method,
    headers: list,
    signal,
    body,
    duplex: 'half',
  } as RequestInit);
}
