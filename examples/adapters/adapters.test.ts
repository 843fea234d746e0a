import { readFile } from 'node:fs/promises';
import { type Adapter, generateImage, type HttpRequest, ImageError, type JobSnapshot } from '@imageport/core';
import { type AdapterFixtures, testAdapter } from '@imageport/core/testing';
import { describe, expect, test } from 'vitest';
import { createFal, falAdapter } from './fal.ts';
import { falFixtures } from './fal-answers.ts';
import { createReplicate, replicateAdapter } from './replicate.ts';
import { replicateFixtures } from './replicate-answers.ts';

const hosts: [Adapter, AdapterFixtures][] = [
  [replicateAdapter, replicateFixtures],
  [falAdapter, falFixtures],
];

for (const [adapter, fixtures] of hosts) {
  for (const { name, run } of testAdapter(adapter, fixtures)) test(name, run);

  test(`${adapter.name} is an afternoon's work: 110 lines at most`, async () => {
    const source = await readFile(new URL(`${adapter.name}.ts`, import.meta.url), 'utf8');
    expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(110);
  });
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const request = '764cabcf-b745-4b3e-ae38-1200304cf45b';
const app = '/fal-ai/flux';
const picture = 'https://files.example/a.png';

/** fal's queue: two polls to the end, then the result. */
function createQueue(result: Reply) {
  const asked: string[] = [];
  const ticket = (status: string) => ({
    ...{ status, request_id: request, response_url: `https://queue.fal.run${app}/requests/${request}` },
  });
  const host = ({ method, path }: HttpRequest): Reply => {
    asked.push(path);
    if (method === 'POST') return { status: 200, body: ticket('IN_QUEUE') };
    if (path === `${app}/requests/${request}`) return result;
    const polls = asked.filter((each) => each.endsWith('/status')).length;
    return { status: polls < 2 ? 202 : 200, body: ticket(polls < 2 ? 'IN_PROGRESS' : 'COMPLETED') };
  };
  return { asked, host };
}

/** Replicate's predictions: started, running, done. */
function createPredictions(url = picture) {
  const asked: HttpRequest[] = [];
  const prediction = { id: 'gm3qorzdhgbfurvjtvhg6dckhu', model: 'black-forest-labs/flux-schnell' };
  const host = (one: HttpRequest): Reply => {
    const status = ['starting', 'processing'][asked.push(one) - 1] ?? 'succeeded';
    const output = status === 'succeeded' ? [url] : null;
    return { status: one.method === 'POST' ? 201 : 200, body: { ...prediction, status, output } };
  };
  return { asked, host, id: prediction.id };
}

/** One submit, and polls until the job has ended: what every engine does with an adapter. */
function follow(adapter: Adapter, submit: HttpRequest, host: (request: HttpRequest) => Reply): JobSnapshot[] {
  const seen: JobSnapshot[] = [];
  const first = host(submit);
  seen.push(adapter.parse(first.body, { purpose: 'submit', status: first.status }));
  const jobId = seen[0]?.id ?? '';
  while (seen.length < 10) {
    const last = seen.at(-1);
    const { status, body } = host(adapter.toPoll(jobId, last));
    const snapshot = adapter.parse(body, { purpose: 'poll', status, jobId });
    if (snapshot.id !== undefined) seen.push(snapshot);
    if (snapshot.state === 'completed' || (snapshot.state === 'failed' && last?.state === 'failed')) break;
  }
  return seen;
}

describe('an adapter alone leads from submit to picture', () => {
  const submit: HttpRequest = { method: 'POST', path: '/fal-ai/flux/schnell', body: { prompt: 'a lighthouse' } };
  const result = `${app}/requests/${request}`;

  test("fal's status says that a job ended, its result how", () => {
    const { asked, host } = createQueue({ status: 200, body: { images: [{ url: picture }] } });
    const seen = follow(falAdapter, submit, host);
    expect(seen.map(({ state }) => state)).toEqual(['queued', 'processing', 'processing', 'completed']);
    expect(new Set(seen.map(({ id }) => id))).toEqual(new Set([`fal-ai~flux~${request}`]));
    expect(seen.at(-1)?.outputs).toEqual([{ url: picture }]);
    expect(asked).toEqual(['/fal-ai/flux/schnell', `${result}/status`, `${result}/status`, result]);
  });

  test('a failure at fal is read from the result, twice', () => {
    const body = { detail: [{ loc: ['body', 'prompt'], msg: 'flagged', type: 'content_policy_violation' }] };
    const { asked, host } = createQueue({ status: 422, body });
    const seen = follow(falAdapter, submit, host);
    expect(seen.slice(-2).map(({ state, failure, refund }) => [state, failure, refund])).toEqual([
      ['failed', 'moderated', 'unknown'],
      ['failed', 'moderated', 'unknown'],
    ]);
    expect(asked.slice(-2)).toEqual([result, result]);
  });

  test("an internal error of fal's queue is no end of the job", () => {
    const body = { detail: 'Internal error', error_type: 'internal_error' };
    expect(falAdapter.parse(body, { purpose: 'poll', status: 500, jobId: 'a~b~c' })).not.toHaveProperty('id');
  });

  test('a prediction is polled under one address until it has ended', () => {
    const { asked, host, id } = createPredictions();
    const seen = follow(replicateAdapter, { method: 'POST', path: '/v1/predictions' }, host);
    expect(seen.map(({ state }) => state)).toEqual(['queued', 'processing', 'completed']);
    expect(asked.slice(1).map(({ path }) => path)).toEqual([`/v1/predictions/${id}`, `/v1/predictions/${id}`]);
  });
});

/** One pixel. */
const png = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);

