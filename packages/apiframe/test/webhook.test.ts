import { createHash, createHmac } from 'node:crypto';
import { createApiframe, verifyApiframeWebhook } from '@imageport/apiframe';
import { submitImage } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { expect, onTestFinished, test, vi } from 'vitest';

const apiKey = 'afk_canary';
const reported = {
  event: 'completed',
  jobId: 'clx1',
  status: 'COMPLETED',
  progress: 100,
  model: 'seedream-4',
  creditCost: 7,
};
const body = JSON.stringify({ ...reported, result: { images: ['https://a.example/b.png'] } });
const digest = createHash('sha256').update(apiKey).digest();
const sign = (text: string, key: string | Buffer = digest): string =>
  createHmac('sha256', key).update(text).digest('hex');
const verify = (signature: string | readonly string[], more: object = {}) =>
  verifyApiframeWebhook({ apiKey, now: 7, body, headers: { 'X-Webhook-Signature': signature }, ...more });

test.each([
  ['the digest, prefixed', `sha256=${sign(body)}`],
  ['the digest, bare', sign(body)],
  ['its hex text, prefixed', `sha256=${sign(body, digest.toString('hex'))}`],
  ['its hex text, bare', sign(body, digest.toString('hex'))],
])('reads a webhook signed with %s', async (_, signature) => {
  expect(await verify(signature)).toEqual({
    provider: 'apiframe',
    job: { provider: 'apiframe', modelId: 'seedream-4', id: 'clx1' },
    snapshot: expect.objectContaining({
      id: 'clx1',
      state: 'completed',
      outputs: [{ url: 'https://a.example/b.png' }],
    }),
    delivery: createHash('sha256').update(body).digest('hex'),
    receivedAt: 7,
  });
});

test('accepts the key that created the job beside the new one', async () => {
  await expect(verify(sign(body), { apiKey: ['afk_new', apiKey] })).resolves.toBeDefined();
  await expect(verify(sign(body), { apiKey: ['afk_new', 'afk_newer'] })).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});

test.each<[string, string | readonly string[]]>([
  ['none', ''],
  ['a list', [sign(body)]],
  ['upper case', sign(body).toUpperCase()],
  ['the key itself', sign(body, apiKey)],
  ['an empty key', sign(body, '')],
  ['two, joined', `sha256=${sign(body)}, sha256=${sign(body)}`],
  ['a line break', `${sign(body)}\n`],
  ['white space', ` sha256=${sign(body)}`],
  ['another body', sign(`${body} `)],
])('refuses a signature that is %s', async (_, signature) => {
  const refusal = { code: 'unauthenticated', stage: 'webhook', billed: 'no', retryable: false };
  await expect(verify(signature)).rejects.toMatchObject(refusal);
});

test('refuses a webhook without the header, and one that needs no key', async () => {
  await expect(verify('', { headers: {} })).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(verify(sign(body), { apiKey: '' })).rejects.toMatchObject({ code: 'invalid_request' });
});

test('needs the raw body', async () => {
  const refusal = { code: 'invalid_request', message: expect.stringContaining('needs the raw body') };
  await expect(verify(sign(body), { body: JSON.parse(body) })).rejects.toMatchObject(refusal);
});

test.each(['digest', 'hex'] as const)('accepts what the emulator sends, signed with the %s', async (apiframeKey) => {
  const received: Request[] = [];
  const deliver = async (url: string, init: RequestInit) => {
    received.push(new Request(url, init));
    return new Response();
  };
  const emulator = createEmulator({ generationTime: { fixed: 0 }, deliver, webhookDelivery: { apiframeKey } });
  onTestFinished(() => emulator.close());
  const model = createApiframe(emulator.apiframe)('seedream-4');
  const job = await submitImage({ model, prompt: 'a pond', webhookUrl: 'https://app.example/hook' });
  const request = await vi.waitUntil(() => received[0]);
  const given = { body: new Uint8Array(await request.arrayBuffer()), headers: request.headers };
  const event = await verifyApiframeWebhook({ ...given, apiKey: [apiKey, emulator.apiframe.apiKey] });
  expect(event).toMatchObject({ job: { provider: 'apiframe', id: job.id }, snapshot: { state: 'completed' } });
  await expect(verifyApiframeWebhook({ ...given, apiKey })).rejects.toMatchObject({ code: 'unauthenticated' });
});
