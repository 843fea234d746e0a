import { createSecureServer } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, send } from '../../src/http/send.ts';
import { cert, key } from './certificate.ts';

type Fetch = typeof globalThis.fetch;

interface Server {
  url: string;
  seen: () => number;
  close(): Promise<void>;
}

function serve(onSocket: (socket: Socket, count: () => void) => void): Promise<Server> {
  let seen = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    onSocket(socket, () => {
      seen += 1;
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        seen: () => seen,
        close: () => {
          for (const socket of sockets) socket.destroy();
          return new Promise((done) => server.close(() => done()));
        },
      });
    });
  });
}

const native: Fetch = (input, init) => globalThis.fetch(input, init);
const ask = (baseUrl: string, fetch: Fetch = native, signal = new AbortController().signal): Promise<Exchange> =>
  send(
    { method: 'POST', path: '/jobs', body: { prompt: 'x'.repeat(2000) } },
    {
      ...{ baseUrl, fetch, signal, headers: {}, timeout: 5000, maxBytes: 1000 },
    },
  );

let closed: string;
let afterRead: Server;
let hangs: Server;
let answers: Server;
const servers: Server[] = [];

beforeAll(async () => {
  const gone = await serve(() => undefined);
  closed = gone.url;
  await gone.close();
  afterRead = await serve((socket, count) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      if (!text.includes('x"}')) return;
      count();
      socket.resetAndDestroy();
    });
  });
  hangs = await serve((socket) => void socket.resume());
  answers = await serve((socket, count) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      if (!text.includes('x"}')) return;
      count();
      text = '';
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"id":"a"}');
    });
  });
  servers.push(afterRead, hangs, answers);
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

describe('whether a request has left', () => {
  test('a refused connection: no', async () =>
    expect(await ask(closed)).toMatchObject({ sent: 'no', bodyState: 'none' }));

  test('a name that does not exist: no', async () => {
    expect(await ask('http://nowhere.invalid')).toMatchObject({ sent: 'no', bodyState: 'none' });
  });

  test('read and then reset: yes', async () => {
    expect(await ask(afterRead.url)).toMatchObject({ sent: 'yes', bodyState: 'none' });
    expect(afterRead.seen()).toBeGreaterThan(0);
  });

  test('an answer: yes', async () => expect(await ask(answers.url)).toMatchObject({ sent: 'yes', body: { id: 'a' } }));

  test('sent, and then given up by the caller: yes', async () => {
    const caller = new AbortController();
    setTimeout(() => caller.abort(), 100);
    expect(await ask(hangs.url, native, caller.signal)).toMatchObject({ sent: 'yes', bodyState: 'none' });
  });

  test('reset before it was read is never "no" once the header was written', async () => {
    const reset = await serve((socket) => void setTimeout(() => socket.resetAndDestroy(), 20));
    servers.push(reset);
    expect((await ask(reset.url)).sent).toBe('yes');
  });

  test('broken in the TLS handshake: no', async () => {
    const plain = await serve((socket) => void socket.on('data', () => socket.end('no TLS here\r\n')));
    servers.push(plain);
    expect((await ask(plain.url.replace('http:', 'https:'))).sent).toBe('no');
  });

  test("a fetch of the caller's own: unknown", async () => {
    const own: Fetch = async () => {
      throw Object.assign(new TypeError('x'), { code: 'ECONNRESET' });
    };
    expect((await ask(answers.url, own)).sent).toBe('unknown');
  });

  test('a fetch of the caller that repeats by itself: yes, although its last try was refused', async () => {
    const repeating: Fetch = async (input, init) => {
      const copy = input instanceof Request ? input.clone() : input;
      try {
        return await globalThis.fetch(input, init);
      } catch {
        return globalThis.fetch(closed, {
          ...init,
          method: 'POST',
          body: copy instanceof Request ? await copy.text() : 'x',
        });
      }
    };
    expect((await ask(afterRead.url, repeating)).sent).toBe('yes');
  });

  test('read over HTTP/2 and then reset: never "no"', async () => {
    const dispatcher = (globalThis as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')] as {
      constructor: new (options: object) => { close(): Promise<void> };
    };
    let seen = 0;
    const server = createSecureServer({ cert, key, allowHTTP1: false });
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream
        .on('data', () => undefined)
        .on('end', () => {
          seen += 1;
          stream.session?.destroy();
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const agent = new dispatcher.constructor({ allowH2: true, connect: { rejectUnauthorized: false } });
    const h2: Fetch = (input, init) => globalThis.fetch(input, { ...init, dispatcher: agent } as RequestInit);
    const exchange = await ask(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, h2);
    server.close();
    expect(seen).toBe(1);
    expect(exchange.sent).not.toBe('no');
  });

  test('of two hundred mixed requests at once, each has its own answer', async () => {
    const before = afterRead.seen();
    const kinds = [closed, afterRead.url, answers.url, 'own'] as const;
    const own: Fetch = async () => {
      throw new Error('x');
    };
    const calls = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const kind = kinds[index % 4] ?? 'own';
        const { sent } = await (kind === 'own' ? ask(answers.url, own) : ask(kind));
        return [kind, sent];
      }),
    );
    for (const [index, kind] of kinds.entries()) {
      const expected = ['no', 'yes', 'yes', 'unknown'][index];
      expect(calls.filter(([each]) => each === kind)).toEqual(Array.from({ length: 50 }, () => [kind, expected]));
    }
    expect(afterRead.seen() - before).toBe(50);
  });
});
