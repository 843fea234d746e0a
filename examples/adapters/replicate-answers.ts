import type { NativeFields } from '@imageport/core';
import type { AdapterFixtures } from '@imageport/core/testing';

declare module '@imageport/core' {
  interface KnownHosts {
    replicate: NativeFields;
  }
}

/** Answers as https://replicate.com/docs/reference/http shows them. */
const id = 'gm3qorzdhgbfurvjtvhg6dckhu';
const url = 'https://replicate.delivery/xezq/tSe1Iqp3rlWyDqkB/out-0.webp';
const prediction = {
  id,
  model: 'black-forest-labs/flux-schnell',
  version: 'c846a69991daf4c0e5d016514849d14ee5b2e6846ce6b9d6f21369e564cfe51e',
  input: { prompt: 'a lighthouse', aspect_ratio: '16:9', seed: 7 },
  logs: '',
  output: null,
  data_removed: false,
  error: null,
  source: 'api',
  status: 'starting',
  created_at: '2026-03-15T16:19:34.765994Z',
  metrics: {},
  urls: {
    get: `https://api.replicate.com/v1/predictions/${id}`,
    cancel: `https://api.replicate.com/v1/predictions/${id}/cancel`,
  },
};
const { model, version, input, created_at: createdAt } = prediction;
const inputs = { model, version, input };

export const replicateFixtures: AdapterFixtures = {
  requests: [
    {
      model: 'flux-schnell',
      options: { prompt: 'a lighthouse', aspectRatio: '16:9', seed: 7 },
      expected: {
        method: 'POST',
        path: '/v1/models/black-forest-labs/flux-schnell/predictions',
        body: { input: { prompt: 'a lighthouse', aspect_ratio: '16:9', seed: 7 } },
      },
    },
    {
      model: 'flux-schnell',
      options: { prompt: 'a lighthouse', sync: true, outputFormat: 'jpeg', webhookUrl: 'https://app.example/hook' },
      expected: {
        method: 'POST',
        path: '/v1/models/black-forest-labs/flux-schnell/predictions',
        body: {
          input: { prompt: 'a lighthouse', output_format: 'jpg' },
          webhook: 'https://app.example/hook',
          webhook_events_filter: ['completed'],
        },
        headers: { Prefer: 'wait=60' },
      },
    },
    {
      model: `replicate/hello-world:${version}`,
      options: { prompt: 'Alice', providerOptions: { replicate: { text: 'Alice' } } },
      expected: {
        method: 'POST',
        path: '/v1/predictions',
        body: { version: `replicate/hello-world:${version}`, input: { text: 'Alice', prompt: 'Alice' } },
      },
    },
  ],
  answers: [
    {
      name: 'an accepted prediction',
      body: prediction,
      context: { purpose: 'submit', status: 201 },
      expected: { id, state: 'queued', outputs: [], inputs, createdAt },
    },
    {
      name: 'a prediction whose output stands while it still runs',
      body: { ...prediction, status: 'processing', output: [url] },
      expected: { id, state: 'processing', outputs: [] },
    },
    {
      name: 'a list of files',
      body: { ...prediction, status: 'succeeded', output: [url], metrics: { predict_time: 0.45 } },
      expected: { id, state: 'completed', outputs: [{ url }] },
    },
    {
      name: 'a single file',
      body: { ...prediction, status: 'succeeded', output: url },
      expected: { id, state: 'completed', outputs: [{ url }] },
    },
    {
      name: 'a success whose data were removed',
      body: { ...prediction, status: 'succeeded', input: {}, data_removed: true },
      expected: { id, state: 'completed', outputs: [], expired: true },
    },
    {
      name: 'a failure, of which no page says that it is refunded',
      body: { ...prediction, status: 'failed', error: 'CUDA out of memory' },
      expected: { id, state: 'failed', failure: 'job_failed', refund: 'unknown', message: 'CUDA out of memory' },
    },
    {
      name: 'a flagged prompt',
      body: { ...prediction, status: 'failed', error: 'The input or output was flagged as sensitive. (E005)' },
      expected: { id, state: 'failed', failure: 'moderated', refund: 'unknown' },
    },
    {
      name: 'a canceled prediction',
      body: { ...prediction, status: 'canceled' },
      expected: { id, state: 'failed', refund: 'unknown' },
    },
    {
      name: 'a prediction that ran out of time before it started',
      body: { ...prediction, status: 'aborted' },
      expected: { id, state: 'failed', refund: 'unknown' },
    },
    {
      name: 'a status that is not known',
      body: { ...prediction, status: 'paused' },
      expected: { id, state: 'unrecognised' },
    },
    {
      name: 'a refused key',
      body: { title: 'Unauthenticated', detail: 'You did not pass an authentication token', status: 401 },
      context: { purpose: 'submit', status: 401 },
      expected: { state: 'unrecognised', message: 'You did not pass an authentication token' },
    },
  ],
  polls: [{ jobId: id, expected: { method: 'GET', path: `/v1/predictions/${id}` } }],
  pages: [
    {
      name: 'a page of the list',
      body: {
        next: 'https://api.replicate.com/v1/predictions?cursor=cD0yMDI0LTA2LTA2KzIyJTNBNDElM0E0Mg%3D%3D',
        previous: null,
        results: [
          prediction,
          { ...prediction, id: 'b', input: { ...input, prompt: 'another' } },
          { ...prediction, id: 'c', model: 'black-forest-labs/flux-dev' },
          { ...prediction, id: 'd', input: {}, status: 'succeeded', data_removed: true },
        ],
      },
      same: [true, false, false, undefined],
      next: 'cD0yMDI0LTA2LTA2KzIyJTNBNDElM0E0Mg==',
    },
    { name: 'the last page', body: { next: null, previous: null, results: [] }, same: [] },
  ],
};
