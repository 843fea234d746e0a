import { execFile } from 'node:child_process';
import dns from 'node:dns';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { forbiddenAddress, type OpenedFile, type OpenOptions, type Transport } from '../../src/host/transport.ts';
import { nodeTransport } from '../../src/node/transport.ts';
import { ask, outgoing } from './ask.ts';
import { answer, type Behaviour, listen } from './servers.ts';

const json = answer('{"id":"a"}');
const answers: Behaviour = { onRequest: (socket) => socket.write(json) };
const read = { sent: 'yes', status: 200, bodyState: 'json' };

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a connection that rested', () => {
  const later = (milliseconds: number): void => void vi.advanceTimersByTime(milliseconds);
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test.each<[number, boolean, number]>([
    [0, true, 1],
    [1999, true, 1],
    [2001, true, 2],
    [2001, false, 1],
    [59_000, false, 1],
    [61_000, false, 2],
  ])('for %d ms carries a request, unrepeatable: %j, over connection %d', async (rest, unrepeatable, connections) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const server = await listen(answers);
    const transport = nodeTransport();
    expect(await ask(transport, server)).toMatchObject(read);
    await settle();
    later(rest);
    expect(await ask(transport, server, { unrepeatable })).toMatchObject(read);
    expect([server.seen(), server.connections()]).toEqual([2, connections]);
  });

  test('together with others: none of them is used, and nothing is written to them', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const server = await listen(answers);
    const transport = nodeTransport();
    await Promise.all(Array.from({ length: 5 }, () => ask(transport, server)));
    expect(server.connections()).toBe(5);
    await settle();
    later(2001);
    expect(await ask(transport, server, { unrepeatable: true })).toMatchObject(read);
    expect([server.seen(), server.connections()]).toEqual([6, 6]);
  });

  test('and is closed by the server when the next request arrives: one that cannot be repeated is not lost', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const used = new WeakSet<Socket>();
    // As servers do whose idle time is over in the moment in which the request is on its way.
    const onRequest = (socket: Socket): void => {
      if (used.has(socket)) return void socket.resetAndDestroy();
      used.add(socket);
      socket.write(json);
    };
    const server = await listen({ onRequest });
    const transport = nodeTransport();
    expect(await ask(transport, server)).toMatchObject(read);
    await settle();
    later(5000);
    expect(await ask(transport, server, { unrepeatable: true })).toMatchObject(read);
    await settle();
    later(5000);
    expect(await ask(transport, server)).toMatchObject({ sent: 'unknown', bodyState: 'none' });
  });

  test('of an agent of the caller, of which nobody knows how long it rested, is not used for one either', async () => {
    const server = await listen(answers);
    const agent = new Agent({ keepAlive: true });
    await ask(nodeTransport({ agent }), server);
    await settle();
    const other = nodeTransport({ agent });
    expect(await ask(other, server, { unrepeatable: true })).toMatchObject(read);
    expect([server.seen(), server.connections()]).toEqual([2, 2]);
    agent.destroy();
  });
});

