import { testAdapter } from '@imageport/core/testing';
import { test } from 'vitest';
import { wavespeedAdapter } from '../src/index.ts';

const id = 'e6832d4abffb4d79bfbca19783fca133';
const url = 'https://d2p7pge43lyniu.cloudfront.net/output/a.jpeg';

const record = (billing_type: string, uuid = id) => ({
  ...{ uuid: `b-${billing_type}`, billing_type, price: 0.027, created_at: '2026-03-15T10:00:00.000Z' },
  prediction: { uuid, model_uuid: 'bytedance/seedream-v4', status: 'failed' },
});

const checks = testAdapter(wavespeedAdapter, {
  requests: [
    {
      model: 'seedream-4',
      options: { prompt: 'a lighthouse', size: '2048*2048' },
      expected: {
        method: 'POST',
        path: '/api/v3/bytedance/seedream-v4',
        body: { prompt: 'a lighthouse', size: '2048*2048' },
      },
    },
    {
      model: 'dreamina-3.1',
      options: { prompt: 'a lighthouse', seed: 7, promptExpansion: false, sync: true },
      expected: {
        method: 'POST',
        path: '/api/v3/bytedance/dreamina-v3.1/text-to-image',
        body: { prompt: 'a lighthouse', seed: 7, enable_prompt_expansion: false, enable_sync_mode: true },
      },
    },
  ],
  answers: [
    {
      name: 'an accepted task',
      body: { code: 200, message: 'success', data: { id, status: 'created', outputs: [], error: '' } },
      expected: { id, state: 'queued', outputs: [] },
    },
    {
      name: 'a finished picture',
      body: { code: 200, data: { id, status: 'completed', outputs: [url], has_nsfw_contents: [false] } },
      expected: { id, state: 'completed', outputs: [{ url, flagged: false }] },
    },
    {
      name: 'a moderated task',
      body: { code: 200, data: { id, status: 'failed', code: 1200, error: 'sensitive content', outputs: [] } },
      expected: { id, state: 'failed', failure: 'moderated', refund: 'pending' },
    },
    {
      name: 'a deleted task, of which no page promises a refund',
      body: { code: 200, data: { id, status: 'deleted', outputs: [] } },
      expected: { id, state: 'failed', refund: 'unknown' },
    },
    {
      name: 'a task in an envelope of its own',
      body: { code: 200, data: { data: { id, status: 'created' } } },
      context: { purpose: 'submit', status: 200 },
      expected: { id, state: 'queued' },
    },
    {
      name: 'an error that mentions an id',
      body: { code: 500, message: 'internal error', data: { data: { id } } },
      context: { purpose: 'submit', status: 500 },
      expected: { message: 'internal error', state: 'unrecognised' },
    },
    {
      name: 'a refusal',
      body: { code: 401, message: 'invalid authentication' },
      expected: { message: 'invalid authentication', code: 401, state: 'unrecognised' },
    },
  ],
  pages: [
    {
      name: 'a page of its list',
      body: {
        code: 200,
        data: {
          page: 1,
          total: 5,
          items: [
            { id: 'b', status: 'processing', input: { prompt: 'another', size: '2048*2048' } },
            { id, status: 'created', input: { prompt: 'a lighthouse', size: '2048*2048', enable_sync_mode: false } },
            { id: 'c', status: 'completed' },
          ],
        },
      },
      same: [false, true, undefined],
      next: '2',
    },
    { name: 'a page after the last', body: { code: 200, data: { page: 3, total: 5, items: [] } }, same: [] },
  ],
  quotes: [
    {
      name: 'a price with a discount',
      body: { code: 200, data: { model_id: 'm', price: 0.09, discounted_price: 0.081, currency: 'USD' } },
      expected: { amount: 0.081, currency: 'USD', source: 'quoted' },
    },
    { name: 'a refusal to quote', body: { code: 400, message: 'no such model' }, expected: undefined },
  ],
  refunds: [
    {
      name: 'a deduction and its refund',
      jobId: id,
      body: { code: 200, data: { page: 1, total: 2, items: [record('refund'), record('deduct')] } },
      expected: 'done',
    },
    {
      name: 'a deduction that stands',
      jobId: id,
      body: { code: 200, data: { page: 1, total: 1, items: [record('deduct')] } },
      expected: 'pending',
    },
  ],
});

for (const { name, run } of checks) test(name, run);
