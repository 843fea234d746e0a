import type { Adapter, HttpRequest, JobSnapshot, Json, NativeRequest } from '@imageport/core';
import type { ApiframeModelId } from './catalogue/ids.ts';
import { families, generic } from './families.ts';
import { parse, parseCursor, parseList, parseUpload } from './parse.ts';

const day = 24 * 60 * 60 * 1000;

/** Apiframe's HTTP API v2 as data: no account, no I/O. */
export const apiframeAdapter: Adapter<ApiframeModelId> = {
  name: 'apiframe',
  baseUrl: 'https://api.apiframe.ai',
  env: { apiKey: 'APIFRAME_API_KEY', baseUrl: 'APIFRAME_BASE_URL' },
  families,
  catalogue: {
    load: () => import('./catalogue/index.ts').then(({ catalogue }) => catalogue),
    list: {
      request: { method: 'GET', path: '/v2/openapi.json' },
      open: true,
      read: (body) => import('./live/compare.ts').then(({ compareDocument }) => compareDocument(body)),
    },
  },
  generic,
  isNativeId: (id) => /^[a-z0-9][a-z0-9.-]*$/.test(id),
  interval: 2500,
  // The shortest of the three lengths that the host's pages name.
  retention: day,
  idempotency: { header: 'Idempotency-Key', lifetime: day },
  authorize: (apiKey) => ({ 'X-API-Key': apiKey }),
  toSubmit,
  toPoll: (jobId) => ({ method: 'GET', path: `/v2/jobs/${encodeURIComponent(jobId)}` }),
  parse,
  list: {
    toRequest: ({ model, limit, cursor }) => ({
      method: 'GET',
      path: `/v2/jobs?limit=${Math.min(limit, 100)}${toQuery('model', model)}${toQuery('cursor', cursor)}`,
    }),
    parse: parseList,
    isSame,
    next: parseCursor,
    bulk: true,
  },
  upload: { path: '/v2/uploads', field: 'file', parse: parseUpload },
  probe: { method: 'GET', path: '/v2/me' },
};

const toQuery = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `&${name}=${encodeURIComponent(value)}`;

/** Actions on a Midjourney job: the job says which model it is. */
const actions = '/v2/images/midjourney/action';

/**
 * The host refuses fields in the wrong place: a model's row names its operation and the object that its fields go into. Those of
 * other ids say themselves where they go.
 */
function toSubmit({ model, prompt, fields, webhookUrl, endpoint = {} }: NativeRequest): HttpRequest {
  const { path = '/v2/images/generate', params } = endpoint;
  const webhook = webhookUrl === undefined ? {} : { webhookUrl, webhookEvents: ['completed', 'failed'] };
  const own = params === undefined ? fields : Object.keys(fields).length === 0 ? {} : { [params]: fields };
  const named = path === actions ? {} : { model, ...(prompt === '' ? {} : { prompt }) };
  return { method: 'POST', path, body: { ...own, ...named, ...webhook } };
}

/** A list entry has no inputs today, so the job itself must be asked: only there the request stands as received. */
function isSame({ inputs }: JobSnapshot, { body }: HttpRequest): boolean | undefined {
  if (inputs === undefined || body === undefined) return undefined;
  const { webhookUrl: _url, webhookEvents: _events, ...sent } = body;
  return holds(inputs, sent);
}

function holds(received: Json | undefined, sent: Json | undefined): boolean {
  if (typeof sent !== 'object' || sent === null) return received === sent;
  if (typeof received !== 'object' || received === null) return false;
  if (Array.isArray(sent) && !(Array.isArray(received) && received.length === sent.length)) return false;
  const inReceived = new Map<string, Json>(Object.entries(received));
  return Object.entries(sent).every(([name, value]) => holds(inReceived.get(name), value));
}
