import type { JsonObject, RequestOptions } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { apiframeAdapter } from '../src/adapter.ts';
import { problemWith } from './openapi.ts';
import { bodyOf, prepare, refusalOf, toHttp } from './to-http.ts';

const picture = 'https://example.com/photo.jpg';

describe("the examples of the host's pages", () => {
  const detective = 'cinematic film still of a detective in a rain-soaked alley, noir lighting';
  const blueprint = 'a detailed architectural blueprint of a modern glass house';
  const puppy = 'Replace the dog with a golden retriever puppy';
  const portrait = 'a color film-inspired portrait with shallow depth of field, fine grain, candid documentary style';
  const grading =
    'Transform the color grading to match a Wong Kar-wai film — saturated teal shadows, warm amber highlights';

  const examples: [string, string, RequestOptions, JsonObject][] = [
    [
      'Seedream 3.1',
      'seedream-3.1',
      { prompt: detective, aspectRatio: '16:9', resolution: '2K' },
      { aspect_ratio: '16:9', resolution: '2K' },
    ],
    [
      'Seedream 4',
      'seedream-4',
      { prompt: blueprint, aspectRatio: '16:9', resolution: '4K' },
      { size: '4K', aspect_ratio: '16:9' },
    ],
    [
      'Seedream 4 with image editing',
      'seedream-4',
      { prompt: puppy, images: ['https://example.com/photo-with-dog.jpg'] },
      { image_input: ['https://example.com/photo-with-dog.jpg'], aspect_ratio: 'match_input_image' },
    ],
    [
      'Seedream 5 Lite',
      'seedream-5-lite',
      { prompt: portrait, aspectRatio: '3:2', resolution: '2K', outputFormat: 'png' },
      { size: '2K', aspect_ratio: '3:2', output_format: 'png' },
    ],
    [
      'Seedream 5 Lite with image editing',
      'seedream-5-lite',
      { prompt: grading, images: ['https://example.com/portrait.jpg'], resolution: '2K' },
      { image_input: ['https://example.com/portrait.jpg'], size: '2K' },
    ],
  ];

  test.each(examples)('%s is sent as its page shows', (_, model, options, seedreamParams) => {
    expect(toHttp(model, options)).toEqual({
      method: 'POST',
      path: '/v2/images/generate',
      body: { prompt: options.prompt, model, seedreamParams },
    });
  });

  test('all stand under the base address of the pages and carry the key in its header', () => {
    expect(apiframeAdapter.baseUrl).toBe('https://api.apiframe.ai');
    expect(apiframeAdapter.authorize('afk_your_api_key_here')).toEqual({ 'X-API-Key': 'afk_your_api_key_here' });
  });

  test("the schema takes the host's own examples and refuses strangers", () => {
    const example = { prompt: detective, model: 'seedream-3.1', seedreamParams: { aspect_ratio: '16:9' } };
    const asked = (body: JsonObject) => problemWith({ method: 'POST', path: '/v2/images/generate', body });
    expect(asked(example)).toBeUndefined();
    expect(asked({ ...example, sync: true })).toBeDefined();
  });
});

test.each([
  ['seedream-3', '21:9', '21:9'],
  ['seedream-4', '7:3', '21:9'],
  ['seedream-4.5', '8:5', '16:10'],
  ['seedream-5-lite', '9:21', '9:21'],
] as const)('%s is asked for %s by the usual name, %s', (model, aspectRatio, name) => {
  expect(bodyOf(model, { aspectRatio })).toMatchObject({ seedreamParams: { aspect_ratio: name } });
});

