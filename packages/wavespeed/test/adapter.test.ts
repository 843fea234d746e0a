import type { JsonObject } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { wavespeedAdapter } from '../src/adapter.ts';
import { toHttp } from './to-http.ts';

const { list, refunds } = wavespeedAdapter;
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

  test.each<[string, object, string | undefined]>([
    ['a full first page', { page: 1, total: 250, items: Array(100).fill({}) }, '2'],
    ['a later page', { page: 2, total: 250, items: Array(100).fill({}) }, '3'],
    ['a page that holds everything', { page: 1, total: 3, items: [{}, {}, {}] }, undefined],
    ['a full last page', { page: 2, total: 200, items: Array(100).fill({}) }, undefined],
    ['a page of an answer without a total', { page: 1, items: [{}] }, '2'],
    ['an empty page', { page: 4, items: [] }, undefined],
    ['a page without a number', { items: [{}] }, undefined],
    ['a page with half a number', { page: 1.5, items: [{}] }, undefined],
  ])('after %s comes page %s', (_, data, cursor) => {
    expect(list?.next?.({ code: 200, data })).toBe(cursor);
  });

  test('a later page is asked for by its number', () => {
    expect(list?.toRequest({ since: 0, limit: 100, cursor: '3' }).body).toMatchObject({ page: 3, page_size: 100 });
  });

  test('is not meant for polling', () => expect(list).not.toHaveProperty('bulk'));

  const images = ['https://example.com/a.png', 'https://example.com/b.png'];
  const submitted = toHttp('seedream-4', { prompt: 'x', size: '2048*2048', images });
  const same = { prompt: 'x', size: '2048*2048', images };

  test.each<[string, JsonObject | undefined, boolean | undefined]>([
    ['the same fields', same, true],
    ['the same fields and defaults of the host', { ...same, enable_sync_mode: false }, true],
    ['another prompt', { ...same, prompt: 'y' }, false],
    ['a field less', { prompt: 'x', images }, false],
    ['pictures in another order', { ...same, images: [...images].reverse() }, false],
    ['a picture more', { ...same, images: [...images, 'https://example.com/c.png'] }, false],
    ['pictures of another kind', { ...same, images: 'https://example.com/a.png' }, false],
    ['no inputs, of which nothing can be said', undefined, undefined],
  ])('a job with %s', (_, inputs, expected) => {
    const listed = { id, state: 'queued' as const, outputs: [], ...(inputs ? { inputs } : {}) };
    expect(list?.isSame(listed, submitted)).toBe(expected);
  });
});

describe('billing records', () => {
  const record = (billing_type: string, price: unknown, status = 'failed', uuid = id) => ({
    ...{ uuid: 'b1', billing_type, price, order: { uuid: 'o1', state: 'done', price } },
    prediction: { uuid, model_uuid: 'bytedance/seedream-v4', status },
  });
  const answer = (...items: unknown[]): unknown => ({
    code: 200,
    message: 'success',
    data: { page: 1, total: items.length, items },
  });

  test('are asked for by the id of the task', () => {
    expect(refunds?.toRequest(id)).toEqual({
      method: 'POST',
      path: '/api/v3/billings/search',
      body: { page: 1, page_size: 100, prediction_uuids: [id] },
    });
  });

  test.each<[string, unknown, string]>([
    ['a deduction and its refund', answer(record('deduct', 0.027), record('refund', 0.027)), 'done'],
    ['a refund written as a negative price', answer(record('deduct', 0.027), record('refund', -0.027)), 'done'],
    [
      'a refund in parts',
      answer(record('deduct', 0.3), record('refund', 0.1), record('refund', 0.1), record('refund', 0.1)),
      'done',
    ],
    ['a deduction of nothing', answer(record('deduct', 0)), 'done'],
    ['a deduction of a failed task', answer(record('deduct', 0.027)), 'pending'],
    ['half a refund of a failed task', answer(record('deduct', 0.04), record('refund', 0.02)), 'pending'],
    ['a deduction of a cancelled task', answer(record('deduct', 0.027, 'cancelled')), 'unknown'],
    ['a deduction of a deleted task', answer(record('deduct', 0.027, 'deleted')), 'unknown'],
    ['no record yet', answer(), 'unknown'],
    ['a refund before its deduction', answer(record('refund', 0.027)), 'unknown'],
    ['a kind of record that is not known', answer(record('deduct', 0.027), record('adjust', 0.027)), 'unknown'],
    ['a price that is none', answer(record('deduct', '0.027'), record('refund', null)), 'unknown'],
    [
      'records of another task',
      answer(record('deduct', 0.027), record('refund', 0.027, 'failed', 'another')),
      'unknown',
    ],
    ['more records than are shown', { code: 200, data: { total: 3, items: [record('deduct', 0)] } }, 'unknown'],
    ['a refusal', { code: 401, message: 'invalid authentication' }, 'unknown'],
    ['an error beside records', { ...(answer(record('deduct', 0)) as object), code: 500 }, 'unknown'],
    ['nothing', null, 'unknown'],
  ])('%s', (_, body, expected) => {
    expect(refunds?.parse(body, id)).toBe(expected);
  });
});
