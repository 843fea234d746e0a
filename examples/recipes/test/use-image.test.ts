import { setImmediate } from 'node:timers/promises';
import { createMemoryLedger } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { Window } from 'happy-dom';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createImageRoute } from '../next-route.ts';
import type { Picture } from '../use-image.ts';
import { createJournal, createMemoryStore, serve } from './kit.ts';

const prompt = 'a lighthouse in fog at dawn';
const emulator = createEmulator({ generationTime: { fixed: 20 } });
const page = new Window({ url: 'https://example.com' });
let pictures = createMemoryStore();
let server: Awaited<ReturnType<typeof serve>>;
const keys: (string | null)[] = [];

beforeAll(() => {
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', page.document);
  vi.stubGlobal('sessionStorage', page.sessionStorage);
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await page.happyDOM.close();
});

beforeEach(async () => {
  emulator.reset();
  page.sessionStorage.clear();
  keys.length = 0;
  pictures = createMemoryStore();
  const route = createImageRoute({
    models: [createWavespeed(emulator.wavespeed)('seedream-4')],
    ...{ ledger: createMemoryLedger(), store: pictures.store, userOf: async () => 'ann', log: () => undefined },
  });
  server = await serve((request) => {
    keys.push(request.headers.get('idempotency-key'));
    return route(request);
  });
});
afterEach(() => server.close());

/** A page that shows the hook: `shown` is what it showed, in order. */
async function open({ strict = false, route = server.url } = {}) {
  const { createElement, StrictMode, useEffect } = await import('react');
  const { createRoot } = await import('react-dom/client');
  const { useImage } = await import('../use-image.ts');
  const shown = createJournal<Picture>();
  const ready = Promise.withResolvers<(prompt: string) => Promise<void>>();
  function Page() {
    const { picture, make } = useImage(route);
    useEffect(() => shown.add(picture), [picture]);
    useEffect(() => {
      ready.resolve(make);
      if (strict) void make(prompt);
    }, [make]);
    return createElement('p', null, picture.status);
  }
  const place = page.document.createElement('div');
  const root = createRoot(Object(place));
  root.render(strict ? createElement(StrictMode, null, createElement(Page)) : createElement(Page));
  const close = async (): Promise<void> => {
    root.unmount();
    await setImmediate(); // React's own work was scheduled before
  };
  return { make: await ready.promise, shown, place, close };
}

const isOver = ({ status }: Picture): boolean => status === 'done' || status === 'failed';

test('the page shows the progress, and then the picture', async () => {
  const { make, shown, place, close } = await open();
  await make(prompt);
  expect(await shown.until(isOver)).toEqual({
    status: 'done',
    url: `https://pictures.example.com/${pictures.saves.entries[0]}`,
  });
  expect(shown.entries[0]).toEqual({ status: 'idle' });
  expect(shown.entries.some((each) => each.status === 'working' && each.step === 'accepted')).toBe(true);
  expect(place.textContent).toBe('done');
  expect(page.sessionStorage.length).toBe(0);
  await close();
});

test('a double click is one request', async () => {
  const { make, shown, close } = await open();
  await Promise.all([make(prompt), make(prompt)]);
  await shown.until(isOver);
  expect(keys).toHaveLength(1);
  await close();
});

test('an effect that strict mode runs twice pays once', async () => {
  const { shown, close } = await open({ strict: true });
  expect((await shown.until(isOver)).status).toBe('done');
  expect(new Set(keys).size).toBe(1);
  expect(emulator.charges()).toHaveLength(1);
  await close();
});

test('a page that is closed shows nothing more, and the next one gets its picture without a second payment', async () => {
  const first = await open();
  const ended = first.make(prompt);
  await first.shown.until((each) => each.status === 'working' && each.step === 'accepted');
  await first.close();
  await ended;
  expect(first.shown.entries.filter(isOver)).toEqual([]);
  const next = await open();
  await next.make(prompt);
  expect((await next.shown.until(isOver)).status).toBe('done');
  expect(new Set(keys).size).toBe(1);
  expect(emulator.charges()).toHaveLength(1);
  await next.close();
});

test('a failure says what it cost, and the same words are then a new request', async () => {
  const { make, shown, close } = await open();
  emulator.inject({ on: 'submit', job: 'moderated' });
  await make(prompt);
  expect(await shown.until(isOver)).toMatchObject({ failure: { code: 'moderated', again: false } });
  await make(prompt);
  expect((await shown.until(({ status }) => status === 'done')).status).toBe('done');
  expect(new Set(keys).size).toBe(2);
  await close();
});

test('a picture that is paid and not saved is asked for again under the same key', async () => {
  const { make, shown, close } = await open();
  const { save } = pictures.store;
  pictures.store.save = () => Promise.reject(new Error('the disk is full'));
  await make(prompt);
  expect(await shown.until(isOver)).toMatchObject({ failure: { billed: 'yes', again: true } });
  pictures.store.save = save;
  await make(prompt);
  await shown.until(({ status }) => status === 'done');
  expect(new Set(keys).size).toBe(1);
  expect(emulator.charges()).toHaveLength(1);
  await close();
});

test.each([
  ['that breaks', () => Promise.resolve(new Response('{"type":'))],
  ['through a gateway that fails', () => Promise.resolve(new Response('<h1>502</h1>', { status: 502 }))],
  ['through a gateway with words of its own', () => Promise.resolve(Response.json({ error: 'down' }, { status: 502 }))],
])('a connection %s does not say what was paid, and keeps the key', async (_, answer) => {
  const broken = await serve(answer);
  const { make, shown, close } = await open({ route: broken.url });
  await make(prompt);
  expect(await shown.until(isOver)).toMatchObject({ failure: { code: 'lost', billed: 'unknown', again: true } });
  expect(page.sessionStorage.length).toBe(1);
  await close();
  await broken.close();
});
