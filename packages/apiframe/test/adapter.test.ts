import type { JsonObject } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { apiframeAdapter } from '../src/adapter.ts';
import { toHttp } from './to-http.ts';

const { list, upload } = apiframeAdapter;
const id = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

test('says where the account comes from, how patient to be and how to repeat safely', () => {
  expect(apiframeAdapter).toMatchObject({
    name: 'apiframe',
    env: { apiKey: 'APIFRAME_API_KEY', baseUrl: 'APIFRAME_BASE_URL' },
    interval: 2500,
    retention: 86_400_000,
    idempotency: { header: 'Idempotency-Key', lifetime: 86_400_000 },
    probe: { method: 'GET', path: '/v2/me' },
  });
  expect(upload).toMatchObject({ path: '/v2/uploads', field: 'file' });
});

test('a job is polled by id, which cannot leave its place in the path', () => {
  expect(apiframeAdapter.toPoll(id)).toEqual({ method: 'GET', path: `/v2/jobs/${id}` });
  expect(apiframeAdapter.toPoll('a/b?c#d').path).toBe('/v2/jobs/a%2Fb%3Fc%23d');
});

describe('the list of recent jobs', () => {
  test('is asked for one model, a hundred at most', () => {
    const query = { model: 'seedream-3.1', since: 0, limit: 500 };
    expect(list?.toRequest(query)).toEqual({ method: 'GET', path: '/v2/jobs?limit=100&model=seedream-3.1' });
  });

  test('gives one snapshot for each job', () => {
    const body = {
      jobs: [{ id, status: 'QUEUED', creditCost: null, expired: false }, 5],
      nextCursor: null,
      hasMore: false,
    };
    expect(list?.parse(body)).toEqual([
      { id, state: 'queued', nativeStatus: 'QUEUED', outputs: [], expired: false },
      { state: 'unrecognised', outputs: [] },
    ]);
  });

  test.each([undefined, null, [], {}, { jobs: null }, { jobs: 'x' }])('%o is an empty list', (body) => {
    expect(list?.parse(body)).toEqual([]);
  });

  test.each([
    [{ hasMore: true, nextCursor: 'eyJpZCI6MX0=' }, 'eyJpZCI6MX0='],
    [{ hasMore: false, nextCursor: 'eyJpZCI6MX0=' }, undefined],
    [{ hasMore: true, nextCursor: null }, undefined],
    [{}, undefined],
  ])('a page with %j is followed by the one at %s', (page, cursor) => {
    expect(list?.next?.({ jobs: [], ...page })).toBe(cursor);
  });

  test('a later page is asked for by its cursor', () => {
    const query = { since: 0, limit: 50, cursor: 'a=b&c' };
    expect(list?.toRequest(query).path).toBe('/v2/jobs?limit=50&cursor=a%3Db%26c');
  });

  test('may be used to poll many jobs at once', () => expect(list?.bulk).toBe(true));

  const options = { prompt: 'x', resolution: '2K', webhookUrl: 'https://app.example/hook' } as const;
  const submitted = toHttp('seedream-4', options);
  const same = { model: 'seedream-4', prompt: 'x', seedreamParams: { size: '2K' } };

  test.each<[string, JsonObject | undefined, boolean | undefined]>([
    ['the same request', same, true],
    [
      'the same request and defaults of the host',
      { ...same, seedreamParams: { size: '2K', enhance_prompt: true } },
      true,
    ],
    ['another prompt', { ...same, prompt: 'y' }, false],
    ['another model', { ...same, model: 'seedream-4.5' }, false],
    ['another size', { ...same, seedreamParams: { size: '4K' } }, false],
    ['no params', { model: 'seedream-4', prompt: 'x' }, false],
    ['no inputs, as the list is documented, cannot be decided', undefined, undefined],
  ])('a job with %s', (_, inputs, expected) => {
    const listed = { id, state: 'queued' as const, outputs: [], ...(inputs ? { inputs } : {}) };
    expect(list?.isSame(listed, submitted)).toBe(expected);
  });
});
