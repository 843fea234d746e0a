import type { Adapter, Cost, Family, HttpRequest, JobSnapshot, JobState, JsonObject, Output } from '@imageport/core';
import { createProvider, type NativeRequest, type Provider, type ProviderOptions } from '@imageport/core';

const ratios = ['1:1', '16:9', '21:9', '3:2', '2:3', '4:5', '5:4', '3:4', '4:3', '9:16', '9:21'];

const price = ({ num_outputs: n = 1 }: JsonObject): Cost => ({
  amount: (Number(n) * 3) / 1000,
  currency: 'USD',
  source: 'listed',
});

const flux: Family = {
  models: [{ ids: ['flux-schnell'], native: 'black-forest-labs/flux-schnell', price }],
  accepts: { geometry: { ratios }, seed: true, sync: true, outputFormats: ['webp', 'jpeg', 'png'] },
  fields: {
    aspect_ratio: { type: 'choice', values: ratios, default: '1:1' },
    num_outputs: { type: 'integer', min: 1, max: 4, default: 1 },
    seed: { type: 'integer' },
    output_format: { type: 'choice', values: ['webp', 'jpg', 'png'], default: 'webp' },
    // Not a field of the model: for how many seconds the answer may be held. `toSubmit` makes it a header.
    wait: { type: 'integer', min: 1, max: 60 },
  },
  toWire: ({ shape, seed, sync, outputFormat }) => ({
    aspect_ratio: shape.kind === 'ratio' ? shape.ratio : undefined,
    seed,
    output_format: outputFormat === 'jpeg' ? 'jpg' : outputFormat,
    wait: sync ? 60 : undefined,
  }),
};

/** Replicate's predictions: https://replicate.com/docs/reference/http */
export const replicateAdapter: Adapter = {
  name: 'replicate',
  baseUrl: 'https://api.replicate.com',
  env: { apiKey: 'REPLICATE_API_TOKEN', baseUrl: 'REPLICATE_BASE_URL' },
  families: [flux],
  generic: { models: [], accepts: {}, fields: 'any', toWire: () => ({}) },
  isNativeId: (id) => /^[\w.-]+\/[\w.-]+(:[0-9a-f]{64})?$/.test(id),
  interval: 500,
  retention: 60 * 60 * 1000,
  authorize: (apiKey) => ({ Authorization: `Bearer ${apiKey}` }),
  toSubmit,
  toPoll: (jobId) => ({ method: 'GET', path: `/v1/predictions/${encodeURIComponent(jobId)}` }),
  parse,
  list: {
    toRequest: ({ since, cursor = '' }) => {
      const query = new URLSearchParams({ created_after: new Date(since).toISOString(), ...(cursor && { cursor }) });
      return { method: 'GET', path: `/v1/predictions?${query}` };
    },
    parse: (body) => toList(toObject(body).results).map(parse),
    isSame,
    next: (body) => URL.parse(toText(toObject(body).next))?.searchParams.get('cursor') ?? undefined,
  },
  probe: { method: 'GET', path: '/v1/account' },
};

/** A model is called by its name; one version of it by name and digest. */
function toSubmit({ model, prompt, fields: { wait, ...fields }, webhookUrl }: NativeRequest): HttpRequest {
  const [path, version] = model.includes(':') ? ['', { version: model }] : [`/models/${model}`, {}];
  const webhook = webhookUrl === undefined ? {} : { webhook: webhookUrl, webhook_events_filter: ['completed'] };
  const body = { ...version, ...webhook, input: { ...fields, prompt } };
  const headers = wait === undefined ? {} : { headers: { Prefer: `wait=${Number(wait)}` } };
  return { method: 'POST', path: `/v1${path}/predictions`, body, ...headers };
}

const ends = { succeeded: 'completed', failed: 'failed', canceled: 'failed', aborted: 'failed' } as const;
const states = new Map<unknown, JobState>(Object.entries({ starting: 'queued', processing: 'processing', ...ends }));

/** Reads a prediction, or an error: `{ title, detail, status }`. */
function parse(body: unknown): JobSnapshot {
  const { id, status, output, error, detail, title, created_at: at, data_removed: gone, ...rest } = toObject(body);
  const message = [error, detail, title].find((text) => typeof text === 'string');
  const words = message === undefined ? {} : { message };
  if (typeof id !== 'string' || !/^\w{1,100}$/.test(id)) return { state: 'unrecognised', outputs: [], ...words };
  const state = states.get(status) ?? 'unrecognised';
  const outputs = state === 'completed' ? toList(output ?? []).flatMap(toOutput) : [];
  const { model = null, version = null, input } = rest;
  const failure = /nsfw|sensitive|flagged/i.test(message ?? '') ? 'moderated' : 'job_failed';
  return {
    ...{ id, state, outputs, ...words },
    // A run that fails may be billed for the time it took, and the answer does not say so.
    ...(state === 'failed' ? { failure, refund: 'unknown' as const } : {}),
    ...(typeof at === 'string' ? { createdAt: at } : {}),
    ...(gone === true && state === 'completed' ? { expired: true } : {}),
    ...(gone === true || !input ? {} : { inputs: { model, version, input } }),
  };
}

/** The list shows inputs until they are removed, an hour after the run. */
function isSame({ inputs }: JobSnapshot, { path, body = {} }: HttpRequest): boolean | undefined {
  if (!inputs) return undefined;
  const [model, version] = [toText(inputs.model), toText(inputs.version)];
  const isModel = body.version ? body.version === `${model}:${version}` : path === `/v1/models/${model}/predictions`;
  return isModel && isEqual(inputs.input, body.input);
}

function isEqual(received: unknown, sent: unknown): boolean {
  if (typeof sent !== 'object' || sent === null) return received === sent;
  const [inReceived, all] = [toObject(received), Object.entries(sent)];
  return Object.keys(inReceived).length === all.length && all.every(([name, one]) => isEqual(inReceived[name], one));
}

const toOutput = (file: unknown): Output[] =>
  typeof file === 'string' && /^https?:/.test(file) ? [{ url: file }] : [];
const toObject = (value: unknown): JsonObject => (typeof value === 'object' ? { ...value } : {});
const toText = (value: unknown): string => (typeof value === 'string' ? value : '');
const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** An account at Replicate, to be called with a model id. */
export const createReplicate = (options: ProviderOptions = {}): Provider => createProvider(replicateAdapter, options);
