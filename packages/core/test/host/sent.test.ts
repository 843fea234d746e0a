import { getEventListeners } from 'node:events';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Exchange, OutgoingRequest, Transport } from '../../src/host/transport.ts';
import { ask, outgoing, transports } from './ask.ts';
import { answer, type Behaviour, listen } from './servers.ts';

/** What is expected of each transport; `own` is the fetch transport with a fetch of the caller's own. */
type Expected = Partial<Exchange> & { readonly node?: Partial<Exchange>; readonly own?: Partial<Exchange> };
type Row = [what: string, behaviour: Behaviour, expected: Expected, more?: Partial<OutgoingRequest>];

const expectedOf = (name: string, { node, own, ...all }: Expected): Partial<Exchange> => ({
  ...all,
  ...(name === 'node' ? node : name === 'fetch' ? {} : own),
});
const reply =
  (...bytes: readonly (string | Uint8Array)[]): Behaviour['onRequest'] =>
  (socket) => {
    for (const each of bytes) socket.write(each);
  };
const json = answer('{"id":"a"}');
const packed = (pack: (text: string) => Buffer, coding: string): Buffer =>
  answer(pack('{"id":"a"}'), { 'content-encoding': coding });
const soon = { timeout: 300 };
const read = { sent: 'yes', status: 200, bodyState: 'json', body: { id: 'a' } } as const;
const doubtful = { sent: 'unknown', bodyState: 'none' } as const;

