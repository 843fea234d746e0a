import { createServer } from 'node:http';
import { createMemoryLedger } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { afterEach, expect, test } from 'vitest';
import { createImageApp } from '../express.ts';
import { finishOpen, type Pictures } from '../pictures.ts';
import { createJournal, createMemoryStore, listen, newKey, toPost } from './kit.ts';

const prompt = 'a lighthouse in fog at dawn';
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp() {
  const emulator = createEmulator({ generationTime: { fixed: 20 } });
  const { store, saves } = createMemoryStore();
  const answered = createJournal<string>();
  const host = createWavespeed({
    ...emulator.wavespeed,
    fetch: async (input, init) => {
      const answer = await emulator.fetch(input, init);
      answered.add(init?.method ?? 'GET');
      return answer;
    },
  });
  const pictures: Pictures = { models: [host('seedream-4')], ledger: createMemoryLedger(), store };
  const logged = createJournal<unknown>();
  const userOf = async (request: { get(name: string): string | undefined }) => request.get('x-test-user') || undefined;
  const app = createImageApp({ ...pictures, userOf, log: logged.add });
  const { url, close } = await listen(createServer(app));
  closing.push(close);
  const post = (body: unknown = { prompt }, how: Parameters<typeof toPost>[1] = {}) =>
    fetch(`${url}/images`, toPost(body, how));
  return { emulator, pictures, saves, answered, logged, url, post };
}

test('the answer is the address of the saved picture', async () => {
  const { post, saves, emulator } = await setUp();
  const response = await post();
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({ url: `https://pictures.example.com/${saves.entries[0]}` });
  expect(emulator.charges()).toHaveLength(1);
});

test('a double click and a retry under one key pay once', async () => {
  const { post, emulator } = await setUp();
  const key = newKey();
  const clicks = await Promise.all([post({ prompt }, { key }), post({ prompt }, { key })]);
  const retried = await post({ prompt }, { key });
  const [first, ...others] = await Promise.all([...clicks, retried].map((response) => response.json()));
  expect(others).toEqual([first, first]);
  expect(emulator.charges()).toHaveLength(1);
});

test('the picture of a browser that leaves after the payment is saved', async () => {
  const { post, answered, saves, emulator } = await setUp();
  const browser = new AbortController();
  const request = post({ prompt }, { signal: browser.signal });
  await answered.until((method) => method === 'POST');
  browser.abort();
  await expect(request).rejects.toThrow('aborted');
  await saves.until(() => true);
  expect(emulator.charges()).toHaveLength(1);
});

test('what was paid and could not be saved is saved when the process starts again', async () => {
  const { post, pictures, saves, emulator } = await setUp();
  const { save } = pictures.store;
  pictures.store.save = () => Promise.reject(new Error('the disk at /srv/secret is full'));
  const response = await post();
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 'unavailable', billed: 'yes', again: true });
  pictures.store.save = save;
  expect(await finishOpen(pictures)).toMatchObject([{ images: [{}] }]);
  expect(saves.entries).toHaveLength(1);
  expect(emulator.charges()).toHaveLength(1);
});

test.each([
  ['the key of the account is refused', { status: 401 }, 503, { code: 'unavailable', billed: 'no', again: true }],
  ['the account has no credit', { status: 402 }, 503, { code: 'unavailable', billed: 'no', again: true }],
  ['the host refuses the words', { status: 400 }, 400, { code: 'invalid_request', billed: 'no', again: false }],
  [
    'the host asks to wait',
    { status: 429, headers: { 'retry-after': '600' } },
    429,
    { code: 'rate_limited', again: true },
  ],
  ['the picture is moderated', { job: 'moderated' }, 422, { code: 'moderated', again: false }],
  ['the job fails', { job: 'fail' }, 502, { code: 'job_failed', again: false }],
] as const)(
  'when %s, the status says so, and nothing of account, words or host',
  async (_, fault, status, expected) => {
    const { post, emulator, logged } = await setUp();
    const { apiKey } = emulator.wavespeed;
    const said = `${apiKey} and ${prompt} at node-7.internal`;
    const answer = 'status' in fault ? { body: { code: fault.status, message: said } } : { error: said };
    emulator.inject({ on: 'submit', ...fault, ...answer });
    const response = await post();
    expect(response.status).toBe(status);
    const text = `${await response.text()} ${JSON.stringify([...response.headers])}`;
    expect(JSON.parse(text.slice(0, text.indexOf('} ') + 1))).toMatchObject(expected);
    for (const secret of [apiKey, prompt, 'node-7']) expect(text).not.toContain(secret);
    expect(logged.entries).toHaveLength(1);
    expect(emulator.unfired()).toEqual([]);
  },
);

test.each([
  ['without a user', { prompt }, { user: '' }, 401],
  ['without a key', { prompt }, { key: '' }, 400],
  ['without words', { prompt: ' ' }, {}, 400],
  ['whose body is too large', { prompt: 'a'.repeat(20_000) }, {}, 413],
])('a request %s is refused before anything is spent', async (_, body, how, status) => {
  const { post, emulator } = await setUp();
  const response = await post(body, how);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ code: 'refused', billed: 'no', again: false });
  expect(emulator.requests()).toEqual([]);
});

test('a body that is no JSON is refused without being quoted', async () => {
  const { url } = await setUp();
  const response = await fetch(`${url}/images`, { ...toPost({}), body: '{"prompt": secret' });
  expect(response.status).toBe(400);
  expect(await response.text()).not.toContain('secret');
});
