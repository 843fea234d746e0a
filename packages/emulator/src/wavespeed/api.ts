import type { HostApi } from '../http/endpoint.ts';
import { balance, price, pricing, webhookSecret } from './account.ts';
import { searchBillings } from './billing.ts';
import { failure } from './envelope.ts';
import { listModels } from './models.ts';
import { list, remove, result } from './predictions.ts';
import { submit } from './submit.ts';
import { uploadBinary, uploadTicket } from './uploads.ts';

/** WaveSpeedAI, API v3. The submit comes last: it takes every other path for a model id. */
export const wavespeedApi: HostApi = {
  endpoints: [
    { method: 'GET', path: /^\/api\/v3\/predictions\/([^/]+)(?:\/result)?$/, kind: 'poll', handle: result },
    { method: 'POST', path: /^\/api\/v3\/predictions$/, kind: 'list', handle: list },
    { method: 'POST', path: /^\/api\/v3\/predictions\/delete$/, kind: 'delete', handle: remove },
    { method: 'GET', path: /^\/api\/v3\/balance$/, kind: 'balance', handle: balance },
    { method: 'POST', path: /^\/api\/v3\/billings\/search$/, kind: 'billing', handle: searchBillings },
    { method: 'POST', path: /^\/api\/v3\/model\/price$/, kind: 'price', handle: price },
    { method: 'POST', path: /^\/api\/v3\/model\/pricing$/, kind: 'price', handle: pricing },
    { method: 'GET', path: /^\/api\/v3\/models$/, kind: 'models', handle: listModels },
    { method: 'POST', path: /^\/api\/v3\/media\/upload\/binary$/, kind: 'upload', handle: uploadBinary },
    { method: 'POST', path: /^\/api\/v3\/media\/uploads$/, kind: 'upload', handle: uploadTicket },
    { method: 'GET', path: /^\/api\/v3\/webhook\/secret$/, kind: 'secret', handle: webhookSecret },
    { method: 'POST', path: /^\/api\/v3\/(.+)$/, kind: 'submit', handle: submit },
  ],
  authenticate: ({ headers }, keys) => {
    const [, key = ''] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    return keys.includes(key) ? key : failure(401, 'invalid authentication');
  },
  notFound: (path) => failure(404, `no such endpoint: ${path}`),
};
