import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '../world.ts';
import { crashed, exchange } from './exchange.ts';
import { bodiless, type Call, json, type Outcome } from './message.ts';

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
  const outcome = isOwnHost(incoming) ? await exchange(world, toCall(incoming)).catch(toOutcome) : misdirected;
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

/**
 * A page in a browser reaches this port under a name of its own, which it can let point to this machine. Whoever means
 * the emulator says so.
 */
function isOwnHost({ headers, socket }: IncomingMessage): boolean {
  const [, name = '', port = '80'] = /^(.*?)(?::(\d+))?$/.exec(headers.host ?? '') ?? [];
  return /^(localhost|127\.0\.0\.1)$/i.test(name) && Number(port) === socket.localPort;
}

const problem = 'the emulator is asked as 127.0.0.1 or localhost, and under no other name';
const misdirected: Outcome = json(403, { code: 403, message: problem, error: problem }, { connection: 'close' });

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
    read: (mostBytes) => readBody(incoming, mostBytes),
  };
}

/** Stops at the limit. What is left stays where it is, and its connection is closed once it is answered. */
async function readBody(incoming: IncomingMessage, mostBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    size += chunk.length;
    if (size > mostBytes) return undefined;
  }
  return Buffer.concat(chunks);
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
