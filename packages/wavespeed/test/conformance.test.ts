import { testAdapter } from '@imageport/core/testing';
import { test } from 'vitest';
import { wavespeedAdapter } from '../src/index.ts';

const id = 'e6832d4abffb4d79bfbca19783fca133';
const url = 'https://d2p7pge43lyniu.cloudfront.net/output/a.jpeg';

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
      name: 'a refusal',
      body: { code: 401, message: 'invalid authentication' },
      expected: { message: 'invalid authentication', code: 401, state: 'unrecognised' },
    },
  ],
});

for (const { name, run } of checks) test(name, run);
