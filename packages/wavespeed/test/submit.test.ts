import type { RequestOptions } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { wavespeedAdapter } from '../src/adapter.ts';
import { bodyOf, prepare, refusalOf, toHttp } from './to-http.ts';

const picture = 'https://example.com/photo.jpg';

describe("the examples of the host's pages", () => {
  // Both examples lack `prompt`, a slip of the pages: their own tables require it. They spell out every default; -1 and
  // the false flags have no neutral form, so they come in as native fields.
  test('Dreamina V3.1 text to image is sent as its page shows', () => {
    const options: RequestOptions = {
      prompt: 'a painter working in a sunlit studio',
      size: '1328*1328',
      promptExpansion: true,
      providerOptions: { wavespeed: { seed: -1, enable_base64_output: false, enable_sync_mode: false } },
    };
    expect(toHttp('dreamina-3.1', options)).toEqual({
      method: 'POST',
      path: '/api/v3/bytedance/dreamina-v3.1/text-to-image',
      body: {
        prompt: 'a painter working in a sunlit studio',
        size: '1328*1328',
        seed: -1,
        enable_prompt_expansion: true,
        enable_base64_output: false,
        enable_sync_mode: false,
      },
    });
  });

  test('Seedream V3.1 is sent as its page shows', () => {
    const options: RequestOptions = {
      prompt: 'a lighthouse in fog at dawn',
      size: '1024*1024',
      promptExpansion: true,
      providerOptions: { wavespeed: { seed: -1, enable_base64_output: false } },
    };
    expect(toHttp('seedream-3.1', options)).toEqual({
      method: 'POST',
      path: '/api/v3/bytedance/seedream-v3.1',
      body: {
        prompt: 'a lighthouse in fog at dawn',
        size: '1024*1024',
        seed: -1,
        enable_prompt_expansion: true,
        enable_base64_output: false,
      },
    });
  });

  test('both stand under the base address of the pages, carry the key as a bearer and are polled by id', () => {
    expect(wavespeedAdapter.baseUrl).toBe('https://api.wavespeed.ai');
    expect(wavespeedAdapter.authorize('ws_key')).toEqual({ Authorization: 'Bearer ws_key' });
    expect(wavespeedAdapter.toPoll('e6832d4abffb4d79bfbca19783fca133')).toEqual({
      method: 'GET',
      path: '/api/v3/predictions/e6832d4abffb4d79bfbca19783fca133/result',
    });
  });
});

describe('portable ids', () => {
  test.each([
    ['seedream-3', 'bytedance/seedream-v3'],
    ['seedream-3.1', 'bytedance/seedream-v3.1'],
    ['dreamina-3.1', 'bytedance/dreamina-v3.1/text-to-image'],
    ['seedream-4', 'bytedance/seedream-v4'],
    ['seedream-4.5', 'bytedance/seedream-v4.5'],
    ['seedream-5-lite', 'bytedance/seedream-v5.0-lite'],
    ['seedream-5-pro', 'bytedance/seedream-v5.0-pro'],
  ])('%s is %s', (id, native) => {
    expect(toHttp(id, { prompt: 'x' })).toEqual({ method: 'POST', path: `/api/v3/${native}`, body: { prompt: 'x' } });
  });

  test.each(['seedream-4', 'seedream-4.5', 'seedream-5-lite', 'seedream-5-pro'])(
    '%s with reference pictures is the edit model beside it',
    (id) => {
      const plain = toHttp(id, { prompt: 'x' }).path;
      expect(toHttp(id, { prompt: 'x', images: [picture] })).toEqual({
        method: 'POST',
        path: `${plain}/edit`,
        body: { prompt: 'x', images: [picture] },
      });
    },
  );

  test('the whole list of portable ids is that of house.md', () => {
    const ids = wavespeedAdapter.families.flatMap(({ models }) => models.flatMap((row) => row.ids));
    expect([...new Set(ids)].sort()).toEqual([
      'dreamina-3.1',
      'seedream-3',
      'seedream-3.1',
      'seedream-4',
      'seedream-4.5',
      'seedream-5-lite',
      'seedream-5-pro',
    ]);
  });
});

describe('native ids', () => {
  test.each(wavespeedAdapter.families.flatMap(({ models }) => models.map(({ native }) => native)))(
    '%s is accepted and goes to its own path',
    (native) => {
      const family = wavespeedAdapter.families.find(({ models }) => models.some((row) => row.native === native));
      const images = family?.accepts.images ? [picture] : [];
      expect(toHttp(native, { prompt: 'x', images }).path).toBe(`/api/v3/${native}`);
    },
  );

  test('a model that is in no table is refused, unless it is asked for unchecked', () => {
    const providerOptions = { wavespeed: { num_images: 2, output_format: 'webp' } };
    expect(refusalOf('acme/newest', { providerOptions })).toMatchObject({ code: 'not_found', billed: 'no' });
    expect(toHttp('acme/newest', { prompt: 'x', providerOptions, unchecked: true })).toEqual({
      method: 'POST',
      path: '/api/v3/acme/newest',
      body: { prompt: 'x', num_images: 2, output_format: 'webp' },
    });
    expect(prepare('acme/newest', { prompt: 'x', unchecked: true }).price).toEqual({ source: 'unknown' });
  });

  test('a model that is in no table takes nothing neutral but the prompt', () => {
    const unchecked = true;
    expect(refusalOf('acme/newest', { size: '1024*1024', unchecked })).toMatchObject({ code: 'unsupported' });
    expect(refusalOf('acme/newest', { seed: 1, unchecked })).toMatchObject({ code: 'unsupported' });
  });

  test.each(['seedream-9', '../balance', 'a/../b', 'a/b?x=1', 'a/b#c', '/a/b', 'a//b', ''])(
    '"%s" is no model of this host',
    (id) => {
      expect(refusalOf(id, {})).toMatchObject({ code: 'not_found', billed: 'no' });
    },
  );
});