describe('a request', () => {
  test('goes out as it is', async () => {
    let head = '';
    const server = await listen({
      onRequest(socket, text) {
        head = text;
        socket.write(json);
      },
    });
    await ask(nodeTransport(), { ...server, url: `${server.url}?page=2#top` }, { headers: { 'X-API-Key': 'k' } });
    expect(head.split('\r\n').sort()).toEqual([
      'Connection: keep-alive',
      'Content-Length: 14',
      `Host: 127.0.0.1:${server.port}`,
      'POST /jobs?page=2 HTTP/1.1',
      'accept: application/json',
      'content-type: application/json',
      'user-agent: imageport',
      'x-api-key: k',
    ]);
  });

  test('with a form is one of its length', async () => {
    let head = '';
    const server = await listen({
      onRequest(socket, text) {
        head = text;
        socket.write(json);
      },
    });
    const body = new FormData();
    body.append('file', new Blob(['x'.repeat(1000)]), 'a.png');
    expect(await ask(nodeTransport(), server, { body })).toMatchObject(read);
    expect(head).toMatch(/content-type: multipart\/form-data; boundary=/);
    expect(head).toMatch(/content-length: 1\d{3}/i);
    expect(head).not.toMatch(/transfer-encoding/i);
  });

  test('that still waits for a connection of the caller has not left', async () => {
    let arrived = (): void => undefined;
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = await listen({ onRequest: () => arrived() });
    const agent = new Agent({ maxSockets: 1 });
    const transport = nodeTransport({ agent });
    const cut = new AbortController();
    const first = transport.send(outgoing(server.url, { cut }));
    await arrival;
    expect(await transport.send(outgoing(server.url, { timeout: 50 }))).toMatchObject({
      sent: 'no',
      error: { name: 'TimeoutError' },
    });
    cut.abort();
    expect(await first).toMatchObject({ sent: 'unknown' });
    expect(server.seen()).toBe(1);
    agent.destroy();
  });

  test('whose agent throws has not left', async () => {
    const agent = new Agent();
    agent.createConnection = () => {
      throw new Error('no');
    };
    expect(await nodeTransport({ agent }).send(outgoing('http://127.0.0.1:1/'))).toMatchObject({ sent: 'no' });
  });

  test('to a host that does not answer the connection ends by its own limit, not sent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.spyOn(dns, 'lookup').mockImplementation(() => undefined as never);
    const work = nodeTransport().send(outgoing('http://slow.example/', { timeout: 60_000 }));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await vi.advanceTimersByTimeAsync(5000);
    expect(await work).toMatchObject({ sent: 'no', error: { name: 'TimeoutError', message: 'no connection in time' } });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a file', () => {
  const open = (url: string, more: Partial<OpenOptions> = {}, transport = nodeTransport()): Promise<OpenedFile> =>
    transport.open(url, { headers: { accept: 'image/*' }, signal: new AbortController().signal, ...more });
  const bytesOf = async (file: OpenedFile): Promise<string> => new Response(file.body).text();
  const nobody = { allowed: () => false };
  const refused = { code: forbiddenAddress };

  test('comes with its status and headers, and without a redirect being followed', async () => {
    const server = await listen({
      onRequest: (socket) => socket.write(answer('there', { location: '/x', 'x-a': 'b' }, '302 Found')),
    });
    const file = await open(server.url);
    expect([file.status, file.headers.get('Location'), file.headers.get('x-none')]).toEqual([302, '/x', null]);
    expect(await bytesOf(file)).toBe('there');
    expect(server.seen()).toBe(1);
  });

  test('that came compressed unasked is unfolded, and stops when nobody reads on', async () => {
    const bomb = answer(gzipSync(Buffer.alloc(50_000_000, 'x')), { 'content-encoding': 'gzip' });
    const server = await listen({ onRequest: (socket) => socket.write(bomb) });
    const reader = (await open(server.url)).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString('latin1')).toMatch(/^x+$/);
    await reader?.cancel();
  });

  test.each([
    'http://127.0.0.1:9/',
    'http://[::1]:9/',
    'http://localhost:9/',
    'http://[::ffff:7f00:1]:9/',
    'http://2130706433:9/',
  ])('at %s is not connected to unless allowed', async (url) => {
    await expect(open(url, nobody)).rejects.toMatchObject(refused);
  });

  test('of a name that changes its address is read from the one that was judged', async () => {
    const server = await listen(answers);
    const lookup = vi.spyOn(dns, 'lookup');
    const judged: string[] = [];
    const allowed = (address: string): boolean => judged.push(address) > 0 && address !== '10.0.0.1';
    const answerWith = (address: string): void =>
      void lookup.mockImplementation(((_: string, __: object, done: (...all: unknown[]) => void) =>
        done(null, [{ address, family: 4 }])) as never);
    const url = `http://rebinding.example:${server.port}/`;
    answerWith('127.0.0.1');
    expect((await open(url, { allowed })).status).toBe(200);
    answerWith('10.0.0.1');
    await expect(open(url, { allowed }, nodeTransport())).rejects.toMatchObject(refused);
    expect(judged).toContain('127.0.0.1');
    expect(server.connections()).toBe(1);
  });

  test('one private address among public ones is enough to refuse', async () => {
    vi.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, done: (...all: unknown[]) => void) =>
      done(
        null,
        ['93.184.216.34', '10.0.0.1'].map((address) => ({ address, family: 4 })),
      )) as never);
    const allowed = (address: string): boolean => address !== '10.0.0.1';
    await expect(open('https://mixed.example/', { allowed })).rejects.toMatchObject(refused);
  });

  test('is not read over a connection that was made without a judge', async () => {
    const server = await listen(answers);
    const transport = nodeTransport();
    await bytesOf(await open(server.url.replace('127.0.0.1', 'localhost'), {}, transport));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(open(server.url.replace('127.0.0.1', 'localhost'), nobody, transport)).rejects.toMatchObject(refused);
    expect(server.seen()).toBe(1);
  });

  test.each<[string, Behaviour['onRequest']]>([
    ['before its headers', (socket) => socket.resetAndDestroy()],
    ['in its body', (socket) => socket.write(answer('x', { 'content-length': '99' }), () => socket.resetAndDestroy())],
    [
      'in its compressed body',
      (socket) =>
        socket.end(
          answer(gzipSync('x'.repeat(999)).subarray(0, 20), { 'content-encoding': 'gzip', 'content-length': '99' }),
        ),
    ],
  ])('that breaks %s rejects', async (_, onRequest) => {
    const server = await listen({ onRequest });
    await expect(open(server.url).then(bytesOf)).rejects.toThrow();
  });

  test.each(['before', 'while it waits', 'in its body'])('given up %s rejects with the reason', async (when) => {
    const cut = new AbortController();
    const enough = new Error('enough');
    const server = await listen({
      onRequest(socket) {
        if (when === 'while it waits') cut.abort(enough);
        else socket.write(answer('x', { 'content-length': '99' }));
      },
    });
    if (when === 'before') cut.abort(enough);
    const work = open(server.url, { signal: cut.signal });
    if (when === 'in its body') {
      const reader = (await work).body?.getReader();
      await reader?.read();
      const more = reader?.read();
      cut.abort(enough);
      await expect(more).rejects.toThrow();
    } else await expect(work).rejects.toBe(enough);
  });
});

