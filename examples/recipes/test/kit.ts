import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PictureStore } from '../pictures.ts';
import type { Bucket } from '../r2-pictures.ts';

/** What happened, and a way to wait for it. */
export function createJournal<Entry>() {
  const entries: Entry[] = [];
  const waiting = new Set<() => void>();
  return {
    entries,
    add(entry: Entry): void {
      entries.push(entry);
      for (const look of [...waiting]) look();
    },
    /** Resolves with the first entry that fits, as soon as there is one. */
    until(fits: (entry: Entry) => boolean): Promise<Entry> {
      return new Promise((resolve) => {
        const look = (): void => {
          const found = entries.find(fits);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
  };
}

/** Keeps pictures in memory; `saves` are the names in the order in which they were saved. */
export function createMemoryStore() {
  const kept = new Map<string, Uint8Array>();
  const saves = createJournal<string>();
  const urlOf = (name: string): string => `https://pictures.example.com/${name}`;
  const store: PictureStore = {
    find: async (name) => (kept.has(name) ? urlOf(name) : undefined),
    save: async (name, image) => {
      kept.set(name, await image.bytes());
      saves.add(name);
      return urlOf(name);
    },
  };
  return { store, kept, saves };
}

/** A bucket like one of R2; `puts` are the keys in the order in which they were written. */
export function createMemoryBucket() {
  const kept = new Map<string, string | Uint8Array>();
  const types = new Map<string, string>();
  const puts = createJournal<string>();
  const bucket: Bucket = {
    head: async (key) => (kept.has(key) ? {} : null),
    get: async (key) => {
      const value = kept.get(key);
      if (value === undefined) return null;
      const { body } = new Response(new Uint8Array(Buffer.from(value)));
      if (!body) throw new TypeError('a stored object has a body');
      return { body, httpMetadata: { contentType: types.get(key) }, text: async () => Buffer.from(value).toString() };
    },
    put: async (key, value, options) => {
      kept.set(key, value);
      if (options) types.set(key, options.httpMetadata.contentType);
      puts.add(key);
    },
    delete: async (key) => void kept.delete(key),
    list: async ({ prefix }) => ({
      objects: [...kept.keys()].filter((key) => key.startsWith(prefix)).map((key) => ({ key })),
    }),
  };
  return { bucket, kept, puts };
}

/** The browser's own id of a request. */
export const newKey = (): string => crypto.randomUUID();

export function toPost(body: unknown, { key = newKey(), user = 'ann', signal = new AbortController().signal } = {}) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, 'x-test-user': user };
  return { method: 'POST', headers, body: JSON.stringify(body), signal };
}

/** Stands in for a session. */
export const userOf = async (request: { headers: Headers }): Promise<string | undefined> =>
  request.headers.get('x-test-user') || undefined;

/** Serves a handler of web-standard requests on this machine; `request.signal` aborts when the browser leaves. */
export async function serve(handler: (request: Request) => Promise<Response>) {
  const server = createServer(async (incoming, outgoing) => {
    const left = new AbortController();
    outgoing.on('close', () => left.abort());
    const body = Buffer.concat(await incoming.toArray());
    const init = { method: incoming.method ?? 'GET', body, signal: left.signal };
    const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, `${value}`]));
    const answer = await handler(new Request(`http://localhost${incoming.url}`, { ...init, headers }));
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    const pieces = answer.body?.getReader();
    outgoing.on('close', () => pieces?.cancel().catch(() => undefined));
    for (let piece = await pieces?.read(); piece && !piece.done; piece = await pieces?.read())
      outgoing.write(piece.value);
    outgoing.end();
  });
  return listen(server);
}

export async function listen(server: ReturnType<typeof createServer>) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