describe('neutral options in the words of the host', () => {
  test.each([
    ['pixels with a cross', 'dreamina-3.1', { size: '1024x768' }, { size: '1024*768' }],
    ['a ratio as pixels of the default area', 'dreamina-3.1', { aspectRatio: '1:1' }, { size: '1328*1328' }],
    ['a ratio as pixels of 2K', 'seedream-4', { aspectRatio: '16:9' }, { size: '2720*1530' }],
    [
      'a ratio of an edit',
      'seedream-4',
      { aspectRatio: '1:1', images: [picture] },
      { size: '2048*2048', images: [picture] },
    ],
    ['a resolution as pixels', 'seedream-4', { resolution: '4K' }, { size: '4096*4096' }],
    ['a ratio by name', 'seedream-5-pro', { aspectRatio: '16:9' }, { aspect_ratio: '16:9' }],
    ['a resolution by name', 'seedream-5-pro', { resolution: '1.5K' }, { resolution: '1.5k' }],
    ['a seed', 'seedream-3', { seed: 7 }, { seed: 7 }],
    ['prompt expansion off', 'dreamina-3.1', { promptExpansion: false }, { enable_prompt_expansion: false }],
    ['prompt expansion off where there is none', 'seedream-4', { promptExpansion: false }, {}],
    ['sync', 'dreamina-3.1', { sync: true }, { enable_sync_mode: true }],
    ['sync where there is none', 'seedream-3.1', { sync: true }, {}],
    ['base64', 'seedream-3.1', { responseFormat: 'base64' }, { enable_base64_output: true }],
    ['a format', 'seedream-5-lite', { outputFormat: 'jpeg' }, { output_format: 'jpeg' }],
    ['one picture to edit', 'bytedance/seededit-v3', { images: [picture] }, { image: picture }],
  ] as const)('%s', (_, model, options, fields) => {
    expect(bodyOf(model, options)).toEqual({ prompt: 'a lighthouse', ...fields });
  });

  test('a webhook goes into the query and not into the body', () => {
    const webhookUrl = 'https://app.example/hook?job=1&x=ä';
    const { path, body } = toHttp('seedream-4', { prompt: 'x', webhookUrl });
    expect(path).toBe(`/api/v3/bytedance/seedream-v4?webhook=${encodeURIComponent(webhookUrl)}`);
    expect(new URL(path, wavespeedAdapter.baseUrl).searchParams.get('webhook')).toBe(webhookUrl);
    expect(body).toEqual({ prompt: 'x' });
  });

  test.each([
    ['seedream-4', { seed: 1 }, 'seed'],
    ['seedream-5-pro', { seed: 1 }, 'seed'],
    ['seedream-4', { promptExpansion: true }, 'promptExpansion'],
    ['seedream-3', { promptExpansion: true }, 'promptExpansion'],
    ['seedream-5-pro', { size: '1024*1024' }, 'size'],
    ['seedream-5-pro', { aspectRatio: '7:5' }, 'aspectRatio'],
    ['seedream-5-pro', { resolution: '4K' }, 'resolution'],
    ['seedream-4', { outputFormat: 'png' }, 'outputFormat'],
    ['seedream-5-lite', { outputFormat: 'webp' }, 'outputFormat'],
    ['seedream-3.1', { images: [picture] }, 'images'],
    ['bytedance/seedream-v4/edit', {}, 'images'],
    ['bytedance/dreamina-v3.0/edit', { images: [picture, picture] }, 'images'],
    ['bytedance/seededit-v3', { images: [picture], size: '1024*1024' }, 'size'],
  ] as const)('%s refuses %o before anything is spent', (model, options, option) => {
    const error = refusalOf(model, options);
    expect(error).toMatchObject({ code: 'unsupported', billed: 'no', provider: 'wavespeed' });
    expect(String(error)).toContain(`\`${option}\``);
  });
});

describe('listed prices', () => {
  const usd = (amount: number, asOf = '2026-10-02') => ({ amount, currency: 'USD', source: 'listed', asOf });
  const spring = usd(0.027, '2026-03-13');

  test.each([
    ['dreamina-3.1', {}, spring],
    ['bytedance/dreamina-v3.0/text-to-image', {}, spring],
    ['bytedance/dreamina-v3.0/edit', { images: [picture] }, spring],
    ['seedream-3', {}, spring],
    ['seedream-3.1', {}, spring],
    ['bytedance/seededit-v3', { images: [picture] }, spring],
    ['seedream-4', {}, usd(0.027)],
    ['seedream-4.5', { images: [picture] }, usd(0.04)],
    ['bytedance/seedream-v4/sequential', {}, usd(0.027)],
    ['bytedance/seedream-v4/sequential', { providerOptions: { wavespeed: { max_images: 3 } } }, usd(0.081)],
    [
      'bytedance/seedream-v5.0-lite/edit-sequential',
      { images: [picture], providerOptions: { wavespeed: { max_images: 15 } } },
      usd(0.525),
    ],
    ['seedream-5-lite', {}, usd(0.035)],
    ['seedream-5-pro', {}, usd(0.045)],
    ['seedream-5-pro', { resolution: '1.5K' }, usd(0.045)],
    ['seedream-5-pro', { resolution: '2K' }, usd(0.09)],
    ['bytedance/seedream-v5.0-flash', { resolution: '2K' }, usd(0.027)],
    ['bytedance/seedream-v5.5', {}, { source: 'unknown' }],
  ] as const)('%s %o', (model, options, price) => {
    expect(prepare(model, { prompt: 'x', ...options }).price).toEqual(price);
  });
});
