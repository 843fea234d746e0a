import type { Adapter, HttpRequest, JobSnapshot, Json, NativeRequest } from '@imageport/core';
import { families, generic } from './families.ts';
import { parse, parseList, parseNextPage } from './parse.ts';

const day = 24 * 60 * 60 * 1000;

/** WaveSpeedAI's HTTP API v3 as data: no account, no I/O. */
export const wavespeedAdapter: Adapter = {
  name: 'wavespeed',
  baseUrl: 'https://api.wavespeed.ai',
  env: { apiKey: 'WAVESPEED_API_KEY', baseUrl: 'WAVESPEED_BASE_URL' },
  families,
  generic,
  isNativeId: (id) => /^\w[\w.-]*(\/\w[\w.-]*)+$/.test(id),
  interval: 2000,
  retention: 7 * day,
  authorize: (apiKey) => ({ Authorization: `Bearer ${apiKey}` }),
  toSubmit,
  toPoll: (jobId) => ({ method: 'GET', path: `/api/v3/predictions/${encodeURIComponent(jobId)}/result` }),
  parse,
  list: {
    toRequest: ({ model, since, limit, cursor = '1' }) => ({
      method: 'POST',
      path: '/api/v3/predictions',
      body: {
        page: Number(cursor),
        page_size: Math.min(limit, 100),
        ...(model === undefined ? {} : { model }),
        created_after: new Date(since).toISOString(),
        include_inputs: true,
      },
    }),
    parse: parseList,
    isSame,
    next: parseNextPage,
  },
  probe: { method: 'GET', path: '/api/v3/balance' },
};

/** The fields stand beside the prompt, without an `input` around them; a webhook goes into the query. */
function toSubmit({ model, prompt, fields, webhookUrl }: NativeRequest): HttpRequest {
  const query = webhookUrl === undefined ? '' : `?webhook=${encodeURIComponent(webhookUrl)}`;
  return { method: 'POST', path: `/api/v3/${model}${query}`, body: { ...fields, prompt } };
}

/** The host may have added defaults to what it received, but must have every field that was sent. */
function isSame({ inputs }: JobSnapshot, { body }: HttpRequest): boolean {
  return inputs !== undefined && body !== undefined && holds(inputs, body);
}

function holds(received: Json | undefined, sent: Json | undefined): boolean {
  if (typeof sent !== 'object' || sent === null) return received === sent;
  if (typeof received !== 'object' || received === null) return false;
  if (Array.isArray(sent) && !(Array.isArray(received) && received.length === sent.length)) return false;
  const inReceived = new Map<string, Json>(Object.entries(received));
  return Object.entries(sent).every(([name, value]) => holds(inReceived.get(name), value));
}
