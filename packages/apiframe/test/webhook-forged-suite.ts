import { verifyApiframeWebhook } from '@imageport/apiframe';
import { ImageError } from '@imageport/core';
import fc from 'fast-check';
import { digest, type Genuine, genuine, mutate, sign, signingKey } from './webhook-genuine-suite.ts';

type Delivery = Parameters<typeof verifyApiframeWebhook>[0];
const name = 'x-webhook-signature';
type Signed = Genuine & ReturnType<typeof sign> & { place: number; letter: string };

const chance = fc.record({
  place: fc.nat(),
  letter: fc.constantFrom(...'0aAfFgvV13,. =-_z{}"\0\n\t\u0661\uff11\u00e9\u212a'),
});

function flip({ body, place }: Signed): Uint8Array {
  const bytes = new TextEncoder().encode(body);
  return bytes.map((byte, index) => (index === place % bytes.length ? byte ^ (1 << (place % 8)) : byte));
}

const put = (it: Signed, value: string | string[] | undefined): Partial<Delivery> => ({
  headers: { ...it.headers, [name]: value },
});
const by = (it: Signed, key: string | Buffer): Partial<Delivery> => put(it, `sha256=${digest(key, it.body)}`);
const hashed = (it: Signed): Buffer => Buffer.from(signingKey(it.key, false));

const forgeries: readonly ((it: Signed) => Partial<Delivery>)[] = [
  (it) => ({ body: flip(it) }),
  (it) => ({ body: mutate(it.body, it) }),
  ({ task }) => ({ body: JSON.stringify(task, null, 1) }),
  ({ task: { event, ...rest } }) => ({ body: JSON.stringify({ ...rest, event }) }),
  (it) => put(it, mutate(it.headers[name], it)),
  (it) => put(it, undefined),
  (it) => put(it, ''),
  (it) => put(it, [it.headers[name]]),
  (it) => ({ headers: { ...it.headers, [name.toUpperCase()]: it.headers[name] } }),
  (it) => ({ headers: new Headers({ ...it.headers, [name]: `${it.headers[name]}, ${it.headers[name]}` }) }),
  (it) => ({ headers: { 'webhook-signature': it.headers[name] } }),
  (it) => ({ apiKey: mutate(it.key, { ...it, letter: '!' }) }),
  (it) => ({ apiKey: [`${it.key}x`, 'afk_another'] }),
  (it) => by(it, it.key),
  (it) => by(it, ''),
  (it) => by(it, signingKey(`${it.key}x`, it.asHex)),
  (it) => by(it, hashed(it).toString('hex').toUpperCase()),
  (it) => by(it, hashed(it).toString('base64')),
  (it) => by(it, signingKey(hashed(it).toString('hex'), it.asHex)),
  (it) => put(it, `sha256=${digest(signingKey(it.key, it.asHex), it.body, 'sha512').slice(0, 64)}`),
  (it) => put(it, `sha256=${digest(signingKey(it.key, it.asHex), `.${it.body}`)}`),
  (it) => put(it, `sha${it.place % 256}=${it.mac}`),
  (it) => put(it, `SHA256=${it.mac}`),
  (it) => put(it, `v3,${it.mac}`),
  (it) => put(it, `=${it.mac}`),
  (it) => put(it, `sha256=${it.mac.toUpperCase()}`),
  (it) => put(it, it.mac.toUpperCase()),
  (it) => put(it, `sha256=${it.mac.slice(0, it.place % 64)}`),
  (it) => put(it, `sha256=${it.mac}${it.mac.slice(0, 1 + (it.place % 64))}`),
  (it) => put(it, `sha256=${Buffer.from(it.mac, 'hex').toString('base64')}`),
  (it) => put(it, `sha256=${it.mac}${', \t\n'.charAt(it.place % 4)}`),
  (it) => put(it, `sha256=${'0'.repeat(64)} sha256=${it.mac}`),
];

/** A violation is a forged delivery that is accepted, refused as anything else than a forgery, or quoted. */
export async function tryForged(count: number, seed: number): Promise<{ tried: number; violations: string[] }> {
  const violations: string[] = [];
  const cases = fc.sample(fc.tuple(genuine, chance), { numRuns: count, seed });
  for (const [index, [each, luck]] of cases.entries()) {
    const signed = sign(each);
    const it = { ...each, ...luck, ...signed };
    const forgery = forgeries[index % forgeries.length]?.(it);
    const outcome = await verifyApiframeWebhook({ ...signed, apiKey: each.key, ...forgery }).catch((error) => error);
    const reported = ImageError.is(outcome) ? `${JSON.stringify(outcome)} ${outcome.stack}` : '';
    const quoted = [each.key, signed.mac, each.task.jobId].some(
      (secret) => secret.length > 3 && reported.includes(secret),
    );
    if (!reported.includes('"unauthenticated"') || quoted)
      violations.push(`${index}: ${JSON.stringify({ ...it, ...forgery })}`);
  }
  return { tried: count, violations };
}
