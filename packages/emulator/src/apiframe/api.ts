import type { HostApi } from '../http/endpoint.ts';
import { json } from '../http/message.ts';
import { listModels, me, upload } from './account.ts';
import { getJob, listJobs } from './jobs.ts';
import { openapi } from './openapi.ts';
import { submitTo } from './submit.ts';

/** Apiframe, API v2. */
export const apiframeApi: HostApi = {
  endpoints: [
    { method: 'POST', path: /^\/v2\/images\/generate$/, kind: 'submit', handle: submitTo('generate') },
    { method: 'POST', path: /^\/v2\/images\/edit$/, kind: 'submit', handle: submitTo('edit') },
    { method: 'POST', path: /^\/v2\/images\/upscale$/, kind: 'submit', handle: submitTo('upscale') },
    {
      method: 'POST',
      path: /^\/v2\/images\/background-remove$/,
      kind: 'submit',
      handle: submitTo('background-remove'),
    },
    {
      method: 'POST',
      path: /^\/v2\/images\/midjourney\/action$/,
      kind: 'submit',
      handle: submitTo('midjourney-action'),
    },
    { method: 'GET', path: /^\/v2\/jobs\/([^/]+)$/, kind: 'poll', handle: getJob },
    { method: 'GET', path: /^\/v2\/jobs$/, kind: 'list', handle: listJobs },
    { method: 'GET', path: /^\/v2\/me$/, kind: 'balance', handle: me },
    { method: 'GET', path: /^\/v2\/models$/, kind: 'models', open: true, handle: listModels },
    { method: 'GET', path: /^\/v2\/openapi\.json$/, kind: 'models', open: true, handle: openapi },
    { method: 'POST', path: /^\/v2\/uploads$/, kind: 'upload', handle: upload },
  ],
  authenticate: ({ headers }, keys) => {
    const key = headers['x-api-key'];
    if (key === undefined || key === '') return json(401, { error: 'API key is required' });
    return keys.includes(key) ? key : json(401, { error: 'Invalid API key' });
  },
  notFound: () => json(404, { error: 'Not found' }),
};
