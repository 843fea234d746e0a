import { checkImage, generateImage } from '@imageport/core';
import { testAdapter } from '@imageport/core/testing';
import { expect, test } from 'vitest';
import { acmeAdapter, createAcme } from './acme.ts';

/** One pixel. */
const png = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);

interface Paid {
  readonly key: string;
  polls: number;
}

let hosts = 0;

/** A host as small as its page: it makes a picture in two polls, honours keys, and can lose an answer. */
function createHost({ loseFirst = false, failing = false } = {}) {
  const jobs: Paid[] = [];
  const sent: unknown[] = [];
  let posts = 0;
  hosts += 1;
  const prefix = `job-${hosts}-`;
  const answer = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('.png')) return new Response(png);
    if (request.headers.get('authorization') !== 'Bearer acme-key') {
      return Response.json({ error: 'no such key' }, { status: 401 });
    }
    if (request.method === 'POST') {
      const key = request.headers.get('idempotency-key') ?? '';
      sent.push(await request.json());
      posts += 1;
      if (!jobs.some((job) => job.key === key)) jobs.push({ key, polls: 0 });
      if (loseFirst && posts === 1) throw new TypeError('fetch failed');
      return Response.json(
        { id: `${prefix}${jobs.findIndex((job) => job.key === key)}`, state: 'waiting' },
        { status: 202 },
      );
    }
    const id = pathname.split('/').at(-1) ?? '';
    const job = jobs[Number(id.replace(prefix, ''))];
    if (!job) return Response.json({ error: 'no such job' }, { status: 404 });
    job.polls += 1;
    if (job.polls < 2) return Response.json({ id, state: 'painting' });
    if (failing) return Response.json({ id, state: 'broken', error: 'out of paint', refunded: true });
    return Response.json({ id, state: 'done', url: 'http://127.0.0.1:4010/picture.png' });
  };
  return {
    jobs,
    sent,
    posts: () => posts,
    options: { apiKey: 'acme-key', baseUrl: 'http://127.0.0.1:4010', fetch: answer },
  };
}

const order = { prompt: 'a lighthouse', size: '512*512', seed: 7, interval: 1 } as const;

test('makes a picture and downloads it', async () => {
  const host = createHost();
  const { images, cost } = await generateImage({ ...order, model: createAcme(host.options)('painter-2') });
  expect(host.sent).toEqual([{ width: 512, height: 512, seed: 7, model: 'acme-painter-2', prompt: 'a lighthouse' }]);
  expect(cost).toEqual({ amount: 0.02, currency: 'USD', source: 'listed' });
  expect(await images[0]?.bytes()).toEqual(png);
});

test('settles a lost answer with the same key, so that one job is paid', async () => {
  const host = createHost({ loseFirst: true });
  await generateImage({ ...order, model: createAcme(host.options)('painter-2') });
  expect(host.posts()).toBe(2);
  expect(host.jobs).toHaveLength(1);
});

test('falls back from a failed job that was refunded', async () => {
  const [broken, well] = [createHost({ failing: true }), createHost()];
  const model = [createAcme(broken.options)('painter-2'), createAcme(well.options)('painter-2')];
  const { attempts } = await generateImage({ ...order, model });
  expect(attempts.map(({ outcome, billed }) => [outcome, billed])).toEqual([
    ['failed', 'no'],
    ['completed', 'yes'],
  ]);
});

test.each([
  [{ promptExpansion: true }, 'unsupported'],
  [{ size: '4096*4096' }, 'unsupported'],
  [{ providerOptions: { acme: { style: 'crayon' } } }, 'invalid_request'],
] as const)('refuses %j before anything is sent', async (options, code) => {
  const [check] = await checkImage({ prompt: 'a lighthouse', ...options, model: createAcme()('painter-2') });
  expect(check?.error?.code).toBe(code);
});

const body = { model: 'acme-painter-2', prompt: 'a lighthouse', width: 512, height: 512, seed: 7 };
const url = 'https://files.acme.example/1.png';
const conformance = testAdapter(acmeAdapter, {
  requests: [
    {
      model: 'painter-2',
      options: { prompt: 'a lighthouse', size: '512*512', seed: 7 },
      expected: { method: 'POST', path: '/v1/pictures', body },
    },
  ],
  answers: [
    { name: 'an accepted job', body: { id: '1', state: 'waiting' }, expected: { id: '1', state: 'queued' } },
    {
      name: 'a picture',
      body: { id: '1', state: 'done', url },
      expected: { id: '1', state: 'completed', outputs: [{ url }] },
    },
    {
      name: 'a failure that was refunded',
      body: { id: '1', state: 'broken', error: 'out of paint', refunded: true },
      expected: { id: '1', state: 'failed', refund: 'done', message: 'out of paint' },
    },
    {
      name: 'a failure of which nothing is known',
      body: { id: '1', state: 'broken', error: 'out of paint' },
      expected: { id: '1', state: 'failed', refund: 'unknown' },
    },
    { name: 'a refusal', body: { error: 'no such key' }, expected: { message: 'no such key' } },
  ],
});

for (const { name, run } of conformance) test(name, run);
