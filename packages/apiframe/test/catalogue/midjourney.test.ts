import type { ImageRequest, Json, RequestOptions, Variation } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { readRecorded } from '../../catalogue/recorded.ts';
import { prepare, refusalOf, toHttp } from '../to-http.ts';

const id = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';
const job = { provider: 'apiframe', modelId: 'midjourney', id };
const data = 'iVBORw0KGgo=';

interface Asked extends Omit<Variation, 'job'> {
  readonly job?: Variation['job'];
}

const more = (vary: Asked): Partial<ImageRequest> => ({ task: 'vary', vary: { job, ...vary } });
const native = (apiframe: Record<string, Json>, prompt = ''): RequestOptions => ({
  prompt,
  providerOptions: { apiframe },
});
const send = (vary: Asked, options: RequestOptions = { prompt: '' }) => toHttp('midjourney', options, more(vary));
const refused = (vary: Asked, options: RequestOptions = { prompt: '' }) => refusalOf('midjourney', options, more(vary));

test.each<[Asked, RequestOptions, Record<string, Json>]>([
  [{ action: 'upsample', index: 1 }, { prompt: '' }, { index: 1 }],
  [{ action: 'upsample', index: 4 }, { prompt: '' }, { index: 4 }],
  [{ action: 'variation', index: 2 }, { prompt: '' }, { index: 2 }],
  [{ action: 'outpaint', zoom: 1.5 }, { prompt: '' }, { zoomRatio: 1.5 }],
  [{ action: 'outpaint', zoom: 2 }, { prompt: '' }, { zoomRatio: 2 }],
  [{ action: 'pan', direction: 'left' }, { prompt: '' }, { direction: 'left' }],
  [{ action: 'inpaint' }, native({ mask: data }), { mask: data }],
  [{ action: 'inpaint' }, native({ mask: data }, 'a red door'), { mask: data, prompt: 'a red door' }],
])('%j is sent with its job and no model', (vary, options, fields) => {
  expect(send(vary, options)).toEqual({
    method: 'POST',
    path: '/v2/images/midjourney/action',
    body: { action: vary.action, parentJobId: id, ...fields },
  });
});

test('a webhook is told of it as of any other job', () => {
  const webhookUrl = 'https://app.example/hook';
  expect(send({ action: 'upsample', index: 1 }, { prompt: '', webhookUrl }).body).toMatchObject({
    webhookUrl,
    webhookEvents: ['completed', 'failed'],
  });
});

describe('before anything is spent', () => {
  test.each<[string, Asked, RequestOptions, RegExp]>([
    ['an unknown action', { action: 'zoom' }, { prompt: '' }, /`action`: `action` must be inpaint or .* not "zoom"/],
    [
      'an upsample of no picture',
      { action: 'upsample' },
      { prompt: '' },
      /`action`: the action upsample needs `index`/,
    ],
    [
      'a fifth picture',
      { action: 'variation', index: 5 },
      { prompt: '' },
      /`action`: `index` must be 1 or 2 or 3 or 4/,
    ],
    ['an outpaint by nothing', { action: 'outpaint' }, { prompt: '' }, /needs `zoom`/],
    ['an outpaint by 3', { action: 'outpaint', zoom: 3 }, { prompt: '' }, /`zoomRatio` must be 1\.5 or 2/],
    ['a pan to nowhere', { action: 'pan' }, { prompt: '' }, /needs `direction`/],
    [
      'a pan to the north',
      { action: 'pan', direction: 'north' },
      { prompt: '' },
      /must be up or down or left or right/,
    ],
    ['an inpaint of everything', { action: 'inpaint' }, { prompt: '' }, /needs `providerOptions\.apiframe\.mask`/],
    ['a pan of one picture', { action: 'pan', direction: 'up', index: 1 }, { prompt: '' }, /pan takes no `index`/],
    ['a zoom of a variation', { action: 'variation', index: 1, zoom: 2 }, { prompt: '' }, /takes no `zoom`/],
    ['words for a pan', { action: 'pan', direction: 'up' }, { prompt: 'a red door' }, /pan takes no `prompt`/],
    ['a mask for a pan', { action: 'pan', direction: 'up' }, native({ mask: data }), /takes no .*mask/],
    [
      'an address as a mask',
      { action: 'inpaint' },
      native({ mask: 'https://x/a.png' }),
      /apiframe\.mask`: must be base64/,
    ],
    ['an empty mask', { action: 'inpaint' }, native({ mask: '' }), /apiframe\.mask`/],
    [
      'too large a mask',
      { action: 'inpaint' },
      native({ mask: 'A'.repeat(12_000_001) }),
      /up to|to 12000000 characters/,
    ],
    ['too long a prompt', { action: 'inpaint' }, native({ mask: data }, 'x'.repeat(2001)), /`prompt`/],
    [
      'a job that is none',
      { action: 'pan', direction: 'up', job: { ...job, id: 'a' } },
      { prompt: '' },
      /must be a UUID/,
    ],
    [
      'a job of another host',
      { action: 'pan', direction: 'up', job: { ...job, provider: 'wavespeed' } },
      { prompt: '' },
      /`job`: it is .* of wavespeed/,
    ],
    [
      'a job of another model',
      { action: 'pan', direction: 'up', job: { ...job, modelId: 'seedream-4' } },
      { prompt: '' },
      /`job`: it is a job of seedream-4/,
    ],
  ])('%s is refused', (_, vary, options, words) => {
    const error = refused(vary, options);
    expect(error).toMatchObject({ billed: 'no' });
    expect(String(error)).toMatch(words);
  });

  test.each<[Partial<RequestOptions>]>([
    [{ images: ['https://example.com/a.png'] }],
    [{ mask: 'https://example.com/a.png' }],
    [{ seed: 7 }],
    [{ aspectRatio: '1:1' }],
    [{ size: '1024*1024' }],
    [{ outputFormat: 'png' }],
  ])('%j is refused: an action takes its job as it is', (options) => {
    const error = refused({ action: 'upsample', index: 1 }, { prompt: '', ...options });
    expect(error).toMatchObject({ code: 'unsupported', billed: 'no' });
  });
});

test('the largest mask passes', () => {
  const mask = 'A'.repeat(12_000_000);
  expect(send({ action: 'inpaint' }, native({ mask })).body?.mask).toBe(mask);
});

test.each([
  [{ action: 'upsample', index: 1 }, 4],
  [{ action: 'variation', index: 1 }, 16],
  [{ action: 'outpaint', zoom: 2 }, 16],
  [{ action: 'pan', direction: 'up' }, 16],
])('%j costs %i credits', (vary, amount) => {
  expect(prepare('midjourney', { prompt: '' }, more(vary)).price).toEqual({
    amount,
    currency: 'credit',
    source: 'listed',
  });
});

test('every action that was recorded is tried above', () => {
  const recorded = readRecorded().models.filter(({ action }) => action === 'midjourney-action');
  expect(recorded.map((each) => each.id)).toEqual(['inpaint', 'outpaint', 'pan', 'upsample', 'variation']);
});
