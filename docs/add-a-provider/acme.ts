import type { Adapter, Cost, Family, HttpRequest, JobSnapshot, NativeRequest } from '@imageport/core';
import { createProvider, type NativeFields, type Provider, type ProviderOptions } from '@imageport/core';

declare module '@imageport/core' {
  interface KnownHosts {
    acme: NativeFields;
  }
}

const price: Cost = { amount: 0.02, currency: 'USD', source: 'listed' };

/** Models that share their parameters. */
const painters: Family = {
  // `ids` are the portable names, `native` is the host's own.
  models: [{ ids: ['painter-2'], native: 'acme-painter-2', price }],
  maxPrompt: 1000,
  // What the neutral options may ask for; what is not named here is refused before anything is spent.
  accepts: { geometry: { pixels: { min: 256, max: 2048 } }, seed: true },
  // What may be sent; `providerOptions.acme` is checked against the same table.
  fields: {
    width: { type: 'integer', min: 256, max: 2048, default: 1024 },
    height: { type: 'integer', min: 256, max: 2048, default: 1024 },
    seed: { type: 'integer', min: 0 },
    style: { type: 'choice', values: ['oil', 'ink'] },
  },
  // The neutral options in the host's words; `undefined` is not sent.
  toWire: ({ shape, seed }) => ({ ...(shape.kind === 'pixels' ? toSides(shape) : {}), seed }),
};

const toSides = ({ width, height }: { width: number; height: number }) => ({ width, height });

const hour = 60 * 60 * 1000;

/** The host's API as data: no account, no I/O, no loop, no clock. */
export const acmeAdapter: Adapter = {
  name: 'acme',
  baseUrl: 'https://api.acme.example',
  env: { apiKey: 'ACME_API_KEY', baseUrl: 'ACME_BASE_URL' },
  families: [painters],
  generic: { models: [], accepts: {}, fields: 'any', toWire: () => ({}) },
  isNativeId: (id) => id.startsWith('acme-'),
  interval: 1000,
  retention: 24 * hour,
  // Leave it out if the host honours no idempotency key: then a request whose answer was lost is never sent again.
  idempotency: { header: 'Idempotency-Key', lifetime: 24 * hour },
  authorize: (apiKey) => ({ Authorization: `Bearer ${apiKey}` }),
  toSubmit,
  toPoll: (jobId) => ({ method: 'GET', path: `/v1/pictures/${encodeURIComponent(jobId)}` }),
  parse,
  probe: { method: 'GET', path: '/v1/account' },
};

function toSubmit({ model, prompt, fields, webhookUrl }: NativeRequest): HttpRequest {
  const callback = webhookUrl === undefined ? {} : { callback: webhookUrl };
  return { method: 'POST', path: '/v1/pictures', body: { ...fields, ...callback, model, prompt } };
}

/** Reads every answer: of a submit, of a poll, a webhook, a refusal. It never throws, whatever comes. */
function parse(body: unknown): JobSnapshot {
  const { id, state, url, error, refunded } = toObject(body);
  const message = typeof error === 'string' ? { message: error } : {};
  // No id: a refusal. The HTTP status says which.
  if (typeof id !== 'string' || id === '') return { state: 'unrecognised', outputs: [], ...message };
  const outputs = typeof url === 'string' ? [{ url }] : [];
  switch (state) {
    case 'waiting':
      return { id, state: 'queued', outputs };
    case 'painting':
      return { id, state: 'processing', outputs };
    case 'done':
      return { id, state: 'completed', outputs };
    case 'broken':
      // Only what an answer shows counts as given back. Then the next model of a route may be asked.
      return { id, state: 'failed', refund: refunded === true ? 'done' : 'unknown', outputs: [], ...message };
    default:
      // An unknown word is not an end: the engine polls again.
      return { id, state: 'unrecognised', outputs: [], ...message };
  }
}

const toObject = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? { ...body } : {};

/** An account at Acme, to be called with a model id. */
export const createAcme = (options: ProviderOptions = {}): Provider => createProvider(acmeAdapter, options);

/** The account of `ACME_API_KEY`, which is read when the first model is used. */
export const acme: Provider = createAcme();