describe('portable ids', () => {
  test.each([
    ['seedream-3', 'seedream-3'],
    ['seedream-3.1', 'seedream-3.1'],
    ['dreamina-3.1', 'seedream-3.1'],
    ['seedream-4', 'seedream-4'],
    ['seedream-4.5', 'seedream-4.5'],
    ['seedream-5-lite', 'seedream-5-lite'],
    ['seedream-5-pro', 'seedream-5-pro'],
  ])('%s is %s, without params when nothing was asked', (id, model) => {
    expect(bodyOf(id, {})).toEqual({ model, prompt: 'a lighthouse' });
  });

  test('the whole list of portable ids is that of house.md', () => {
    const ids = apiframeAdapter.families.flatMap(({ models }) => models.flatMap((row) => row.ids));
    expect(ids.sort()).toEqual([
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

describe('models that are not in the table', () => {
  test('are refused with the nearest names, before anything is spent', () => {
    const error = refusalOf('flux-2-por', {});
    expect(error).toMatchObject({ code: 'not_found', billed: 'no' });
    expect(String(error)).toMatch(/the nearest are .*flux-2-pro/);
  });

  test('are asked all the same when told to, with their own params object beside the prompt', () => {
    const providerOptions = { apiframe: { newParams: { aspect_ratio: '16:9', seed: 7 } } };
    const { native, price, warnings } = prepare('new-1', { prompt: 'a lighthouse', unchecked: true, providerOptions });
    expect(apiframeAdapter.toSubmit(native)).toMatchObject({
      path: '/v2/images/generate',
      body: { model: 'new-1', prompt: 'a lighthouse', newParams: { aspect_ratio: '16:9', seed: 7 } },
    });
    expect(price).toEqual({ source: 'unknown' });
    expect(warnings.join()).toContain('newParams unchecked');
  });

  test('take nothing neutral but the prompt', () => {
    const unchecked = true;
    expect(refusalOf('new-1', { unchecked, size: '1024*1024' })).toMatchObject({ code: 'unsupported', billed: 'no' });
    expect(refusalOf('new-1', { unchecked, seed: 1 })).toMatchObject({ code: 'unsupported', billed: 'no' });
  });

  test.each(['bytedance/seedream-v4', 'Seedream-4', 'seedream 4', '-x', ''])('"%s" is no model of this host', (id) => {
    expect(refusalOf(id, {})).toMatchObject({ code: 'not_found', billed: 'no' });
  });
});

describe('neutral options in the words of the host', () => {
  test.each([
    ['seedream-3', { size: '512*2048' }, { aspect_ratio: 'custom', width: 512, height: 2048 }],
    ['seedream-3', { aspectRatio: '16:9' }, { aspect_ratio: '16:9' }],
    ['seedream-3', { aspectRatio: '16:9', resolution: '1K' }, { aspect_ratio: '16:9', size: 'regular' }],
    ['seedream-3', { seed: 7 }, { seed: 7 }],
    ['seedream-3.1', { size: '2048*2048' }, { aspect_ratio: 'custom', width: 2048, height: 2048 }],
    ['seedream-3.1', { resolution: '2K' }, { resolution: '2K' }],
    ['seedream-3.1', { promptExpansion: false, seed: 0 }, { use_pre_llm: false, seed: 0 }],
    ['seedream-4', { size: '2048x2048' }, { size: 'custom', width: 2048, height: 2048 }],
    ['seedream-4', { aspectRatio: '16:9' }, { aspect_ratio: '16:9' }],
    ['seedream-4', { resolution: '1K' }, { size: '1K' }],
    ['seedream-4', { promptExpansion: true }, { enhance_prompt: true }],
    ['seedream-4', { images: [picture], aspectRatio: '1:1' }, { image_input: [picture], aspect_ratio: '1:1' }],
    [
      'seedream-4',
      { images: [picture], size: '1024*1024' },
      { image_input: [picture], size: 'custom', width: 1024, height: 1024 },
    ],
    ['seedream-4.5', { size: '4096*1024' }, { size: 'custom', width: 4096, height: 1024 }],
    ['seedream-4.5', { images: [picture] }, { image_input: [picture], aspect_ratio: 'match_input_image' }],
    ['seedream-4.5', { promptExpansion: false }, undefined],
    ['seedream-5-lite', { size: '2048*2048' }, { size: '2K', aspect_ratio: '1:1' }],
    ['seedream-5-lite', { images: [picture] }, { image_input: [picture], aspect_ratio: 'match_input_image' }],
    ['seedream-5-lite', { outputFormat: 'jpeg' }, { output_format: 'jpg' }],
    ['seedream-5-pro', { images: [picture] }, { image_input: [picture] }],
    ['seedream-4', { sync: true, responseFormat: 'base64' }, undefined],
    ['seedream-5-lite', { size: '3000*2000', fit: 'nearest' }, { size: '2K', aspect_ratio: '3:2' }],
  ] as const)('%s %o', (model, options, seedreamParams) => {
    const params = seedreamParams === undefined ? {} : { seedreamParams };
    expect(bodyOf(model, options)).toEqual({ model, prompt: 'a lighthouse', ...params });
  });

  test('a webhook stands at the top, with the events that end a job', () => {
    expect(bodyOf('seedream-4', { webhookUrl: 'https://app.example/hook', resolution: '2K' })).toEqual({
      model: 'seedream-4',
      prompt: 'a lighthouse',
      seedreamParams: { size: '2K' },
      webhookUrl: 'https://app.example/hook',
      webhookEvents: ['completed', 'failed'],
    });
  });

  test.each([
    ['seedream-4', { seed: 1 }, 'seed'],
    ['seedream-5-lite', { seed: 1 }, 'seed'],
    ['seedream-3', { promptExpansion: true }, 'promptExpansion'],
    ['seedream-4.5', { promptExpansion: true }, 'promptExpansion'],
    ['seedream-3', { resolution: '2K' }, 'resolution'],
    ['seedream-3.1', { resolution: '1K' }, 'resolution'],
    ['seedream-4.5', { resolution: '1K' }, 'resolution'],
    ['seedream-5-lite', { resolution: '4K' }, 'resolution'],
    ['seedream-5-lite', { size: '2048*2047' }, 'size'],
    ['seedream-5-pro', { size: '1024*1024' }, 'size'],
    ['seedream-5-pro', { aspectRatio: '1:1' }, 'aspectRatio'],
    ['seedream-4', { outputFormat: 'png' }, 'outputFormat'],
    ['seedream-5-lite', { outputFormat: 'webp' }, 'outputFormat'],
    ['seedream-3.1', { images: [picture] }, 'images'],
  ] as const)('%s refuses %o before anything is spent', (model, options, option) => {
    const error = refusalOf(model, options);
    expect(error).toMatchObject({ code: 'unsupported', billed: 'no', provider: 'apiframe' });
    expect(String(error)).toContain(`\`${option}\``);
  });
});

test.each([
  ['seedream-3', 3],
  ['seedream-3.1', 3],
  ['seedream-4', 3],
  ['seedream-4.5', 4],
  ['seedream-5-lite', 4],
])('%s is listed at %i credits', (model, amount) => {
  expect(prepare(model, { prompt: 'x' }).price).toEqual({ amount, currency: 'credit', source: 'listed' });
});

test('the price of Seedream 5 Pro is not known', () => {
  expect(prepare('seedream-5-pro', { prompt: 'x' }).price).toEqual({ source: 'unknown' });
});
