import { ImageError } from '@imageport/core';
import { verifyWavespeedWebhook } from '@imageport/wavespeed';
import fc from 'fast-check';
import { digest, type Genuine, genuine, mutate, now, sign } from './webhook-genuine-suite.ts';

type Delivery = Parameters<typeof verifyWavespeedWebhook>[0];
type Name = 'webhook-id' | 'webhook-timestamp' | 'webhook-signature';
type Signed = Genuine &
  ReturnType<typeof sign> & { name: Name; place: number; letter: string; mac: string; time: string };

const chance = fc.record({
  name: fc.constantFrom<Name>('webhook-id', 'webhook-timestamp', 'webhook-signature'),
  place: fc.nat(),
  letter: fc.constantFrom(...'0aAfFgvV13,. =-_z{}"\0\n\t\u0661\uff11\u00e9\u212a'),
});

function flip({ body, place }: Signed): Uint8Array {
  const bytes = new TextEncoder().encode(body);
  return bytes.map((byte, index) => (index === place % bytes.length ? byte ^ (1 << (place % 8)) : byte));
}

const set = (it: Signed, value: string | string[] | undefined, name = it.name): Partial<Delivery> => ({
  headers: { ...it.headers, [name]: value },
});
const put = (it: Signed, value: string): Partial<Delivery> => set(it, value, 'webhook-signature');
const by = (it: Signed, key: string | Buffer): Partial<Delivery> =>
  put(it, `v3,${digest(key, it.id, it.time, it.body)}`);

/** A text of the host's that can be cut in two ways, should a dot be taken for part of the id. */
function cutAnew(it: Signed): Partial<Delivery> {
  const body = '{"id":"victim"}';
  const inner = it.place % 2 ? `{"prompt":"` : '';
  const cut = `${inner}${inner && '.'}${it.time}.`;
  const { headers } = sign(it, cut + body);
  const id = `${it.id}.${it.time}${inner && `.${inner}`}`;
  return { body, headers: { ...headers, 'webhook-id': id } };
}

const forgeries: readonly ((it: Signed) => Partial<Delivery>)[] = [
  (it) => ({ body: flip(it) }),
  (it) => ({ body: mutate(it.body, it) }),
  ({ task }) => ({ body: JSON.stringify(task, null, 1) }),
  ({ task: { id, ...rest } }) => ({ body: JSON.stringify({ ...rest, id }) }),
  (it) => set(it, mutate(it.headers[it.name], it)),
  (it) => set(it, undefined),
  (it) => set(it, ''),
  (it) => set(it, [it.headers[it.name]]),
  (it) => ({ headers: { ...it.headers, [it.name.toUpperCase()]: it.headers[it.name] } }),
  (it) => ({ headers: new Headers({ ...it.headers, [it.name]: `${it.headers[it.name]}, ${it.headers[it.name]}` }) }),
  (it) => ({ secret: mutate(it.key, { ...it, letter: '!' }) }),
  (it) => ({ now: Number(it.time) * 1000 + 300_001 + (it.place % 1e7) }),
  (it) => ({ now: () => Number(it.time) * 1000 - 300_001 - (it.place % 1e7) }),
  (it) => set(it, String(Number(it.time) + (it.skew < 0 ? 1 : -1)), 'webhook-timestamp'),
  (it) => set(it, `${it.id}0`, 'webhook-id'),
  (it) => by(it, `${it.key}x`),
  (it) => by(it, `whsec_${it.key}`),
  (it) => by(it, Buffer.from(it.key, 'base64')),
  (it) => by(it, ''),
  (it) => put(it, `v3,${digest(it.key, it.id, it.time, it.body, 'sha512').slice(0, 64)}`),
  (it) => put(it, `v${it.place % 3},${it.mac}`),
  (it) => put(it, it.mac),
  (it) => put(it, `v3=${it.mac}`),
  (it) => put(it, `v3,${it.mac.toUpperCase()}`),
  (it) => put(it, `v3,${it.mac.slice(0, it.place % 64)}`),
  (it) => put(it, `v3,${it.mac}${it.mac.slice(0, 1 + (it.place % 64))}`),
  (it) => put(it, `v3,${Buffer.from(it.mac, 'hex').toString('base64')}`),
  (it) => put(it, `v3,${it.mac}${', \t\n'.charAt(it.place % 4)}`),
  cutAnew,
];

/** A violation is a forged delivery that is accepted, refused as anything else than a forgery, or quoted. */
export async function tryForged(count: number, seed: number): Promise<{ tried: number; violations: string[] }> {
  const violations: string[] = [];
  const cases = fc.sample(fc.tuple(genuine, chance), { numRuns: count, seed });
  for (const [index, [each, luck]] of cases.entries()) {
    const signed = sign(each);
    const mac = signed.headers['webhook-signature'].slice(3);
    const it = { ...each, ...luck, ...signed, mac, time: signed.headers['webhook-timestamp'] };
    const forgery = forgeries[index % forgeries.length]?.(it);
    const outcome = await verifyWavespeedWebhook({ ...signed, secret: each.prefix + each.key, now, ...forgery }).catch(
      (error) => error,
    );
    const reported = ImageError.is(outcome) ? `${JSON.stringify(outcome)} ${outcome.stack}` : '';
    const quoted = [each.key, mac, each.id, each.task.id].some(
      (secret) => secret.length > 3 && reported.includes(secret),
    );
    if (!reported.includes('"unauthenticated"') || quoted)
      violations.push(`${index}: ${JSON.stringify({ ...it, ...forgery })}`);
  }
  return { tried: count, violations };
}
