// Worlds for the suite of the keys: the ways in which a host, or what stands before it, can spell a key that it was sent.
import { createHmac } from 'node:crypto';
import { verifyApiframeWebhook } from '@imageport/apiframe';
import { verifyWavespeedWebhook } from '@imageport/wavespeed';

const code = (text: string): string =>
  [...text].map((sign) => `\\u00${sign.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
const percent = (text: string): string =>
  [...text].map((sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
const split = (text: string, by: string): string => (text.match(/.{1,5}/gs) ?? []).join(by);

/** Bodies that quote the key in another spelling, or where a limit cuts it. */
export function spelledBodies(key: string): (readonly [name: string, body: unknown])[] {
  const base64 = (start: string): string => Buffer.from(`${start}${key}:x`).toString('base64');
  const texts: [name: string, text: string][] = [
    ['a key that is cut by an adapter', `${' '.repeat(4000 - key.length + 1)}${key}`],
    ['a key that is cut by an adapter, as text', `<p>${' '.repeat(4000 - key.length - 2)}${key}</p>`],
    ['a URL-encoded key', `key=${encodeURIComponent(key)}`],
    ['a wholly URL-encoded key', `key=${percent(key)}`],
    ['a key that is URL-encoded twice', `key=${encodeURIComponent(encodeURIComponent(key))}`],
    ...['', 'u', 'us'].map((start): [string, string] => [`base64 at ${start.length}`, `Basic ${base64(start)}`]),
    ...['', 'u', 'us'].map((start): [string, string] => [
      `base64url at ${start.length}`,
      `Basic ${base64(start).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`,
    ]),
    ['broken base64', split(base64('user:'), '\r\n')],
    ['hex', Buffer.from(key).toString('hex').toUpperCase()],
    ['JSON in a text', JSON.stringify({ authorization: `Bearer ${key}` })],
    ['an escaped key', `{"key":"${code(key)}"}`],
    ['a key in lines', split(key, '\n  ')],
    ['a key in escaped lines', split(key, '\\n')],
    ['a key with what cannot be seen', split(key, '\u200b')],
  ];
  return texts.map(([name, text]) => [name, { code: 400, message: text, error: text }]);
}

/** What text is cut by the limit of the transport: no JSON, with the key across its end. */
export const longText = (key: string): string => `${' '.repeat(65_536 - key.length + 1)}${key}`;

/** Errors of a fetch of the caller's own, whose facts are the key. */
export function namedErrors(key: string): [name: string, error: unknown][] {
  const make = (facts: object): Error => Object.assign(new Error('failed'), facts);
  return [
    ['an error whose code is the key', make({ code: key })],
    ['an error whose name is the key', make({ name: key })],
    ['an error whose syscall is the key', new TypeError('fetch failed', { cause: make({ syscall: encodeURI(key) }) })],
    ['a late error that quotes the key', make({ name: 'TimeoutError', message: `no answer for ${key}` })],
    ['an object whose code is the key', { code: `E${key}`, name: key }],
  ];
}

/** Genuine webhooks that quote the key, or the secret, which they were signed with. */
export async function deliveries(key: string): Promise<unknown[]> {
  const now = 1_700_000_000_000;
  const body = JSON.stringify({
    ...{ id: `job-${key}`, status: 'failed', error: `key ${key}, ${Buffer.from(key).toString('base64')}` },
    ...{ model: `m/${key}`, outputs: [`https://x.example/${key}.png`], input: { key } },
  });
  const stamp = `${now / 1000}`;
  const sign = (secret: string | Buffer, text: string): string =>
    createHmac('sha256', secret).update(text).digest('hex');
  const wavespeed = {
    'webhook-id': key,
    'webhook-timestamp': stamp,
    'webhook-signature': `v3,${sign(key, `${key}.${stamp}.${body}`)}`,
  };
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  const apiframe = { 'x-webhook-signature': sign(Buffer.from(digest), body) };
  return Promise.all([
    verifyWavespeedWebhook({ secret: `whsec_${key}`, headers: wavespeed, body, now }),
    verifyApiframeWebhook({ apiKey: key, headers: apiframe, body, now }),
  ]);
}