describe('proxies', () => {
  test("with an agent of the caller's, the agent decides where it connects: addresses are judged by name", () => {
    expect(nodeTransport({ agent: new Agent() }).judgesAddresses).toBe(false);
    expect(nodeTransport().judgesAddresses).toBe(true);
  });

  test("are used by Node's own rule", async () => {
    const asked: string[] = [];
    const proxy = await listen({
      onRequest(socket, head) {
        asked.push(head.split('\r\n')[0] ?? '');
        socket.write(json);
      },
    });
    const environment = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
    const out = await run(
      `console.log(t.judgesAddresses, JSON.stringify(await send('http://host.example/a')))`,
      environment,
    );
    expect(out).toMatch(/^false .*"sent":"yes","status":200/);
    expect(asked).toEqual(['POST http://host.example/a HTTP/1.1']);
  });

  test('that cannot be reached leave nothing sent, and one that breaks leaves a doubt', async () => {
    const tunnel = await listen({ onRequest: (socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n') });
    const through = (port: number): Record<string, string> => ({
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: `http://127.0.0.1:${port}`,
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
    });
    const code = `console.log((await send('http://host.example/')).sent, (await send('https://host.example/')).sent)`;
    expect(await run(code, through(1))).toBe('no no');
    // A tunnel that is refused carried no request of ours; plain http is handed to the proxy itself.
    expect(await run(code, through(tunnel.port))).toBe('yes no');
  });
});

/** Runs a program of its own with a node transport `t`, until it ends by itself. */
async function run(code: string, environment: Record<string, string> = {}): Promise<string> {
  const file = new URL('../../src/node/transport.ts', import.meta.url).href;
  const outgoingText = `{ method: 'POST', url, headers: {}, body: '{}', cut: new AbortController(), timeout: 5000, bodyTimeout: 5000, maxBytes: 9999 }`;
  const program = `
    const { nodeTransport } = await import(${JSON.stringify(file)});
    const t = nodeTransport();
    const send = (url) => t.send(${outgoingText});
    ${code}`;
  const options = { env: { ...process.env, ...environment } };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], options);
  return stdout.trim();
}

test('nothing holds the process when it is done, although connections stay open', async () => {
  const server = await listen(answers);
  expect(await run(`console.log((await send(${JSON.stringify(server.url)})).status)`)).toBe('200');
});

test('fetch is not loaded', async () => {
  const server = await listen(answers);
  const code = `await send(${JSON.stringify(server.url)});
    const file = await t.open(${JSON.stringify(server.url)}, { headers: {}, signal: new AbortController().signal });
    await file.body.cancel();
    console.log(Symbol.for('undici.globalDispatcher.1') in globalThis)`;
  expect(await run(code)).toBe('false');
});

test('a server that goes away in between is told by the next request, and the one after it connects anew', async () => {
  const server = await listen(answers);
  const transport: Transport = nodeTransport();
  await ask(transport, server);
  server.stop();
  expect(await ask(transport, server)).toMatchObject({ bodyState: 'none' });
  const probe = connect(server.port, '127.0.0.1');
  await new Promise((resolve) => probe.on('error', resolve));
  expect(await ask(transport, server)).toMatchObject({ sent: 'no' });
});
