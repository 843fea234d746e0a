import { createHash, createHmac } from 'node:crypto';
import { verifyApiframeWebhook } from '@imageport/apiframe';
import fc from 'fast-check';

const token = (alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const hex = '0123456789abcdef';
const words = fc.string({ unit: 'grapheme', maxLength: 40 });

/** A webhook of the host and how it reaches the receiver. */
export const genuine = fc.record({
  key: token(`${hex}ABCXYZxyz_-`, 8, 90).map((text) => `afk_${text}`),
  asHex: fc.boolean(),
  bare: fc.boolean(),
  form: fc.nat(2),
  bag: fc.boolean(),
  task: fc.record({
    event: fc.constantFrom('completed', 'failed', 'progress'),
    jobId: fc.oneof(token(hex, 24, 32), fc.uuid()),
    model: fc.constantFrom('seedream-4', 'seedream-4.5', 'midjourney'),
    status: fc.constantFrom('COMPLETED', 'FAILED', 'PROCESSING', 'SOMETHING_NEW'),
    progress: fc.nat(100),
    result: fc.oneof(fc.webUrl(), fc.record({ images: fc.array(fc.webUrl(), { maxLength: 4 }) }), fc.constant(null)),
    error: words,
    creditCost: fc.nat(90),
  }),
});
export type Genuine = typeof genuine extends fc.Arbitrary<infer T> ? T : never;

/** The key of the host's pages: the SHA-256 of the API key, either its 32 bytes or their text in hex. */
export const signingKey = (apiKey: string, asHex: boolean): string | Buffer => {
  const hashed = createHash('sha256').update(apiKey).digest();
  return asHex ? hashed.toString('hex') : hashed;
};
export const digest = (key: string | Buffer, body: string, hash = 'sha256'): string =>
  createHmac(hash, key).update(Buffer.from(body)).digest('hex');

export function sign({ key, asHex, bare, task }: Genuine) {
  const body = JSON.stringify(task);
  const mac = digest(signingKey(key, asHex), body);
  return { body, mac, headers: { 'x-webhook-event': task.event, 'x-webhook-signature': bare ? mac : `sha256=${mac}` } };
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
    const { task } = each;
    const event = await deliver(each).catch(String);
    const read = typeof event === 'string' ? event : [event.provider, event.job, event.snapshot.id];
    const sent = ['apiframe', { provider: 'apiframe', modelId: task.model, id: task.jobId }, task.jobId];
    if (JSON.stringify(read) !== JSON.stringify(sent)) violations.push(`${JSON.stringify(each)}: ${read}`);
  }
  return { tried: count, violations };
}

function deliver(each: Genuine): ReturnType<typeof verifyApiframeWebhook> {
  const { body, headers } = sign(each);
  const loud = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  const bytes = new TextEncoder().encode(body);
  return verifyApiframeWebhook({
    body: [body, bytes, bytes.buffer][each.form] ?? body,
    headers: each.bag ? new Headers(headers) : loud,
    apiKey: ['afk_another', each.key],
  });
}

// Scripts call the loop without the test runner, and other tests use the signer without running this test again.
