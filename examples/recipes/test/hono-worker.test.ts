import { createEmulator } from '@imageport/emulator';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createImageWorker } from '../hono-worker.ts';
import { createJournal, createMemoryBucket, newKey, toPost, userOf } from './kit.ts';

const prompt = 'a lighthouse in fog at dawn';
const emulator = createEmulator({ generationTime: { fixed: 20 } });
beforeAll(() => emulator.listen().then(() => undefined));
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

/** A bucket, and Workers that have nothing in common but the bucket. */
function setUp() {
  const { bucket, kept, puts } = createMemoryBucket();
  const { apiKey, baseUrl } = emulator.apiframe;
  const env = { PICTURES: bucket, APIFRAME_API_KEY: apiKey, APIFRAME_BASE_URL: baseUrl };
  const logged = createJournal<unknown>();
  const works: Promise<unknown>[] = [];
  const context = {
    waitUntil: (work: Promise<unknown>) => void works.push(work),
    passThroughOnException() {},
    props: {},
  };
  const newWorker = () => createImageWorker({ userOf, log: logged.add });
  const post = async (how: Parameters<typeof toPost>[1] = {}): Promise<Response> =>
    newWorker().fetch(new Request('https://example.com/images', toPost({ prompt }, how)), env, context);
  const get = async (path: string, user: string): Promise<Response> =>
    newWorker().fetch(new Request(`https://example.com${path}`, { headers: { 'x-test-user': user } }), env, context);
  return { env, bucket, kept, puts, logged, works, post, get, sweep: () => newWorker().scheduled({}, env) };
}

test('the picture is kept in the bucket, and only its user gets it', async () => {
  const { post, get, kept, works } = setUp();
  const response = await post({ user: 'ann@example.com' });
  expect(response.status).toBe(201);
  const { url } = await response.json();
  const picture = await get(url, 'ann@example.com');
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
  expect((await get(url, 'bob')).status).toBe(404);
  expect((await get(url, '')).status).toBe(404);
  expect([...kept.keys()].filter((key) => key.startsWith('open/'))).toEqual([]);
  expect(works).toHaveLength(1);
});

test('a double click that two isolates get, and a retry, pay once', async () => {
  const { post } = setUp();
  const key = newKey();
  const clicks = await Promise.all([post({ key }), post({ key })]);
  const [first, ...others] = await Promise.all([...clicks, await post({ key })].map((response) => response.json()));
  expect(others).toEqual([first, first]);
  expect(emulator.charges()).toHaveLength(1);
});

test('what an isolate had paid and not kept when it was stopped is kept by the next cron trigger, or by a retry', async () => {
  for (const again of ['sweep', 'post'] as const) {
    emulator.reset();
    const { bucket, kept, puts, post, sweep } = setUp();
    const { put } = bucket;
    // An isolate that is stopped does nothing more: its write does not end while the test looks.
    const stopped = Promise.withResolvers<void>();
    bucket.put = (key, value, options) => {
      if (key.startsWith('pictures/')) puts.add(`stopped at ${key}`);
      return key.startsWith('pictures/') ? stopped.promise : put(key, value, options);
    };
    const key = newKey();
    const first = post({ key });
    await puts.until((each) => each.startsWith('stopped'));
    bucket.put = put;
    await (again === 'sweep' ? sweep() : post({ key }));
    expect([...kept.keys()].map((name) => name.split('/')[0])).toEqual(['pictures']);
    expect(emulator.charges()).toHaveLength(1);
    stopped.resolve();
    await first;
  }
});

test('a request that is so old that Apiframe may have forgotten its key is not sent again', async () => {
  const { bucket, kept, post, sweep, logged } = setUp();
  const key = newKey();
  const { put } = bucket;
  bucket.put = (name, value, options) =>
    name.startsWith('pictures/') ? Promise.reject(new Error('R2 is down')) : put(name, value, options);
  expect(await (await post({ key })).json()).toMatchObject({ billed: 'yes', again: true });
  bucket.put = put;
  const [[name = '', note] = []] = kept;
  const begun = Date.now() - 21 * 60 * 60 * 1000;
  kept.set(name, JSON.stringify({ ...JSON.parse(`${note}`), begun }));
  const sent = emulator.requests().length;
  expect(await (await post({ key })).json()).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
  await sweep();
  expect(logged.entries.slice(1)).toMatchObject([{ code: 'submission_unknown' }, { code: 'submission_unknown' }]);
  expect(emulator.requests()).toHaveLength(sent);
  expect(kept.has(name)).toBe(true);
});

test('a request that cost nothing and is over leaves no note', async () => {
  const { post, kept, logged } = setUp();
  emulator.inject({ on: 'submit', status: 402, body: { error: 'Insufficient credits' } });
  const response = await post();
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 'unavailable', billed: 'no', again: true });
  expect(kept.size).toBe(0);
  expect(logged.entries).toMatchObject([{ code: 'insufficient_credit' }]);
});

test('a request without a user is refused before anything is spent', async () => {
  const { post } = setUp();
  expect((await post({ user: '' })).status).toBe(401);
  expect(emulator.requests()).toEqual([]);
});