/** The host behind a `fetch`, with the headers that were sent. */
function toAccount(host: (request: HttpRequest) => Reply) {
  const headers: Headers[] = [];
  const answer = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const sent = new Request(input, init);
    const { pathname, search } = new URL(sent.url);
    if (pathname.endsWith('.png')) return new Response(png);
    headers.push(sent.headers);
    const method = sent.method === 'POST' ? 'POST' : 'GET';
    const { status, body } = host({
      ...{ method, path: `${pathname}${search}` },
      ...(method === 'POST' ? { body: await sent.json() } : {}),
    });
    return Response.json(body, { status });
  };
  return { headers, options: { apiKey: 'a-key', baseUrl: 'http://127.0.0.1:4010', fetch: answer } };
}

describe('generateImage', () => {
  const order = { prompt: 'a lighthouse', interval: 1 };
  const local = 'http://127.0.0.1:4010/a.png';

  test('makes a picture at fal', async () => {
    const { asked, host } = createQueue({ status: 200, body: { images: [{ url: local }] } });
    const { headers, options } = toAccount(host);
    const { images, cost } = await generateImage({
      ...order,
      size: '1024*768',
      model: createFal(options)('flux-schnell'),
    });
    expect(await images[0]?.bytes()).toEqual(png);
    expect(cost).toEqual({ amount: 0.003, currency: 'USD', source: 'listed' });
    expect(asked).toHaveLength(4);
    expect(headers.map((each) => each.get('authorization'))).toEqual(Array(4).fill('Key a-key'));
  });

  test('fails at fal without a second submit, and says that nobody knows about the money', async () => {
    const body = { detail: [{ loc: ['body', 'prompt'], msg: 'flagged', type: 'content_policy_violation' }] };
    const { asked, host } = createQueue({ status: 422, body });
    const model = createFal(toAccount(host).options)('flux-schnell');
    const error = await generateImage({ ...order, model }).catch((reason: unknown) => reason);
    expect(ImageError.is(error) && [error.code, error.billed]).toEqual(['moderated', 'unknown']);
    expect(asked.filter((path) => path === '/fal-ai/flux/schnell')).toHaveLength(1);
  });

  test('goes on from a broken runner at fal to Replicate', async () => {
    const { host } = createQueue({ status: 503, body: { detail: 'Runner gone', error_type: 'runner_disconnected' } });
    const predictions = createPredictions(local);
    const model = [
      createFal(toAccount(host).options)('flux-schnell'),
      createReplicate(toAccount(predictions.host).options)('flux-schnell'),
    ];
    const { attempts } = await generateImage({ ...order, model });
    expect(attempts.map(({ provider, billed, refund }) => [provider, billed, refund])).toEqual([
      ['fal', 'no', 'pending'],
      ['replicate', 'yes', undefined],
    ]);
  });

  test('finds the prediction of a lost answer in the list, and submits once', async () => {
    const sent: unknown[] = [];
    const { host } = createPredictions(local);
    const { options } = toAccount((one) => {
      if (one.method === 'POST') sent.push(one.body);
      const { status, body } = host(one);
      const listed = { ...(body as object), ...(sent[0] as object), created_at: new Date().toISOString() };
      if (one.method === 'POST') throw new TypeError('fetch failed');
      return { status, body: one.path.startsWith('/v1/predictions?') ? { next: null, results: [listed] } : listed };
    });
    const { images } = await generateImage({ ...order, model: createReplicate(options)('flux-schnell') });
    expect(await images[0]?.bytes()).toEqual(png);
    expect(sent).toHaveLength(1);
  });

  test('makes a picture at Replicate, with the wait as a header', async () => {
    const { headers, options } = toAccount(createPredictions(local).host);
    const { images } = await generateImage({ ...order, sync: true, model: createReplicate(options)('flux-schnell') });
    expect(await images[0]?.bytes()).toEqual(png);
    expect(headers.map((each) => each.get('prefer'))).toEqual(['wait=60', null, null]);
    expect(headers.map((each) => each.get('authorization'))).toEqual(Array(3).fill('Bearer a-key'));
  });
});
