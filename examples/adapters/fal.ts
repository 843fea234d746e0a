import type { Adapter, AnswerContext, Cost, Family, HttpRequest, JobSnapshot, JsonObject } from '@imageport/core';
import { createProvider, type NativeRequest, type Provider, type ProviderOptions } from '@imageport/core';

/** Of every megapixel that was begun; a picture without a size has 1024 by 768 pixels. */
const price = ({ image_size: size = null }: JsonObject): Cost => {
  const { width = 1024, height = 768 } = toObject(size);
  return { amount: (3 * Math.ceil((Number(width) * Number(height)) / 1e6)) / 1000, currency: 'USD', source: 'listed' };
};

const side = { type: 'integer', min: 1, max: 14_142 } as const;
const fields = {
  image_size: { type: 'object', fields: { width: side, height: side } },
  seed: { type: 'integer' },
  output_format: { type: 'choice', values: ['jpeg', 'png'], default: 'jpeg' },
} as const;
const flux: Family = {
  models: [{ ids: ['flux-schnell'], native: 'fal-ai/flux/schnell', price }],
  accepts: { geometry: { pixels: side, area: 1024 * 768 }, seed: true, outputFormats: ['jpeg', 'png'] },
  fields,
  toWire: ({ shape, seed, outputFormat }) => ({
    image_size: shape.kind === 'pixels' ? { width: shape.width, height: shape.height } : undefined,
    seed,
    output_format: outputFormat,
  }),
};
const weight = { type: 'object', fields: { path: { type: 'text' }, scale: { type: 'number' } } } as const;
const withLoras = { ...fields, loras: { type: 'list', of: weight } } as const;
const lora: Family = { ...flux, models: [{ ids: [], native: 'fal-ai/flux-lora' }], fields: withLoras };

/** fal's queue: https://fal.ai/docs/documentation/model-apis/inference/queue. It knows no idempotency key and no list. */
export const falAdapter: Adapter = {
  name: 'fal',
  baseUrl: 'https://queue.fal.run',
  env: { apiKey: 'FAL_KEY', baseUrl: 'FAL_BASE_URL' },
  families: [flux, lora],
  generic: { models: [], accepts: {}, fields: 'any', toWire: () => ({}) },
  isNativeId: (id) => /^[\w.-]+(\/[\w.-]+)+$/.test(id),
  interval: 500,
  retention: 7 * 24 * 60 * 60 * 1000,
  authorize: (apiKey) => ({ Authorization: `Key ${apiKey}` }),
  toSubmit,
  toPoll,
  parse,
  // Not found with a good key, refused with a bad one.
  probe: { method: 'GET', path: '/fal-ai/flux/requests/00000000-0000-4000-8000-000000000000/status' },
};

function toSubmit({ model, prompt, fields, webhookUrl }: NativeRequest): HttpRequest {
  const query = webhookUrl === undefined ? '' : `?fal_webhook=${encodeURIComponent(webhookUrl)}`;
  return { method: 'POST', path: `/${model}${query}`, body: { ...fields, prompt } };
}

/** Ids are `owner~app~request`: the address needs the app. The result has an address of its own, and says how it ended. */
function toPoll(jobId: string, last?: JobSnapshot): HttpRequest {
  const app = jobId.split('~').map(encodeURIComponent);
  const request = app.pop();
  const status = last?.more || last?.state === 'failed' ? '' : '/status';
  return { method: 'GET', path: `/${[...app, 'requests', request].join('/')}${status}` };
}

const place = /^https?:\/\/[^/]+\/([\w.-]+(?:\/[\w.-]+)+)\/requests\/([\w-]{1,100})(?:\/response)?$/;

/** A submit and a status name the place of the result; what else a poll brings is the result itself, or an error. */
function parse(raw: unknown, { purpose, jobId, status = 200 }: Partial<AnswerContext> = {}): JobSnapshot {
  const body = toObject(raw);
  const [, app, request] = place.exec(toText(body.response_url)) ?? [];
  if (app && request) return toTicket(`${app.replaceAll('/', '~')}~${request}`, body);
  const [first] = toList(body.detail).map(toObject);
  const message = [body.detail, first?.msg, body.error].map(toText).find((text) => text !== '');
  const none = { state: 'unrecognised', outputs: [], ...(message === undefined ? {} : { message }) } as const;
  if (purpose !== 'poll' || jobId === undefined) return none;
  if (status < 300 && Array.isArray(body.images)) return { id: jobId, state: 'completed', outputs: toOutputs(body) };
  const type = status < 300 ? '' : toText(first?.type) || toText(body.error_type);
  // These speak of the poll alone, and an internal error of the queue may.
  if (['', 'internal_error'].includes(type) || [401, 403, 404, 429].includes(status)) return none;
  return { ...none, id: jobId, state: 'failed', ...toFailure(type, status) };
}

/** "Server errors (HTTP 500+) are never charged"; of others the pages say that they may be. */
function toFailure(type: string, status: number): Pick<JobSnapshot, 'failure' | 'refund'> {
  if (status >= 500) return { failure: 'job_failed', refund: 'pending' };
  const failure = type.startsWith('content_policy') ? 'moderated' : status === 499 ? 'job_failed' : 'invalid_request';
  return { failure, refund: 'unknown' };
}

const words = { IN_QUEUE: 'queued', IN_PROGRESS: 'processing', COMPLETED: 'processing' } as const;
const states = new Map<unknown, JobSnapshot['state']>(Object.entries(words));

/** COMPLETED says that it ended, not how. */
function toTicket(id: string, { status = 'IN_QUEUE' }: JsonObject): JobSnapshot {
  const state = states.get(status) ?? 'unrecognised';
  return { id, state, nativeStatus: toText(status), outputs: [], ...(status === 'COMPLETED' ? { more: true } : {}) };
}

const toOutputs = ({ images, has_nsfw_concepts: flags }: JsonObject): JobSnapshot['outputs'] =>
  toList(images).flatMap((image, index) => {
    const url = toText(toObject(image).url);
    return url === '' ? [] : [{ url, ...(toList(flags)[index] === true ? { flagged: true } : {}) }];
  });
const toObject = (value: unknown): JsonObject => (typeof value === 'object' ? { ...value } : {});
const toText = (value: unknown): string => (typeof value === 'string' ? value : '');
const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** An account at fal, to be called with a model id. */
export const createFal = (options: ProviderOptions = {}): Provider => createProvider(falAdapter, options);
