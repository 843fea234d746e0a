import { receiveWebhook, type WebhookDelivery, type WebhookEvent, type WebhookScheme } from '@imageport/core';
import { apiframeAdapter } from './adapter.ts';

export interface ApiframeWebhook extends WebhookDelivery {
  /** The key that created the job; several while jobs of an older key are under way. */
  readonly apiKey: string | readonly string[];
}

const scheme: WebhookScheme = {
  option: 'apiKey',
  read: (header) => {
    const signature = /^(?:sha256=)?([0-9a-f]{64})$/.exec(header('x-webhook-signature') ?? '')?.[1];
    return signature === undefined ? undefined : { prefix: '', signatures: [signature] };
  },
  // The host's pages leave open whether the digest itself signs, as its client has it, or its hex text.
  toKeys: async (apiKey) => {
    const encoder = new TextEncoder();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(apiKey)));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [digest, encoder.encode(hex)];
  },
};

/** Checks a webhook of Apiframe: signed with the key. It carries no time, so old ones pass. Throws `ImageError` otherwise. */
export const verifyApiframeWebhook = async ({ apiKey, ...delivery }: ApiframeWebhook): Promise<WebhookEvent> =>
  receiveWebhook(apiframeAdapter, scheme, delivery, apiKey);
