import { createHmac } from 'node:crypto';
import { verifyWavespeedWebhook } from '@imageport/wavespeed';
import fc from 'fast-check';

export const now = 1_790_000_000_000;

const token = (alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const hex = '0123456789abcdef';
const words = fc.string({ unit: 'grapheme', maxLength: 40 });

/** A webhook of the host and how it reaches the receiver. */
export const genuine = fc.record({
  key: token(`${hex}ABCXYZxyz+/=_-`, 8, 90),
  prefix: fc.constantFrom('', 'whsec_'),
  id: fc.oneof(token(hex, 32, 32), fc.uuid(), token(`${hex}msg_-`, 1, 200)),
  skew: fc.integer({ min: -300, max: 300 }),
  form: fc.nat(2),
  bag: fc.boolean(),
  decoys: fc.nat(3),
  task: fc.record({
    id: token(hex, 32, 32),
    model: fc.constantFrom('bytedance/seedream-v4', 'bytedance/dreamina-v3.1/text-to-image'),
    status: fc.constantFrom('completed', 'failed', 'processing', 'something-new'),
    outputs: fc.array(fc.webUrl(), { maxLength: 4 }),
    input: fc.record({ prompt: words, seed: fc.integer() }),
    has_nsfw_contents: fc.constantFrom(null, [false], [true]),
    error: words,
  }),
});
export type Genuine = typeof genuine extends fc.Arbitrary<infer T> ? T : never;

/** The signer of the host's pages: HMAC-SHA256 in hex of "id.timestamp.body", the secret without its prefix as text. */
export const digest = (key: string | Buffer, id: string, timestamp: string, body: string, hash = 'sha256'): string =>
  createHmac(hash, key)
    .update(Buffer.from(`${id}.${timestamp}.${body}`))
    .digest('hex');

export function sign({ key, id, skew, task }: Genuine, body = JSON.stringify(task)) {
  const timestamp = String(now / 1000 + skew);
  const signature = `v3,${digest(key, id, timestamp, body)}`;
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return { body, headers };
}

/** Replaces, inserts or drops one character. */
export function mutate(text: string, { place, letter }: { place: number; letter: string }): string {
  const at = place % text.length;
  const [head, own, tail] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
  return [head + (letter === own ? '' : letter) + tail, `${head}${letter}${own}${tail}`, head + tail][place % 3] ?? '';
}

/** A violation is a genuine delivery that is refused or misread. */
export async function tryGenuine(count: number, seed: number): Promise<{ tried: number; violations: string[] }> {
  const violations: string[] = [];
  for (const each of fc.sample(genuine, { numRuns: count, seed })) {
    const { id, task } = each;
    const event = await deliver(each).catch(String);
    const read = typeof event === 'string' ? event : [event.provider, event.id, event.job, event.snapshot.id];
    const sent = ['wavespeed', id, { provider: 'wavespeed', modelId: task.model, id: task.id }, task.id];
    if (JSON.stringify(read) !== JSON.stringify(sent)) violations.push(`${JSON.stringify(each)}: ${read}`);
  }
  return { tried: count, violations };
}

function deliver(each: Genuine): ReturnType<typeof verifyWavespeedWebhook> {
  const { body, headers: signed } = sign(each);
  const decoys = [`v1,${'b'.repeat(44)}`, `v3,${'0'.repeat(64)}`, 'v4,x'].slice(0, each.decoys);
  const headers = { ...signed, 'webhook-signature': [...decoys, signed['webhook-signature']].join(' ') };
  const loud = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  const bytes = new TextEncoder().encode(body);
  return verifyWavespeedWebhook({
    body: [body, bytes, bytes.buffer][each.form] ?? body,
    headers: each.bag ? new Headers(headers) : loud,
    secret: ['whsec_another', each.prefix + each.key],
    now,
  });
}

// Scripts call the loop without the test runner, and other tests use the signer without running this test again.
