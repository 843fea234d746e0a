import { createHash, createHmac } from 'node:crypto';
import { type Adapter, ImageError, receiveWebhook, type WebhookDelivery, type WebhookScheme } from '@imageport/core';
import { describe, expect, test, vi } from 'vitest';

const parse: Adapter['parse'] = (body) => {
  const id = typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : undefined;
  return { state: 'completed', outputs: [], ...(id === undefined ? {} : { id }) };
};
const adapter = { name: 'acme', parse } as Adapter;
const scheme: WebhookScheme = {
  option: 'secret',
  read: (header) => ({ prefix: 'x.', signatures: [header('signature') ?? ''] }),
  toKeys: (secret) => [new TextEncoder().encode(secret.replace('empty', ''))],
};
const secret = 'canary-secret';
const sign = (body: string | Uint8Array): string =>
  createHmac('sha256', secret).update('x.').update(body).digest('hex');
const body = '{"id":"job","model":"acme/one","text":"é"}';
const headers = { Signature: sign(body) };
const bytes = new TextEncoder().encode(body);

const receive = (more: object, given: unknown = secret) =>
  receiveWebhook(adapter, scheme, { body, headers, now: 7, ...more } as WebhookDelivery, given as string);
const refusal = async (more: object, given?: unknown): Promise<ImageError> => {
  const error: unknown = await receive(more, given).catch((reason) => reason);
  if (!ImageError.is(error)) throw new Error(`not refused: ${error}`);
  expect(error).toMatchObject({ stage: 'webhook', billed: 'no', provider: 'acme' });
  expect(JSON.stringify(error) + error.stack).not.toMatch(/canary|"é"/);
  return error;
};

test.each<[string, object]>([
  ['text', { body }],
  ['bytes', { body: bytes }],
  ["Node's Buffer", { body: Buffer.from(body) }],
  ['a part of a larger buffer', { body: new TextEncoder().encode(`..${body}..`).subarray(2, 2 + bytes.length) }],
  ['an ArrayBuffer', { body: bytes.buffer }],
  ['Headers', { headers: new Headers(headers) }],
  ['another letter case', { headers: { SIGNATURE: sign(body) } }],
])('reads a delivery given as %s', async (_form, more) => {
  const job = { provider: 'acme', modelId: 'acme/one', id: 'job' };
  const snapshot = { id: 'job', state: 'completed', outputs: [] };
  const delivery = createHash('sha256').update(body).digest('hex');
  expect(await receive(more)).toEqual({ provider: 'acme', job, snapshot, delivery, receivedAt: 7 });
});

test('takes the time from the clock that is given, or from the machine', async () => {
  expect((await receive({ now: () => 9 })).receivedAt).toBe(9);
  vi.useFakeTimers({ toFake: ['Date'], now: 5_000 });
  const { receivedAt } = await receive({ now: undefined });
  expect(receivedAt).toBe(5_000);
  vi.useRealTimers();
});

test('is not misled by bytes that change during the check', async () => {
  const shared = bytes.slice();
  const received = receive({ body: shared });
  shared.fill(32);
  expect((await received).job.id).toBe('job');
});

test.each([[JSON.parse(body)], [undefined], [null], [[123]], [7], [new ReadableStream()], [new Float64Array(2)]])(
  'needs the raw body, not %o',
  async (given) => {
    const { code, message } = await refusal({ body: given });
    expect([code, message]).toEqual(['invalid_request', expect.stringContaining('needs the raw body')]);
  },
);

test.each([' '.repeat(2 ** 20 + 1), 'é'.repeat(2 ** 19 + 1), new Uint8Array(2 ** 20 + 1)])(
  'refuses more than a MiB before it reads the signature',
  async (large) => {
    const { code, message } = await refusal({ body: large, headers: undefined });
    expect([code, message]).toEqual(['invalid_request', expect.stringContaining('larger than 1048576 bytes')]);
  },
);

test('reads a whole MiB', async () => {
  const large = body + ' '.repeat(2 ** 20 - bytes.length);
  expect((await receive({ body: large, headers: { signature: sign(large) } })).job.id).toBe('job');
});

describe('the secret', () => {
  test('may be one of several', async () => expect((await receive({}, ['new', secret])).job.id).toBe('job'));
  test('may have white space around it', async () => expect((await receive({}, ` ${secret}\n`)).job.id).toBe('job'));
  test.each([[undefined], [''], [' '], [[]], [[secret, '']], [[secret, undefined]], [7], ['empty'], ['a b'], ['é']])(
    'cannot be %o',
    async (given) => expect((await refusal({}, given ?? null)).code).toBe('invalid_request'),
  );
});

const broken = ['', 'null', '[]', '"id"', '{', '{}', '['.repeat(2 ** 20), Buffer.from('{"id":"\xff"}', 'latin1')];
test.each(broken)('says that a genuine webhook without a job is not understood', async (told) => {
  expect((await refusal({ body: told, headers: { signature: sign(told) } })).code).toBe('invalid_response');
});

test.each([null, undefined, 'signature'])('needs headers, not %o', async (given) => {
  expect((await refusal({ headers: given })).code).toBe('invalid_request');
});

test('a job whose model is not told keeps the name empty', async () => {
  expect((await receive({ body: '{"id":1}', headers: { signature: sign('{"id":1}') } })).job.modelId).toBe('');
});
