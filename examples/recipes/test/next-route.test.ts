import { createMemoryLedger, generateImage } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { expect, test } from 'vitest';
import type { Line } from '../lines.ts';
import { createImageRoute } from '../next-route.ts';
import { createJournal, createMemoryStore, newKey, serve, toPost, userOf } from './kit.ts';

const prompt = 'a lighthouse in fog at dawn';

/** A route of its own for each test, called directly and over a socket. */
function setUp() {
  const emulator = createEmulator({ generationTime: { fixed: 20 } });
  const { store, saves, kept } = createMemoryStore();
  const wavespeed = createWavespeed({ ...emulator.wavespeed, limits: { jobs: 1 } });
  const model = wavespeed('seedream-4');
  const ledger = createMemoryLedger();
  const logged = createJournal<unknown>();
  const works: Promise<unknown>[] = [];
  const POST = createImageRoute({
    ...{ models: [model], ledger, store, userOf, log: logged.add },
    goOn: (work) => works.push(work),
  });
  const post = async (body: unknown = { prompt }, how: Parameters<typeof toPost>[1] = {}) =>
    POST(new Request('http://localhost/api/image', toPost(body, how)));
  return { emulator, store, saves, kept, model, ledger, logged, works, POST, post };
}

async function readAll(response: Response): Promise<Line[]> {
  expect(response.status).toBe(200);
  return (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Reads lines until one has this step, or until the end. */
async function readUntil(step: string, response: Response): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes(`"step":"${step}"`)) {
    const piece = await reader?.read();
    if (!piece || piece.done) throw new Error(`"${step}" never came: ${text}`);
    text += piece.value;
  }
}

test('the progress is streamed, and then the address of the saved picture', async () => {
  const { post, saves, kept, emulator, works } = setUp();
  const lines = await readAll(await post());
  expect(lines.slice(0, -1).map((line) => (line.type === 'progress' ? line.step : line.type))).toEqual(
    expect.arrayContaining(['submitting', 'accepted', 'progress']),
  );
  const [name = ''] = saves.entries;
  expect(lines.at(-1)).toEqual({ type: 'picture', url: `https://pictures.example.com/${name}` });
  expect(kept.get(name)?.length).toBeGreaterThan(1_000);
  expect(emulator.charges()).toHaveLength(1);
  expect(works).toHaveLength(1);
});

test('a double click, a reload and a retry under one key pay once', async () => {
  const { post, emulator } = setUp();
  const key = newKey();
  const clicks = await Promise.all([post({ prompt }, { key }), post({ prompt }, { key })]);
  const [first, second] = await Promise.all(clicks.map(readAll));
  const retried = await readAll(await post({ prompt }, { key }));
  expect(second?.at(-1)).toEqual(first?.at(-1));
  expect(retried).toEqual([first?.at(-1)]);
  expect(emulator.charges()).toHaveLength(1);
});

test('other words, and the key of another user, are other requests', async () => {
  const { post, emulator } = setUp();
  const key = newKey();
  const requests = [
    post({ prompt }, { key }),
    post({ prompt: 'a harbour' }, { key }),
    post({ prompt }, { key, user: 'bob' }),
  ];
  const ends = await Promise.all(requests.map(async (request) => (await readAll(await request)).at(-1)));
  expect(new Set(ends.map((end) => (end?.type === 'picture' ? end.url : end))).size).toBe(3);
  expect(emulator.charges()).toHaveLength(3);
});

test('the picture of a browser that leaves after the payment is saved, and found when it comes back', async () => {
  const { POST, emulator, saves } = setUp();
  const server = await serve(POST);
  const browser = new AbortController();
  const key = newKey();
  await readUntil('accepted', await fetch(server.url, toPost({ prompt }, { key, signal: browser.signal })));
  browser.abort();
  await saves.until(() => true);
  const [end, ...more] = await readAll(await fetch(server.url, toPost({ prompt }, { key })));
  expect(end?.type).toBe('picture');
  expect(more).toEqual([]);
  expect(emulator.charges()).toHaveLength(1);
  await server.close();
});

test('a browser that leaves the queue has paid nothing', async () => {
  const { POST, emulator, model, ledger, logged, saves } = setUp();
  emulator.inject({ on: 'submit', job: 'never' });
  const running = new AbortController();
  const accepted = createJournal<string>();
  const first = generateImage({ model, prompt, signal: running.signal, onEvent: ({ type }) => accepted.add(type) });
  await accepted.until((type) => type === 'accepted');
  const server = await serve(POST);
  const browser = new AbortController();
  await readUntil('queued', await fetch(server.url, toPost({ prompt }, { signal: browser.signal })));
  browser.abort();
  expect(await logged.until(() => true)).toMatchObject({ name: 'AbortError' });
  for await (const { intent } of ledger.open()) expect.unreachable(`${intent.id} is open`);
  expect(emulator.charges()).toHaveLength(1);
  expect(saves.entries).toEqual([]);
  running.abort(new Error('the test is over'));
  await expect(first).rejects.toThrow('the test is over');
  await server.close();
});

test.each([
  ['without a user', { prompt }, { user: '' }, 401],
  ['without a key', { prompt }, { key: '' }, 400],
  ['with a key that is too short', { prompt }, { key: 'abc' }, 400],
  ['without words', {}, {}, 400],
  ['with words that are no text', { prompt: { length: 5 } }, {}, 400],
  ['with a body that is no object', null, {}, 400],
])('a request %s is refused before anything is spent', async (_, body, how, status) => {
  const { post, emulator } = setUp();
  const response = await post(body, how);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ code: 'refused', billed: 'no', again: false });
  expect(emulator.requests()).toEqual([]);
});

test('what fails before the first line is answered with its status', async () => {
  const { ledger, post, emulator } = setUp();
  ledger.begin = () => Promise.reject(new Error('the disk at /srv/secret is full'));
  const response = await post();
  expect(response.status).toBe(503);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ code: 'unavailable', billed: 'unknown', again: true });
  expect(text).not.toContain('secret');
  expect(emulator.requests()).toEqual([]);
});

test('a failure after the first line is the last line, and says nothing of the account, the words or the host', async () => {
  const { post, emulator, logged } = setUp();
  const { apiKey } = emulator.wavespeed;
  const message = `no money for ${apiKey}, asked for ${prompt}, by node-7.internal`;
  emulator.inject({ on: 'submit', status: 402, body: { code: 402, message } });
  const text = JSON.stringify(await readAll(await post()));
  const failure = {
    code: 'unavailable',
    message: 'the host cannot be reached or has a fault',
    billed: 'no',
    again: true,
  };
  expect(text).toContain(JSON.stringify({ type: 'failure', failure }));
  for (const secret of [apiKey, prompt, 'node-7']) expect(text).not.toContain(secret);
  expect(logged.entries).toMatchObject([{ code: 'insufficient_credit', billed: 'no' }]);
});

test('a picture that cannot be saved is paid, and the same request saves it later', async () => {
  const { store, post, emulator } = setUp();
  const { save } = store;
  store.save = () => Promise.reject(new Error('the disk at /srv/secret is full'));
  const key = newKey();
  const lines = await readAll(await post({ prompt }, { key }));
  expect(lines.at(-1)).toMatchObject({ failure: { code: 'unavailable', billed: 'yes', again: true } });
  expect(JSON.stringify(lines)).not.toContain('secret');
  store.save = save;
  expect((await readAll(await post({ prompt }, { key }))).at(-1)?.type).toBe('picture');
  expect(emulator.charges()).toHaveLength(1);
});
