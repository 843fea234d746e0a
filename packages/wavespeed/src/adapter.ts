import type { Adapter, HttpRequest, NativeRequest } from '@imageport/core';
import { parseRefund, toRefundRequest } from './billing.ts';
import { families, generic } from './families.ts';
import type { WavespeedModelId } from './ids.ts';
import { isSame, parseList, parseNextPage, toListRequest } from './list.ts';
import { parse } from './parse.ts';
import { parseQuote, toQuoteRequest } from './quote.ts';

const day = 24 * 60 * 60 * 1000;

/** WaveSpeedAI's HTTP API v3 as data: no account, no I/O. */
export const wavespeedAdapter: Adapter<WavespeedModelId> = {
  name: 'wavespeed',
  baseUrl: 'https://api.wavespeed.ai',
  env: { apiKey: 'WAVESPEED_API_KEY', baseUrl: 'WAVESPEED_BASE_URL' },
  families,
  catalogue: {
    load: () => import('./catalogue/index.ts').then(({ families }) => families),
    list: {
      request: { method: 'GET', path: '/api/v3/models' },
      read: (body) => import('./live/compare.ts').then(({ compareList }) => compareList(body)),
    },
  },
  generic,
  isNativeId: (id) => /^\w[\w.-]*(\/\w[\w.-]*)+$/.test(id),
  interval: 2000,
  retention: 7 * day,
  authorize: (apiKey) => ({ Authorization: `Bearer ${apiKey}` }),
  toSubmit,
  toPoll: (jobId) => ({ method: 'GET', path: `/api/v3/predictions/${encodeURIComponent(jobId)}/result` }),
  parse,
  list: { toRequest: toListRequest, parse: parseList, isSame, next: parseNextPage },
  refunds: { toRequest: toRefundRequest, parse: parseRefund },
  quote: { toRequest: toQuoteRequest, parse: parseQuote },
  probe: { method: 'GET', path: '/api/v3/balance' },
};

/** The fields stand beside the prompt, without an `input` around them; a webhook goes into the query. */
function toSubmit({ model, prompt, fields, webhookUrl }: NativeRequest): HttpRequest {
  const query = webhookUrl === undefined ? '' : `?webhook=${encodeURIComponent(webhookUrl)}`;
  return {
    method: 'POST',
    path: `/api/v3/${model}${query}`,
    body: { ...fields, ...(prompt === '' ? {} : { prompt }) },
  };
}
