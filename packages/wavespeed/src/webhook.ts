import { receiveWebhook, type WebhookDelivery, type WebhookEvent, type WebhookScheme } from '@imageport/core';
import { wavespeedAdapter } from './adapter.ts';

export interface WavespeedWebhook extends WebhookDelivery {
  /** The answer of `GET /api/v3/webhook/secret`; several while one replaces another. */
  readonly secret: string | readonly string[];
}

const tolerance = 300_000;

const scheme: WebhookScheme = {
  option: 'secret',
  read: (header, now) => {
    const id = header('webhook-id') ?? '';
    const timestamp = header('webhook-timestamp') ?? '';
    const signatures = toSignatures(header('webhook-signature') ?? '');
    // Id, time and body are joined by dots: a dot in the id would let one text be cut in two ways. A comma is two headers.
    if (!/^[!-+\-/-~]{1,200}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return undefined;
    if (signatures.length === 0 || !(Math.abs(now - Number(timestamp) * 1000) <= tolerance)) return undefined;
    return { id, prefix: `${id}.${timestamp}.`, signatures };
  },
  // As text, unlike Standard Webhooks, where the rest is base64.
  toKeys: (secret) => [new TextEncoder().encode(secret.replace(/^whsec_/, ''))],
};

/** The digests of the list's `v3` entries. Other versions may stand beside them and prove nothing. */
function toSignatures(header: string): readonly string[] {
  const entries = header.split(' ', 9);
  if (entries.length > 8 || !entries.every((entry) => /^v\d+,[^\s,]+$/.test(entry))) return [];
  return entries.filter((entry) => /^v3,[0-9a-f]{64}$/.test(entry)).map((entry) => entry.slice(3));
}

/** Checks a webhook of WaveSpeedAI: signed with the secret, at most five minutes ago. Throws `ImageError` when it is not. */
export const verifyWavespeedWebhook = async ({ secret, ...delivery }: WavespeedWebhook): Promise<WebhookEvent> =>
  receiveWebhook(wavespeedAdapter, scheme, delivery, secret);
