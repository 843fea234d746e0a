import type { JsonObject } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { wavespeedAdapter } from '../src/adapter.ts';
import { toHttp } from './to-http.ts';

const { list } = wavespeedAdapter;
const id = 'e6832d4abffb4d79bfbca19783fca133';

test('says where the account comes from and how patient to be', () => {
  expect(wavespeedAdapter).toMatchObject({
    name: 'wavespeed',
    env: { apiKey: 'WAVESPEED_API_KEY', baseUrl: 'WAVESPEED_BASE_URL' },
    interval: 2000,
    retention: 604_800_000,
    probe: { method: 'GET', path: '/api/v3/balance' },
  });
  expect(wavespeedAdapter).not.toHaveProperty('idempotency');
});

test('a strange job id cannot leave its place in the path', () => {
  expect(wavespeedAdapter.toPoll('a/b?c#d').path).toBe('/api/v3/predictions/a%2Fb%3Fc%23d/result');
});

describe('the list of recent jobs', () => {
  test('is asked for one model, since a moment, with inputs, a hundred at most', () => {
    expect(list?.toRequest({ model: 'bytedance/seedream-v4', since: 1_700_000_000_000, limit: 500 })).toEqual({
      method: 'POST',
      path: '/api/v3/predictions',
      body: {
        page: 1,
        page_size: 100,
        model: 'bytedance/seedream-v4',
        created_after: '2023-11-14T22:13:20.000Z',
        include_inputs: true,
      },
    });
  });

  test('gives one snapshot for each item', () => {
    const items = [
      { id, status: 'processing', input: { prompt: 'x' } },
      null,
      { id: 'b', status: 'failed', code: 1200 },
    ];
    expect(list?.parse({ code: 200, message: 'success', data: { page: 1, items } })).toEqual([
      { id, state: 'processing', nativeStatus: 'processing', outputs: [], inputs: { prompt: 'x' } },
      { state: 'unrecognised', outputs: [] },
      { id: 'b', state: 'failed', nativeStatus: 'failed', failure: 'moderated', refund: 'pending', outputs: [] },
    ]);
  });

  test.each([undefined, null, [], {}, { data: null }, { data: { items: 'x' } }])('%o is an empty list', (body) => {
    expect(list?.parse(body)).toEqual([]);
  });

  const images = ['https://example.com/a.png', 'https://example.com/b.png'];
  const submitted = toHttp('seedream-4', { prompt: 'x', size: '2048*2048', images });
  const same = { prompt: 'x', size: '2048*2048', images };

  test.each<[string, JsonObject | undefined, boolean]>([
    ['the same fields', same, true],
    ['the same fields and defaults of the host', { ...same, enable_sync_mode: false }, true],
    ['another prompt', { ...same, prompt: 'y' }, false],
    ['a field less', { prompt: 'x', images }, false],
    ['pictures in another order', { ...same, images: [...images].reverse() }, false],
    ['a picture more', { ...same, images: [...images, 'https://example.com/c.png'] }, false],
    ['pictures of another kind', { ...same, images: 'https://example.com/a.png' }, false],
    ['no inputs', undefined, false],
  ])('a job with %s', (_, inputs, expected) => {
    const listed = { id, state: 'queued' as const, outputs: [], ...(inputs ? { inputs } : {}) };
    expect(list?.isSame(listed, submitted)).toBe(expected);
  });
});
