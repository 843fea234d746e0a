import { createHmac } from 'node:crypto';
import { submitImage } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed, verifyWavespeedWebhook } from '@imageport/wavespeed';
import { expect, onTestFinished, test, vi } from 'vitest';

const secret = 'whsec_canary';
const now = 1_790_000_000_000;
const task = {
  id: 'e6832d4abffb4d79',
  model: 'bytedance/seedream-v4',
  status: 'completed',
  outputs: ['https://a.example/b.png'],
};

function delivery(id = 'msg_1', timestamp = '1790000000', body = JSON.stringify(task)) {
  const mac = createHmac('sha256', 'canary').update(`${id}.${timestamp}.${body}`).digest('hex');
  return { body, headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v3,${mac}` } };
}
const verify = (given: ReturnType<typeof delivery>, more: object = {}) =>
  verifyWavespeedWebhook({ secret, now, ...given, ...more });
const signedAs = (signature: (mac: string) => string) => {
  const { body, headers } = delivery();
  return { body, headers: { ...headers, 'webhook-signature': signature(headers['webhook-signature'].slice(3)) } };
};

test('tells what the job has come to', async () => {
  const { id } = task;
  expect(await verify(delivery())).toEqual({
    provider: 'wavespeed',
    id: 'msg_1',
    job: { provider: 'wavespeed', modelId: 'bytedance/seedream-v4', id },
    snapshot: { id, state: 'completed', nativeStatus: 'completed', outputs: [{ url: 'https://a.example/b.png' }] },
    delivery: 'msg_1',
    receivedAt: now,
  });
});

test.each([-300, 0, 300])('accepts a webhook that is %d seconds off', async (seconds) => {
  await expect(verify(delivery(), { now: now + seconds * 1000 })).resolves.toBeDefined();
});

test.each([
  ['other versions beside it', (mac: string) => `v1,abc= v3,${mac} v4,x`],
  ['a wrong one beside it', (mac: string) => `v3,${'0'.repeat(64)} v3,${mac}`],
])('accepts a signature with %s', async (_, list) => {
  await expect(verify(signedAs(list))).resolves.toBeDefined();
});

test.each([
  ['more than eight signatures', signedAs((mac) => `${'v1,a '.repeat(8)}v3,${mac}`)],
  ['two spaces in the list', signedAs((mac) => `v1,a  v3,${mac}`)],
  ['only other versions', signedAs((mac) => `v1,${mac} v2,${mac}`)],
  ['a list joined by commas', signedAs((mac) => `v3,${mac}, v3,${mac}`)],
  ['white space around the signature', signedAs((mac) => ` v3,${mac} `)],
  ['a dot in the id', delivery('msg.1')],
  ['a comma in the id', delivery('a, a')],
  ['NUL in the id', delivery('a\0')],
  ['no id', delivery('')],
  ['a long id', delivery('a'.repeat(201))],
  ['Arabic digits', delivery('a', '\u0661\u0667\u0669\u0660\u0660\u0660\u0660\u0660\u0660\u0660')],
  ['a fraction of a second', delivery('a', '1790000000.0')],
  ['a power', delivery('a', '179e7')],
  ['a hexadecimal time', delivery('a', '0x6ab13380')],
  ['milliseconds', delivery('a', '1790000000000')],
  ['no time', delivery('a', '')],
])('refuses %s although it is signed', async (_, given) => {
  await expect(verify(given)).rejects.toMatchObject({ code: 'unauthenticated', stage: 'webhook', billed: 'no' });
});

test.each([Number.NaN, now + 300_001, now - 300_001])('refuses a webhook at %d', async (time) => {
  await expect(verify(delivery(), { now: time })).rejects.toMatchObject({ code: 'unauthenticated' });
});

test.each(['', 'whsec_', [], ['whsec_']])('does not check with the secret %o', async (nothing) => {
  await expect(verify(delivery(), { secret: nothing })).rejects.toMatchObject({ code: 'invalid_request' });
});

test('accepts what the emulator sends, with the secret that the emulator tells', async () => {
  const received: Request[] = [];
  const deliver = async (url: string, init: RequestInit) => {
    received.push(new Request(url, init));
    return new Response();
  };
  const emulator = createEmulator({ generationTime: { fixed: 0 }, deliver });
  onTestFinished(() => emulator.close());
  const { apiKey, baseUrl } = emulator.wavespeed;
  const reported = await emulator.fetch(`${baseUrl}/api/v3/webhook/secret`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const { data } = await reported.json();
  const model = createWavespeed(emulator.wavespeed)('seedream-4');
  const job = await submitImage({ model, prompt: 'a pond', webhookUrl: 'https://app.example/hook' });
  const request = await vi.waitUntil(() => received[0]);
  const given = { body: await request.arrayBuffer(), headers: request.headers };
  const event = await verifyWavespeedWebhook({ ...given, secret: ['whsec_old', data.secret] });
  expect(event).toMatchObject({ job: { provider: 'wavespeed', id: job.id }, snapshot: { state: 'completed' } });
  await expect(verifyWavespeedWebhook({ ...given, secret })).rejects.toMatchObject({ code: 'unauthenticated' });
});
