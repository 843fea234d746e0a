import { createSecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { networkCode } from '../../src/errors/cause.ts';
import { fetchTransport } from '../../src/host/fetch-transport.ts';
import type { Exchange } from '../../src/host/transport.ts';
import { type Carrier, currentCarrier, provesUnsent } from '../../src/host/unsent.ts';
import { cert, key } from '../parts/certificate.ts';
import { outgoing } from './ask.ts';
import { answer, listen } from './servers.ts';

interface Dispatcher {
  close(): Promise<void>;
  compose(interceptor: (dispatch: unknown) => unknown): Dispatcher;
}
type AgentClass = new (options?: object) => Dispatcher;

const global = globalThis as unknown as Record<symbol, unknown>;
const keys = [1, 2].map((version) => Symbol.for(`undici.globalDispatcher.${version}`));

// The runtime's own undici: 6 on Node 22, 7 on Node 24. The first call of fetch makes the agent.
await fetch('data:,');
const before = keys.map((each) => global[each]);
const Agent = (before[0] as object).constructor as AgentClass;

/** Sets the dispatcher of the whole process, as `setGlobalDispatcher` does. */
function setDispatcher(dispatchers: readonly unknown[]): void {
  for (const [index, each] of keys.entries()) {
    if (before[index] !== undefined) global[each] = dispatchers[index];
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  setDispatcher(before);
});

const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect' });
const reset = Object.assign(new Error('x'), { code: 'ECONNRESET', syscall: 'read' });
const failed = (cause: unknown): Error => new TypeError('fetch failed', { cause });
const all = (...errors: Error[]): Error => Object.assign(new AggregateError(errors), { code: 'ECONNREFUSED' });

describe('an error of plain fetch', () => {
  test.each<[what: string, cause: unknown, proof: boolean]>([
    ['refused', refused, true],
    ['no such name', Object.assign(new Error(), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), true],
    ['no name server', Object.assign(new Error(), { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }), true],
    ['no way there', Object.assign(new Error(), { code: 'EHOSTUNREACH', syscall: 'connect' }), true],
    ['no connection in time', Object.assign(new Error(), { code: 'UND_ERR_CONNECT_TIMEOUT' }), true],
    ['a blocked port', new Error('bad port'), true],
    ...[
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'CERT_HAS_EXPIRED',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ].map((code): [string, unknown, boolean] => [code, Object.assign(new Error(), { code }), true]),
    ['refused at every address', all(refused, refused), true],
    ['refused at one address, reset at another', all(refused, reset), false],
    ['a reset', reset, false],
    [
      'a reset because of a refusal',
      Object.assign(new Error('x', { cause: refused }), { code: 'UND_ERR_SOCKET' }),
      false,
    ],
    ['a refusal because of a reset', Object.assign(new Error('x', { cause: reset }), { code: 'ECONNREFUSED' }), false],
    ['no way there any more', Object.assign(new Error(), { code: 'EHOSTUNREACH', syscall: 'read' }), false],
    ['TLS that broke', Object.assign(new Error(), { code: 'EPROTO' }), false],
    ['no headers in time', Object.assign(new Error(), { code: 'UND_ERR_HEADERS_TIMEOUT' }), false],
    ['no code', new Error('x'), false],
    ['no error', 'ECONNREFUSED', false],
    ['nothing', undefined, false],
    ['none at all', all(), true],
  ])('%s', (_, cause, proof) => {
    expect(provesUnsent(failed(cause), currentCarrier())).toBe(proof);
    // ky wraps it once more.
    expect(provesUnsent(new Error('ky', { cause: failed(cause) }), currentCarrier())).toBe(proof);
  });

  test('that is its own cause ends', () => {
    const error = new Error('x');
    error.cause = error;
    expect(provesUnsent(error, currentCarrier())).toBe(false);
  });
});

describe('a refused connection proves nothing', () => {
  const ask = async (): Promise<Exchange> => {
    const server = await listen();
    server.stop();
    return fetchTransport().send(outgoing(server.url));
  };

  test('is the rule only with the plain agent', async () => {
    expect((await ask()).sent).toBe('no');
    const agent = new Agent({ connect: { timeout: 1000 }, keepAliveTimeout: 1000 });
    setDispatcher([agent, agent]);
    expect((await ask()).sent).toBe('no');
  });

  test.each<[string, () => unknown]>([
    ['HTTP/2', () => new Agent({ allowH2: true })],
    ['pipelining', () => new Agent({ pipelining: 10 })],
    ['a factory', () => new Agent({ factory: (origin: string) => new (Agent as AgentClass)({ origin }) })],
    ['an interceptor', () => new Agent().compose((dispatch) => dispatch)],
    ['a class of its own', () => new (class Retrying extends Agent {})()],
  ])('with %s', async (_, make) => {
    const dispatcher = make();
    setDispatcher([dispatcher, dispatcher]);
    expect(await ask()).toMatchObject({ sent: 'unknown', bodyState: 'none' });
  });

  test('with a fetch that somebody put in place of the own one', async () => {
    const native = globalThis.fetch;
    vi.stubGlobal('fetch', (...all: Parameters<typeof fetch>) => native(...all));
    expect((await ask()).sent).toBe('unknown');
  });

  test('when the dispatcher changed in between', () => {
    const carrier: Carrier = currentCarrier();
    setDispatcher([new Agent(), new Agent()]);
    expect(provesUnsent(failed(refused), carrier)).toBe(false);
  });
});

describe('over HTTP/2', () => {
  /** Reads one request and is gone. */
  async function listenH2(): Promise<{ url: string; seen: () => number }> {
    let seen = 0;
    const sessions: ServerHttp2Session[] = [];
    const server = createSecureServer({ cert, key, allowHTTP1: false });
    server.on('session', (session) => void sessions.push(session.on('error', () => undefined)));
    server.on('stream', (stream) => {
      stream.on('error', () => undefined).resume();
      seen += 1;
      server.close();
      for (const session of sessions) session.destroy();
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/jobs`, seen: () => seen };
  }
  const options = { allowH2: true, connections: 1, connect: { rejectUnauthorized: false } };

  test.each([1, 3])('with an agent as dispatcher none of %d requests counts as not sent', async (count) => {
    const { url, seen } = await listenH2();
    const dispatcher = new Agent(options);
    const native = globalThis.fetch;
    setDispatcher([dispatcher, dispatcher]);
    expect(globalThis.fetch).toBe(native);
    const work = Array.from({ length: count }, () => fetchTransport().send(outgoing(url)));
    expect((await Promise.all(work)).map(({ sent }) => sent)).toEqual(work.map(() => 'unknown'));
    expect(seen()).toBe(1);
  });

  test('nor in a fetch of the caller', async () => {
    const { url, seen } = await listenH2();
    const dispatcher = new Agent(options);
    const own: typeof fetch = (input, init) => fetch(input, { ...init, dispatcher } as RequestInit);
    expect((await fetchTransport(own).send(outgoing(url))).sent).toBe('unknown');
    expect(seen()).toBe(1);
  });
});

test('a dispatcher that retries: the refusal of its last try says nothing of the first', async () => {
  const host = await listen({
    onRequest(socket, _, __, server) {
      server.close();
      socket.resetAndDestroy();
    },
  });
  interface Handler {
    onError?(error: Error): void;
    onResponseError?(controller: unknown, error: Error): void;
  }
  type Dispatch = (options: object, handler: Handler) => boolean;
  const twice =
    (dispatch: Dispatch): Dispatch =>
    (options, handler) => {
      const again = (): void => void dispatch({ ...options, body: null }, handler);
      const first: Handler = new Proxy(handler, {
        get(target, name) {
          if (name === 'onError' || name === 'onResponseError') return again;
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      });
      return dispatch(options, first);
    };
  const dispatcher = new Agent().compose(twice as (dispatch: unknown) => unknown);
  setDispatcher([dispatcher, dispatcher]);
  const exchange = await fetchTransport().send(outgoing(host.url));
  expect(networkCode(exchange.error)).toBe('ECONNREFUSED');
  expect(host.seen()).toBe(1);
  expect(exchange.sent).toBe('unknown');
});

test('a fetch of the caller that asks for more than one thing: the refusal of the last says nothing of the first', async () => {
  const host = await listen({ onRequest: (socket) => socket.resetAndDestroy() });
  const gone = await listen();
  gone.stop();
  const own: typeof fetch = async (input, init) => {
    await fetch(input, init).catch(() => undefined);
    return fetch(gone.url, { method: 'POST' });
  };
  expect(await fetchTransport(own).send(outgoing(host.url))).toMatchObject({ sent: 'unknown' });
  expect(host.seen()).toBe(1);
});

test('after a 421, which says that it was not processed, fetch itself asks once more', async () => {
  const server = await listen({
    onRequest: (socket, _, count) =>
      void socket.end(count === 1 ? answer('', { connection: 'close' }, '421 Misdirected Request') : answer('{}')),
  });
  expect(await fetchTransport().send(outgoing(server.url))).toMatchObject({ sent: 'yes', status: 200 });
  expect(server.seen()).toBe(2);
});
