import { testAdapter } from '@imageport/core/testing';
import { test } from 'vitest';
import { apiframeAdapter } from '../src/index.ts';

const id = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';
const url = `https://cdn2.apiframe.ai/images/${id}-1.png`;

const checks = testAdapter(apiframeAdapter, {
  requests: [
    {
      model: 'seedream-4',
      options: { prompt: 'a lighthouse', size: '2048*2048' },
      expected: {
        method: 'POST',
        path: '/v2/images/generate',
        body: {
          model: 'seedream-4',
          prompt: 'a lighthouse',
          seedreamParams: { size: 'custom', width: 2048, height: 2048 },
        },
      },
    },
    {
      model: 'seedream-5-lite',
      options: { prompt: 'a lighthouse', images: ['https://example.com/a.jpg'] },
      expected: {
        method: 'POST',
        path: '/v2/images/generate',
        body: {
          model: 'seedream-5-lite',
          prompt: 'a lighthouse',
          seedreamParams: { aspect_ratio: 'match_input_image', image_input: ['https://example.com/a.jpg'] },
        },
      },
    },
  ],
  answers: [
    { name: 'an accepted job', body: { jobId: id, status: 'QUEUED' }, expected: { id, state: 'queued', outputs: [] } },
    {
      name: 'a replay that says completed, which carries no picture',
      body: { jobId: id, status: 'COMPLETED' },
      expected: { id, state: 'processing', outputs: [] },
    },
    {
      name: 'a finished picture',
      body: { id, status: 'COMPLETED', progress: 100, result: { images: [url] }, error: null, creditCost: 3 },
      expected: {
        id,
        state: 'completed',
        outputs: [{ url }],
        cost: { amount: 3, currency: 'credit', source: 'reported' },
      },
    },
    {
      name: 'a refunded failure',
      body: { id, status: 'FAILED', progress: 0, error: 'No available capacity', creditCost: 0 },
      expected: { id, state: 'failed', failure: 'job_failed', refund: 'done' },
    },
    {
      name: 'a failure that was charged',
      body: { id, status: 'FAILED', progress: 0, error: 'No available capacity', creditCost: 3 },
      expected: { id, state: 'failed', failure: 'job_failed', refund: 'none' },
    },
    {
      name: 'a failure without a cost, which proves no refund',
      body: { event: 'failed', jobId: id, status: 'FAILED', error: 'content policy violation', model: 'seedream-4' },
      context: { purpose: 'webhook' },
      expected: { id, state: 'failed', failure: 'moderated', refund: 'unknown' },
    },
    {
      name: 'a job in an envelope',
      body: { data: { jobId: id, status: 'QUEUED' } },
      context: { purpose: 'submit', status: 202 },
      expected: { id, state: 'queued' },
    },
    {
      name: 'a refusal',
      body: { error: 'Invalid API key' },
      expected: { message: 'Invalid API key', state: 'unrecognised' },
    },
  ],
  pages: [
    {
      name: 'a page of its list, which shows no inputs',
      body: {
        jobs: [{ id, status: 'QUEUED', model: 'seedream-4', progress: 0, expired: false }],
        nextCursor: 'eyJpZCI6MX0=',
        hasMore: true,
      },
      same: [undefined],
      next: 'eyJpZCI6MX0=',
    },
    {
      name: 'a page with inputs, should it ever show them',
      body: {
        jobs: [
          {
            ...{ id, status: 'QUEUED' },
            input: {
              model: 'seedream-4',
              prompt: 'a lighthouse',
              seedreamParams: { size: 'custom', width: 2048, height: 2048, enhance_prompt: true },
            },
          },
          { id: 'b', status: 'QUEUED', input: { model: 'seedream-4', prompt: 'a lighthouse' } },
        ],
        nextCursor: null,
        hasMore: false,
      },
      same: [true, false],
    },
  ],
});

for (const { name, run } of checks) test(name, run);