/** Broken before a request could leave, while it left, and after that. */
const rows: readonly Row[] = [
  ['a reset at once', { onConnection: (socket) => socket.resetAndDestroy() }, { bodyState: 'none' }],
  ['an end at once', { onConnection: (socket) => socket.end() }, doubtful],
  ['silence', {}, { ...doubtful, error: { name: 'TimeoutError' } }, soon],
  ['a reset after the headers', { onRequest: (socket) => socket.resetAndDestroy() }, doubtful],
  ['an end after the headers', { onRequest: (socket) => socket.end() }, doubtful],
  ['nonsense', { onRequest: reply('who are you?\r\n\r\n') }, doubtful],
  ['half of the headers', { onRequest: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le') }, doubtful],
  ['headers of 200 KB', { onRequest: reply(answer('{}', { 'x-much': 'x'.repeat(200_000) })) }, doubtful],
  [
    'an upgrade that nobody asked for',
    { onRequest: reply('HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n') },
    { ...doubtful, node: { sent: 'yes', status: 101, bodyState: 'empty' } },
    // undici 6 waits on.
    { timeout: 1500 },
  ],
  ['TLS that never begins', { onConnection: (socket) => socket.resume() }, { ...doubtful, node: { sent: 'no' } }, soon],
  ['no TLS', { onConnection: (socket) => socket.end('no TLS\r\n') }, { ...doubtful, node: { sent: 'no' } }],
  [
    'a certificate nobody signed',
    { tls: true, onRequest: reply(json) },
    { ...doubtful, sent: 'no', own: { sent: 'unknown' } },
  ],
];

/** Answers, whole and broken. */
const answers: readonly Row[] = [
  ['an answer', { onRequest: reply(json) }, read],
  ['an answer in two pieces', { onRequest: reply(json.subarray(0, 25), json.subarray(25)) }, read],
  ['an answer until the end', { onRequest: (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{"id":"a"}') }, read],
  [
    'an answer in chunks',
    {
      onRequest: reply(
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
        '5\r\n{"id"\r\n',
        '5\r\n:"a"}\r\n0\r\n\r\n',
      ),
    },
    read,
  ],
  ['gzip', { onRequest: reply(packed(gzipSync, 'gzip')) }, read],
  ['brotli', { onRequest: reply(packed(brotliCompressSync, 'br')) }, read],
  ['deflate', { onRequest: reply(packed(deflateSync, 'deflate')) }, read],
  ['a hundred early hints', { onRequest: reply('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100), json) }, read],
  [
    'a redirect',
    { onRequest: reply(answer('', { location: '/elsewhere' }, '307 Temporary Redirect')) },
    { sent: 'yes', status: 307, bodyState: 'empty' },
  ],
  [
    'no content',
    { onRequest: reply('HTTP/1.1 204 No Content\r\n\r\n') },
    { sent: 'yes', status: 204, bodyState: 'empty' },
  ],
  [
    'a body that ends early',
    { onRequest: (socket) => socket.end(answer('{"id":"a', { 'content-length': '99' })) },
    { sent: 'yes', status: 200, bodyState: 'incomplete' },
  ],
  [
    'a body that is reset',
    {
      onRequest: (socket) =>
        socket.write(answer('{"id":"a', { 'content-length': '99' }), () => socket.resetAndDestroy()),
    },
    { sent: 'yes', status: 200, bodyState: 'incomplete' },
  ],
  [
    'chunks that end early',
    { onRequest: (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n') },
    { sent: 'yes', status: 200, bodyState: 'incomplete' },
  ],
  [
    'a body that stops',
    { onRequest: reply(answer('{"id":"a', { 'content-length': '99' })) },
    { sent: 'yes', status: 200, bodyState: 'incomplete', text: '{"id":"a' },
    { bodyTimeout: 50 },
  ],
  [
    'a body that is too large',
    { onRequest: reply(answer('x'.repeat(200_000))) },
    { sent: 'yes', status: 200, bodyState: 'incomplete' },
  ],
  [
    'gzip that is broken',
    { onRequest: reply(answer('no gzip', { 'content-encoding': 'gzip' })) },
    { sent: 'yes', status: 200, bodyState: 'incomplete' },
  ],
  [
    'gzip that breaks off',
    {
      onRequest: (socket) =>
        socket.end(
          answer(gzipSync('{"id":"a"}').subarray(0, 15), { 'content-encoding': 'gzip', 'content-length': '99' }),
        ),
    },
    { sent: 'yes', status: 200, bodyState: 'incomplete' },
  ],
];

describe.each(transports)('%s', (name, make) => {
  test.each<Row>([...rows, ...answers])('after %s', async (what, behaviour, expected, more) => {
    const server = await listen(behaviour);
    const url = what.includes('TLS') ? server.url.replace('http:', 'https:') : server.url;
    const cut = new AbortController();
    const exchange = await ask(make(), { ...server, url }, { ...more, cut });
    expect(exchange).toMatchObject(expectedOf(name, expected));
    expect(server.seen()).toBeLessThanOrEqual(1);
    // undici keeps a listener of its own until the signal is collected.
    if (name === 'node') expect(getEventListeners(cut.signal, 'abort')).toHaveLength(0);
  });

  const unsent = name === 'a fetch of the caller' ? 'unknown' : 'no';

  test('a refused connection', async () => {
    const server = await listen();
    server.stop();
    expect(await ask(make(), server)).toMatchObject({ sent: unsent, bodyState: 'none' });
  });

  test.each(['http://nowhere.invalid/', 'http://127.0.0.1:6000/'])('%s, where nobody can be', async (url) => {
    expect(await make().send(outgoing(url))).toMatchObject({ sent: unsent, bodyState: 'none' });
  });

  test.each<[string, Partial<OutgoingRequest>]>([
    ['no address', { url: 'nonsense' }],
    ['a protocol that is none', { url: 'gopher://127.0.0.1/' }],
    ['a header that is none', { headers: { 'x-key': 'secret\n' } }],
    ['a header name that is none', { headers: { 'x key': 'a' } }],
  ])('%s never leaves', async (what, more) => {
    const exchange = await make().send(outgoing('http://127.0.0.1:1/', more));
    // Only fetch knows which protocols it speaks.
    expect(exchange.sent).toBe(what.includes('protocol') && name !== 'node' ? 'unknown' : 'no');
    expect(String(exchange.error)).not.toContain('secret');
  });

  test('a bomb stops at the cap', async () => {
    const bomb = answer(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' });
    const server = await listen({ onRequest: reply(bomb) });
    const exchange = await ask(make(), server);
    expect(exchange).toMatchObject({ sent: 'yes', status: 200, bodyState: 'incomplete' });
    expect(exchange.text?.length).toBeLessThanOrEqual(65_536);
  });

  test('early hints without end', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(50);
    const server = await listen({
      onRequest: (socket) => {
        const timer = setInterval(() => socket.write(hints), 5);
        socket.on('close', () => clearInterval(timer));
      },
    });
    expect(await ask(make(), server, soon)).toMatchObject(doubtful);
  });

  test('a body that drips for ever', async () => {
    const server = await listen({
      onRequest: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nx');
        const timer = setInterval(() => socket.write('x'), 5);
        socket.on('close', () => clearInterval(timer));
      },
    });
    const exchange = await ask(make(), server, { bodyTimeout: 100 });
    expect(exchange).toMatchObject({ sent: 'yes', bodyState: 'incomplete', text: expect.stringMatching(/^x+$/) });
  });

  test('of two hundred mixed requests at once each has its own answer', async () => {
    const transport: Transport = make();
    const closed = await listen();
    closed.stop();
    const worlds = [
      closed,
      await listen({ onRequest: (socket) => socket.resetAndDestroy() }),
      await listen({ onRequest: reply(json) }),
      await listen({ tls: true, onRequest: reply(json) }),
    ];
    const sent = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const world = worlds[index % 4] ?? closed;
        return [index % 4, (await transport.send(outgoing(world.url))).sent] as const;
      }),
    );
    const of = (kind: number): Set<string> => new Set(sent.filter(([each]) => each === kind).map(([, what]) => what));
    expect([0, 1, 2, 3].map((kind) => [...of(kind)])).toEqual([[unsent], ['unknown'], ['yes'], [unsent]]);
    expect(worlds.map((world) => world.seen())).toEqual([0, 50, 50, 0]);
  });
});

describe.each(transports)('given up by the caller, %s', (name, make) => {
  const enough = new Error('enough');

  test('before: nothing leaves', async () => {
    const server = await listen({ onRequest: reply(json) });
    const cut = new AbortController();
    cut.abort(enough);
    expect(await ask(make(), server, { cut })).toEqual({ sent: 'no', bodyState: 'none', error: enough });
    expect(server.connections()).toBe(0);
  });

  test('in the same moment: nothing leaves', async () => {
    const server = await listen({ onRequest: reply(json) });
    const cut = new AbortController();
    const transport = make();
    await transport.send(outgoing(server.url));
    const exchange = ask(transport, server, { cut });
    cut.abort(enough);
    expect(await exchange).toMatchObject({ bodyState: 'none', error: enough });
    expect(server.seen()).toBe(1);
  });

  test('while it connects', async () => {
    const cut = new AbortController();
    const server = await listen({ onConnection: () => cut.abort(enough) });
    const exchange = await ask(make(), { ...server, url: server.url.replace('http:', 'https:') }, { cut });
    expect(exchange).toEqual({ sent: name === 'node' ? 'no' : 'unknown', bodyState: 'none', error: enough });
  });

  test('after it was read', async () => {
    const cut = new AbortController();
    const server = await listen({ onRequest: () => cut.abort(enough) });
    expect(await ask(make(), server, { cut })).toEqual({ sent: 'unknown', bodyState: 'none', error: enough });
    expect(server.seen()).toBe(1);
  });

  test('in the body', async () => {
    const cut = new AbortController();
    const server = await listen({
      onRequest: (socket) => {
        socket.on('close', () => undefined);
        socket.write(answer('{"id"', { 'content-length': '99' }));
        setTimeout(() => cut.abort(enough), 50);
      },
    });
    expect(await ask(make(), server, { cut })).toMatchObject({ sent: 'yes', status: 200, bodyState: 'incomplete' });
  });

  test('after the end: nothing happens', async () => {
    const cut = new AbortController();
    const server = await listen({ onRequest: reply(json) });
    const transport = make();
    expect(await ask(transport, server, { cut })).toMatchObject(read);
    cut.abort(enough);
    expect(await ask(transport, server)).toMatchObject(read);
    if (name === 'node') expect(server.connections()).toBe(1);
  });
});
