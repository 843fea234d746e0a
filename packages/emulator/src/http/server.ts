import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '../world.ts';
import { crashed, exchange } from './exchange.ts';
import { bodiless, type Call, type Outcome } from './message.ts';

export interface Listening {
  readonly port: number;
  readonly url: string;
}

export function createListener(world: World): Server {
  return createServer((incoming, response) => {
    answer(world, incoming, response).catch(() => response.destroy());
  });
}

export async function listen(server: Server, port: number): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return { port: address.port, url: `http://127.0.0.1:${address.port}` };
}

export async function shut(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

async function answer(world: World, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const outcome = await exchange(world, toCall(incoming)).catch(toOutcome);
  if ('broken' in outcome) {
    incoming.socket.resetAndDestroy();
    return;
  }
  const { status, headers, body } = outcome;
  if (bodiless.has(status)) {
    response.writeHead(status, headers).end();
    return;
  }
  if (body instanceof Uint8Array) {
    response.writeHead(status, { 'content-length': body.length, ...headers }).end(body);
    return;
  }
  response.writeHead(status, headers).flushHeaders();
  for await (const chunk of body) if (!(await written(response, chunk))) return;
  response.end();
}

// A wait that close() ended is a cut connection; anything else is a fault of the emulator itself.
function toOutcome(error: unknown): Outcome {
  return error instanceof TypeError && error.message === 'fetch failed' ? { broken: 'ECONNRESET' } : crashed();
}

function toCall(incoming: IncomingMessage): Call {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  const host = headers.host ?? `127.0.0.1:${incoming.socket.localPort}`;
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', `http://${host}`),
    headers,
    read: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
  };
}

/** Waits until the chunk is on its way, so that a cut after it does not swallow it. */
function written(response: ServerResponse, chunk: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve(false);
    const gone = () => resolve(false);
    response.once('close', gone);
    response.write(chunk, (error) => {
      response.off('close', gone);
      resolve(!error);
    });
  });
}
