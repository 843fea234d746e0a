import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { answers, createAnswerBudget } from '../../src/host/answer-budget.ts';
import { fetchTransport } from '../../src/host/fetch-transport.ts';
import type { Exchange, Transport } from '../../src/host/transport.ts';
import { nodeTransport } from '../../src/node/transport.ts';

const mebibyte = 1024 * 1024;

describe('a budget of answers', () => {
  const most = mebibyte;

  /** Readers by name, and who of them was told to go on, in order. */
  function play() {
    const budget = createAnswerBudget(most, mebibyte / 4);
    const told: string[] = [];
    const readers = new Map<string, object>();
    const readerOf = (name: string): object => {
      const reader = readers.get(name) ?? {};
      readers.set(name, reader);
      return reader;
    };
    return {
      told,
      hold: (name: string, size: number) => budget.hold(readerOf(name), size, () => told.push(name)),
      release: (name: string) => budget.release(readerOf(name)),
    };
  }

  test('lets everybody go on while there is room', () => {
    const { told, hold } = play();
    hold('a', most / 2);
    hold('b', most / 2);
    expect(told).toEqual(['a', 'b']);
  });

  test('beyond it lets go on the one alone that began first', () => {
    const { told, hold } = play();
    hold('a', most / 2);
    hold('b', most);
    hold('c', most / 2);
    expect(told).toEqual(['a']);
    hold('a', 10 * most);
    expect(told).toEqual(['a', 'a']);
  });

  test('lets the next go on when one has ended, however much it still holds', () => {
    const { told, hold, release } = play();
    for (const name of ['a', 'b', 'c']) hold(name, 2 * most);
    release('a');
    expect(told).toEqual(['a', 'b']);
    release('c');
    release('b');
    hold('d', most);
    expect(told).toEqual(['a', 'b', 'd']);
  });

  test('gives room back as soon as it is there', () => {
    const { told, hold, release } = play();
    for (const name of ['a', 'b', 'c']) hold(name, most / 2);
    expect(told).toEqual(['a', 'b']);
    release('a');
    expect(told).toEqual(['a', 'b', 'c']);
  });

  test('lets whoever has waited for five seconds go on for good, however slowly the first one comes', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { told, hold, release } = play();
    hold('slow', 2 * most);
    hold('other', most);
    vi.advanceTimersByTime(4_999);
    expect(told).toEqual(['slow']);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['slow', 'other']);
    hold('other', 3 * most);
    expect(told).toEqual(['slow', 'other', 'other']);
    release('other');
    release('slow');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not count what is small', () => {
    const { told, hold } = play();
    hold('a', 10 * most);
    for (let n = 0; n < 100; n += 1) hold(`small ${n}`, 200 * 1024);
    expect(told).toHaveLength(101);
  });
});

const transports: readonly (readonly [string, () => Transport])[] = [
  ['fetch', () => fetchTransport()],
  ['node', () => nodeTransport()],
];

describe.each(transports)('answers with pictures over %s', (_, make) => {
  const size = 40 * mebibyte;

  /** Sends as fast as it is read, and notes the most that was on the way at a time: sent of answers not yet read. */
  async function serve() {
    const open = new Map<string, number>();
    let most = 0;
    const chunk = Buffer.alloc(256 * 1024, 'A');
    const server = createServer(({ url: name = '' }, response) => {
      let sent = 0;
      response.on('error', () => undefined);
      response.setHeader('content-type', 'application/json');
      response.write('{"picture":"');
      const write = (): void => {
        if (response.destroyed) return;
        if (sent >= size) return void response.end('"}');
        sent += chunk.length;
        open.set(name, sent);
        most = Math.max(
          most,
          [...open.values()].reduce((sum, each) => sum + each, 0),
        );
        if (response.write(chunk)) setImmediate(write);
        else response.once('drain', write);
      };
      write();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { url, most: () => most, over: (name: string) => void open.delete(name) };
  }

  const ask = (transport: Transport, url: string, cut = new AbortController()): Promise<Exchange> =>
    transport.send({
      ...{ method: 'GET', url, headers: {}, cut },
      ...{ timeout: 120_000, bodyTimeout: 120_000, maxBytes: 128 * mebibyte },
    });

  test('are never held by all calls together as if each were alone, and all of them come', async () => {
    const server = await serve();
    const transport = make();
    const ends = await Promise.all(
      Array.from({ length: 6 }, async (__, nth) => {
        const { bodyState, body } = await ask(transport, `${server.url}/${nth}`);
        server.over(`/${nth}`);
        return [bodyState, (body as { picture: string }).picture.length];
      }),
    );
    expect(ends).toEqual(Array(6).fill(['json', size]));
    // The budget, what the first goes beyond it, and what the sockets of six connections hold.
    expect(server.most()).toBeLessThan(150 * mebibyte);
  }, 120_000);

  test('that their callers give up leave room for the others', async () => {
    const server = await serve();
    const transport = make();
    const callers = Array.from({ length: 4 }, () => new AbortController());
    const given = callers.map((cut, nth) => ask(transport, `${server.url}/${nth}`, cut));
    await vi.waitUntil(() => server.most() > 50 * mebibyte, { timeout: 60_000 });
    for (const cut of callers) cut.abort(new Error('given up'));
    await Promise.all(given);
    expect((await ask(transport, `${server.url}/last`)).bodyState).toBe('json');
  }, 120_000);
});

test('a packed answer that its caller gave up holds nothing, although it goes on unfolding', async () => {
  const packed = gzipSync(Buffer.alloc(24 * mebibyte, 'A'));
  const server = createServer((_, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(packed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const hold = vi.spyOn(answers, 'hold');
  const release = vi.spyOn(answers, 'release');
  onTestFinished(() => void vi.restoreAllMocks());
  const cut = new AbortController();
  hold.mockImplementation((_reader, size, goOn) => {
    if (size > 4 * mebibyte) cut.abort(new Error('given up'));
    goOn();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const limits = { timeout: 60_000, bodyTimeout: 60_000, maxBytes: 128 * mebibyte };
  await nodeTransport().send({ method: 'GET', url, headers: {}, cut, ...limits });
  const [released = 0] = release.mock.invocationCallOrder.slice(-1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(hold.mock.invocationCallOrder.filter((order) => order > released)).toEqual([]);
}, 60_000);
