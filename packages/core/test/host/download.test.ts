import dns from 'node:dns';
import { gzipSync } from 'node:zlib';
import { createWavespeed } from '@imageport/wavespeed';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DownloadFailed, type DownloadOptions, openDownload } from '../../src/host/download.ts';
import { fetchTransport } from '../../src/host/fetch-transport.ts';
import { guardTransport } from '../../src/host/foreign.ts';
import { Secret } from '../../src/host/secret.ts';
import type { OpenOptions, Transport } from '../../src/host/transport.ts';
import { nodeTransport } from '../../src/node/transport.ts';
import { answer, listen } from './servers.ts';

afterEach(() => void vi.restoreAllMocks());

const transports: readonly (readonly [string, () => Transport])[] = [
  ['fetch', () => fetchTransport()],
  ['node', () => nodeTransport()],
];

const options = (transport: Transport, more: Partial<DownloadOptions> = {}): DownloadOptions => ({
  ...{ transport, local: true, signal: new AbortController().signal, maxBytes: 1000 },
  ...more,
});

async function download(url: string, how: DownloadOptions): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await openDownload(url, how)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const problem = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing failed',
    (error: unknown) => (error instanceof DownloadFailed ? error.problem : error),
  );

/** Every name has this address. */
function resolveTo(address: string): void {
  const answerAll = (_: string, __: object, done: (...all: unknown[]) => void): void =>
    done(null, [{ address, family: 4 }]);
  vi.spyOn(dns, 'lookup').mockImplementation(answerAll as never);
  vi.spyOn(dns.promises, 'lookup').mockResolvedValue([{ address, family: 4 }] as never);
}

describe.each(transports)('a download over %s', (_, make) => {
  test('comes whole', async () => {
    const server = await listen({ onRequest: (socket) => socket.write(answer('x'.repeat(999))) });
    expect(await download(server.url, options(make()))).toBe('x'.repeat(999));
  });

  test('asks without keys, and for the file as it is', async () => {
    let head = '';
    const server = await listen({
      onRequest(socket, text) {
        head = text;
        socket.write(answer('x'));
      },
    });
    await download(server.url, options(make()));
    expect(head).toMatch(/^accept: image\/\*$/im);
    expect(head).toMatch(/^accept-encoding: identity$/im);
    expect(head).not.toMatch(/authorization|cookie|api-key/i);
  });

  test('that came compressed all the same is unfolded, and counted so', async () => {
    const packed = (size: number): Buffer => answer(gzipSync('x'.repeat(size)), { 'content-encoding': 'gzip' });
    const small = await listen({ onRequest: (socket) => socket.write(packed(900)) });
    expect(await download(small.url, options(make()))).toBe('x'.repeat(900));
    const bomb = await listen({ onRequest: (socket) => socket.write(packed(10_000_000)) });
    expect(await problem(download(bomb.url, options(make())))).toEqual({ kind: 'too_large' });
  });

  test.each([
    'https://10.0.0.1/',
    'https://127.0.0.1/',
    'http://93.184.216.34/',
    'https://inner/',
    'https://a.internal/',
    'https://u:p@93.184.216.34/',
  ])('is not made from %s, nor after a redirect there', async (location) => {
    const server = await listen({ onRequest: (socket) => socket.write(answer('', { location }, '302 Found')) });
    expect(await problem(download(location, options(make(), { local: false })))).toEqual({ kind: 'forbidden' });
    const redirected = problem(download(server.url, options(make())));
    // A host on this machine may redirect to this machine.
    if (!location.includes('127.0.0.1')) expect(await redirected).toEqual({ kind: 'forbidden' });
    expect(server.seen()).toBeLessThanOrEqual(1);
  });

  test('is not made from a name with an address of an inner network', async () => {
    resolveTo('10.1.2.3');
    const work = download('https://pictures.example/a.png', options(make(), { local: false }));
    expect(await problem(work)).toEqual({ kind: 'forbidden' });
  });

  test('that cannot be made says so', async () => {
    const server = await listen();
    server.stop();
    expect(await problem(download(server.url, options(make())))).toMatchObject({ kind: 'network' });
  });
});

describe('the port of a picture', () => {
  const account = (baseUrl: string) => {
    const key = new Secret('a-key-of-an-account', 'acme');
    return { baseUrl: () => baseUrl, key: () => key };
  };
  const carried: Transport = {
    judgesAddresses: true,
    send: () => Promise.reject(new Error('not asked')),
    open: async (url) => new Response(`opened ${url}`),
  };

  test.each([
    ['https://api.example', [], 'https://cdn.example/a.png', true],
    ['https://api.example', [], 'https://cdn.example:443/a.png', true],
    ['https://api.example', [], 'https://cdn.example:8443/a.png', false],
    ['https://api.example', [], 'https://api.example:22/a.png', false],
    ['https://api.example', [8443], 'https://cdn.example:8443/a.png', true],
    ['https://api.example', [8443], 'https://cdn.example:8444/a.png', false],
    ['https://api.example:8443', [], 'https://cdn.example:8443/a.png', true],
    ['https://api.example:8443', [], 'https://cdn.example/a.png', true],
    ['http://127.0.0.1:4010/v2', [], 'http://127.0.0.1:4010/a.png', true],
    ['http://127.0.0.1:4010/v2', [], 'http://localhost:4010/a.png', true],
    ['http://127.0.0.1:4010/v2', [], 'http://127.0.0.1:6379/a.png', false],
    ['http://127.0.0.1:4010/v2', [], 'http://127.0.0.1/a.png', false],
    ['http://127.0.0.1:4010/v2', [9000], 'http://127.0.0.1:9000/a.png', true],
  ] as const)('of a host at %s with `picturePorts` %j: %s is %s', async (baseUrl, ports, url, open) => {
    const transport = guardTransport(carried, account(baseUrl), { ports });
    const local = baseUrl.startsWith('http:');
    const work = download(url, options(transport, { local }));
    if (open) expect(await work).toBe(`opened ${url}`);
    else expect(await problem(work)).toEqual({ kind: 'forbidden' });
  });

  test.each([['8443'], [8443], [[0]], [[70_000]], [['x']], [[Number.NaN]], [null]])(
    'is no list of ports: %j',
    (picturePorts) => {
      const make = () => createWavespeed({ apiKey: 'k', picturePorts } as never);
      expect(make).toThrow(/`picturePorts` must be a list of ports/);
    },
  );
});

test('a transport that judges addresses itself is given the judge, and no name is looked up before', async () => {
  const lookup = vi.spyOn(dns.promises, 'lookup');
  const opened: OpenOptions[] = [];
  const transport: Transport = {
    judgesAddresses: true,
    send: () => Promise.reject(new Error('not asked')),
    async open(_, how) {
      opened.push(how);
      return new Response('x');
    },
  };
  await download('https://pictures.example/a.png', options(transport, { local: false }));
  expect(opened[0]?.allowed?.('10.0.0.1')).toBe(false);
  expect(opened[0]?.allowed?.('93.184.216.34')).toBe(true);
  expect(lookup).not.toHaveBeenCalled();
});
