import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { Agent as Agent7, fetch as fetch7 } from 'undici';
import { Agent as Agent6, fetch as fetch6 } from 'undici-6';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateImage, type ImageEvent } from '../../src/index.ts';
import { cert, key } from '../parts/certificate.ts';
import { type HostName, hosts } from '../world.ts';
import { connect, endAfterSubmit, ended } from './kit.ts';

type Fetch = typeof globalThis.fetch;
type BreakOff = (stream: ServerHttp2Stream, sockets: readonly Socket[]) => void;

/** A host over HTTP/2 that takes every submit, charges it, and breaks off before it has answered. */
function createHost(breakOff: BreakOff, carried: () => void) {
  const submits: { readonly key: unknown }[] = [];
  const server = createSecureServer({ cert, key, allowHTTP1: true });
  server.on('sessionError', () => undefined);
  const sockets: Socket[] = [];
  server.on('secureConnection', (socket) => sockets.push(socket));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined).resume();
    const path = String(headers[':path']);
    stream.on('end', () => {
      if (headers[':method'] === 'POST' && !path.endsWith('/predictions')) {
        submits.push({ key: headers['idempotency-key'] });
        carried();
        return breakOff(stream, sockets);
      }
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end(JSON.stringify({ code: 200, data: { page: 1, items: [] }, jobs: [], hasMore: false }));
    });
  });
  return { server, submits };
}

const agents = { connect: { rejectUnauthorized: false }, allowH2: true };
const [agent7, agent6] = [new Agent7(agents), new Agent6(agents)];
// Three versions of one API, whose types do not fit each other.
const ways: Readonly<Record<string, Fetch>> = {
  'undici 7': async (input, init) => fetch7(input as string, { ...init, dispatcher: agent7 } as never) as never,
  'undici 6': async (input, init) => fetch6(input as string, { ...init, dispatcher: agent6 } as never) as never,
  'Node with undici 7 as dispatcher': (input, init) => fetch(input, { ...init, dispatcher: agent7 } as RequestInit),
  'Node with undici 6 as dispatcher': (input, init) => fetch(input, { ...init, dispatcher: agent6 } as RequestInit),
};
const breaks: Readonly<Record<string, BreakOff>> = {
  'the stream is reset': (stream) => stream.close(2),
  'the session is gone': (stream) => stream.session?.destroy(),
  'the socket is gone': (_, sockets) => {
    for (const socket of sockets) socket.destroy();
  },
};

/** What became of the submits of one call, and of the call. */
async function play(breakOff: BreakOff, name: HostName, way: string) {
  const { signal, carried } = endAfterSubmit();
  const { server, submits } = createHost(breakOff, carried);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = connect(name, { apiKey: 'k', baseUrl, fetch: ways[way] });
  const events: ImageEvent[] = [];
  const onEvent = (event: ImageEvent): void => void events.push(event);
  await ended(generateImage({ model: provider('seedream-4'), prompt: 'a pier', timeout: 60_000, signal, onEvent }));
  server.close();
  return { submits, events };
}

const cases = hosts.flatMap((name) => Object.keys(ways).map((way) => [name, way] as const));
const runs = new Map<string, ReturnType<typeof play>>();

// Each waits for a second, all of them for the same one.
beforeAll(async () => {
  for (const [broken, breakOff] of Object.entries(breaks)) {
    for (const [name, way] of cases) runs.set(`${broken} ${name} ${way}`, play(breakOff, name, way));
  }
  await Promise.allSettled(runs.values());
});

describe.each(Object.keys(breaks))('D1: a submit over HTTP/2, and %s', (broken) => {
  test.each(cases)("never tells %s's caller billed 'no' of what %s carried", async (name, way) => {
    const { submits = [], events = [] } = (await runs.get(`${broken} ${name} ${way}`)) ?? {};
    expect(submits.length).toBeGreaterThan(0);
    expect(events.at(-1)).toMatchObject({ type: 'settled', billed: 'unknown' });
    // Under one key the same submit may come again; without a key it must not.
    expect(new Set(submits.map((submit) => submit.key)).size).toBe(1);
    if (name === 'wavespeed') expect(submits).toHaveLength(1);
  });
});

afterAll(() => Promise.all([agent7.destroy(), agent6.destroy()]));
