import * as v from 'valibot';
import type { Adapter } from '../contract/adapter.ts';
import type { Bytes } from '../contract/bytes.ts';
import { createRedaction } from '../host/redaction.ts';
import type { WebhookClaim, WebhookDelivery, WebhookEvent, WebhookScheme } from './event.ts';
import { readBody, readHeader, readSecrets, unusable, webhookError } from './read.ts';

/**
 * Checks that a delivery was signed by the host and reads it. Throws `ImageError`: `unauthenticated` for what
 * is not genuine, `invalid_request` for what was called wrongly, `invalid_response` for a genuine one without a job.
 */
export async function receiveWebhook(
  adapter: Adapter,
  scheme: WebhookScheme,
  { body, headers, now = Date.now }: WebhookDelivery,
  given: string | readonly string[],
): Promise<WebhookEvent> {
  const provider = adapter.name;
  const bytes = readBody(provider, body);
  const secrets = readSecrets(provider, scheme.option, given);
  if (typeof headers !== 'object' || headers === null) {
    throw webhookError(provider, 'invalid_request', "Verifying a webhook needs the request's headers");
  }
  const receivedAt = typeof now === 'function' ? now() : now;
  const claim = scheme.read((name) => readHeader(headers, name), receivedAt);
  const keys = (await Promise.all(secrets.map((secret) => scheme.toKeys(secret)))).flat();
  if (keys.some((key) => key.byteLength === 0)) throw unusable(provider, scheme.option);
  if (!claim || !(await isGenuine(claim, bytes, keys))) {
    const advice = 'if it should be, check the secret, that the body is raw, and the clock of this machine';
    throw webhookError(provider, 'unauthenticated', `This is no genuine webhook of ${provider}; ${advice}`);
  }
  // A body may quote the key or the secret, like any answer of the host.
  const redactions = secrets.flatMap((secret) => [secret, secret.replace(/^whsec_/, '')]).map(createRedaction);
  const clean: Clean = (value) => redactions.reduce((cleaned, { value: redact }) => redact(cleaned), value);
  const id = claim.id === undefined ? {} : { id: String(clean(claim.id)) };
  const delivery = id.id ?? toHex(await crypto.subtle.digest('SHA-256', bytes));
  return { ...readEvent(adapter, clean(toJson(bytes))), ...id, delivery, receivedAt };
}

type Clean = (value: unknown) => unknown;

function readEvent(adapter: Adapter, said: unknown): Pick<WebhookEvent, 'provider' | 'job' | 'snapshot'> {
  const provider = adapter.name;
  const snapshot = adapter.parse(said, { purpose: 'webhook' });
  const { id } = snapshot;
  if (id === undefined) throw webhookError(provider, 'invalid_response', `A webhook of ${provider} names no job`);
  return { provider, job: { provider, modelId: v.parse(modelSchema, said).model, id }, snapshot };
}

const modelSchema = v.fallback(v.object({ model: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/)) }), { model: '' });

/** Every key is tried with every signature, whatever the others say, so that the duration reveals nothing. */
async function isGenuine(
  { prefix, signatures }: WebhookClaim,
  body: Uint8Array,
  keys: readonly Bytes[],
): Promise<boolean> {
  const start = new TextEncoder().encode(prefix);
  const signed = new Uint8Array(start.length + body.length);
  signed.set(start);
  signed.set(body, start.length);
  const checks = keys.flatMap((raw) =>
    signatures.map(async (signature) => {
      const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
      return crypto.subtle.verify('HMAC', key, fromHex(signature), signed);
    }),
  );
  return (await Promise.all(checks)).includes(true);
}

const toHex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

const fromHex = (hex: string): Bytes =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));

/** Nothing when it is not JSON, or nested deeper than the machine can read. */
function toJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
