import type { NativeFields } from '@imageport/core';
import type { AdapterFixtures } from '@imageport/core/testing';

declare module '@imageport/core' {
  interface KnownHosts {
    fal: NativeFields;
  }
}

/** Answers as fal's pages and its client's types show them; the address of a result has had both endings. */
const request = '764cabcf-b745-4b3e-ae38-1200304cf45b';
const id = `fal-ai~flux~${request}`;
const address = `https://queue.fal.run/fal-ai/flux/requests/${request}`;
const ticket = {
  status: 'IN_QUEUE',
  request_id: request,
  response_url: address,
  status_url: `${address}/status`,
  cancel_url: `${address}/cancel`,
};
const url = 'https://v3.fal.media/files/rabbit/a.jpeg';
const poll = { purpose: 'poll', jobId: id } as const;
const result = { method: 'GET', path: `/fal-ai/flux/requests/${request}` } as const;
const status = { method: 'GET', path: `/fal-ai/flux/requests/${request}/status` } as const;

export const falFixtures: AdapterFixtures = {
  requests: [
    {
      model: 'flux-schnell',
      options: { prompt: 'a lighthouse', size: '1024*768', seed: 7, webhookUrl: 'https://app.example/hook?a=b' },
      expected: {
        method: 'POST',
        path: '/fal-ai/flux/schnell?fal_webhook=https%3A%2F%2Fapp.example%2Fhook%3Fa%3Db',
        body: { prompt: 'a lighthouse', image_size: { width: 1024, height: 768 }, seed: 7 },
      },
    },
    {
      model: 'fal-ai/flux-lora',
      options: {
        prompt: 'a lighthouse',
        providerOptions: { fal: { loras: [{ path: 'https://example.com/a.safetensors', scale: 0.8 }] } },
      },
      expected: {
        method: 'POST',
        path: '/fal-ai/flux-lora',
        body: { prompt: 'a lighthouse', loras: [{ path: 'https://example.com/a.safetensors', scale: 0.8 }] },
      },
    },
  ],
  answers: [
    {
      name: 'an accepted request',
      body: { ...ticket, queue_position: 0 },
      context: { purpose: 'submit', status: 200 },
      expected: { id, state: 'queued', outputs: [] },
    },
    {
      name: 'an accepted request as the newer pages show it',
      body: {
        request_id: request,
        response_url: `https://queue.fal.run/fal-ai/flux/schnell/requests/${request}/response`,
        queue_position: 0,
      },
      context: { purpose: 'submit', status: 200 },
      expected: { id: `fal-ai~flux~schnell~${request}`, state: 'queued', outputs: [] },
    },
    {
      name: 'a request under way',
      body: { ...ticket, status: 'IN_PROGRESS', logs: [] },
      context: { ...poll, status: 202 },
      expected: { id, state: 'processing', outputs: [] },
    },
    {
      name: 'a request that has ended, well or not',
      body: { ...ticket, status: 'COMPLETED', logs: [], metrics: { inference_time: 3.42 } },
      context: { ...poll, status: 200 },
      expected: { id, state: 'processing', more: true, outputs: [] },
    },
    {
      name: 'a request that is reported as failed: the result says why',
      body: { ...ticket, status: 'COMPLETED', error: 'Request timed out', error_type: 'request_timeout' },
      context: { ...poll, status: 200 },
      expected: { id, state: 'processing', more: true },
    },
    {
      name: 'a status that is not known',
      body: { ...ticket, status: 'PAUSED' },
      context: { ...poll, status: 200 },
      expected: { id, state: 'unrecognised' },
    },
    {
      name: 'a result, which carries neither id nor status',
      body: {
        images: [{ url, width: 1024, height: 768, content_type: 'image/jpeg' }],
        timings: { inference: 0.45 },
        seed: 7,
        has_nsfw_concepts: [false],
        prompt: 'a lighthouse',
      },
      context: { ...poll, status: 200 },
      expected: { id, state: 'completed', outputs: [{ url }] },
    },
    {
      name: 'a flagged picture beside another',
      body: { images: [{ url }, { url: `${url}2` }], has_nsfw_concepts: [false, true] },
      context: { ...poll, status: 200 },
      expected: { id, state: 'completed', outputs: [{ url }, { url: `${url}2`, flagged: true }] },
    },
    {
      name: 'a refused prompt, which may have been charged',
      body: { detail: [{ loc: ['body', 'prompt'], msg: 'Content flagged', type: 'content_policy_violation' }] },
      context: { ...poll, status: 422 },
      expected: { id, state: 'failed', failure: 'moderated', refund: 'unknown', message: 'Content flagged' },
    },
    {
      name: 'a refused field',
      body: { detail: [{ loc: ['body', 'seed'], msg: 'Input should be a valid integer', type: 'int_parsing' }] },
      context: { ...poll, status: 422 },
      expected: { id, state: 'failed', failure: 'invalid_request', refund: 'unknown' },
    },
    {
      name: 'a runner that broke, which is never charged',
      body: { detail: 'Runner disconnected', error_type: 'runner_disconnected' },
      context: { ...poll, status: 503 },
      expected: { id, state: 'failed', failure: 'job_failed', refund: 'pending', message: 'Runner disconnected' },
    },
    {
      name: 'a cancelled request',
      body: { detail: 'Cancelled', error_type: 'client_cancelled' },
      context: { ...poll, status: 499 },
      expected: { id, state: 'failed', failure: 'job_failed', refund: 'unknown' },
    },
    {
      name: 'a result of an unknown kind',
      body: { video: { url: 'https://v3.fal.media/a.mp4' } },
      context: { ...poll, status: 200 },
      expected: { state: 'unrecognised', outputs: [] },
    },
    {
      name: 'a poll with a bad key',
      body: { detail: 'invalid key credentials' },
      context: { ...poll, status: 401 },
      expected: { state: 'unrecognised', message: 'invalid key credentials' },
    },
    {
      name: 'a poll too many',
      body: { detail: [{ loc: ['header'], msg: 'too many', type: 'concurrent_requests_limit' }] },
      context: { ...poll, status: 429 },
      expected: { state: 'unrecognised', message: 'too many' },
    },
    {
      name: 'a refused submit',
      body: { detail: [{ loc: ['body'], msg: 'Field required', type: 'missing' }] },
      context: { purpose: 'submit', status: 422 },
      expected: { state: 'unrecognised', message: 'Field required' },
    },
  ],
  polls: [
    { jobId: id, expected: status },
    { jobId: id, last: { id, state: 'processing', outputs: [] }, expected: status },
    { jobId: id, last: { id, state: 'processing', more: true, outputs: [] }, expected: result },
    { jobId: id, last: { id, state: 'failed', outputs: [] }, expected: result },
  ],
};
