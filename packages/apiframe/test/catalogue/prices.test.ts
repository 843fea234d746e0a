import type { Json } from '@imageport/core';
import { expect, test } from 'vitest';
import { toPrice } from '../../catalogue/price.ts';
import { readRecorded } from '../../catalogue/recorded.ts';
import { prepare } from '../to-http.ts';

const url = 'https://example.com/a.png';
const uuid = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

const priceOf = (model: string, fields: Record<string, Json> = {}) =>
  prepare(model, { prompt: 'a lighthouse', providerOptions: { apiframe: fields } }).price;

test.each<[string, Record<string, Json>, number, string?]>([
  ['nano-banana', {}, 5, '2026-08-28'],
  ['nano-banana-2-lite', {}, 4, '2026-08-28'],
  ['flux-1.1-pro', {}, 5, '2026-08-28'],
  ['dall-e-2', {}, 2, '2026-08-28'],
  ['qwen-image-2', {}, 3],
  ['ideogram-v3-turbo', {}, 3],
  ['kling-image', {}, 2],
  ['kling-image', { n: 4 }, 8],
  ['gpt-image-1.5', {}, 24],
  ['gpt-image-1.5', { quality: 'auto' }, 24],
  ['gpt-image-1.5', { quality: 'low' }, 4],
  ['gpt-image-1.5', { quality: 'medium', number_of_images: 3 }, 27],
  ['gpt-image-2', { quality: 'high', number_of_images: 2 }, 46],
])('%s with %j costs %i credits', (model, fields, amount, asOf) => {
  expect(priceOf(model, fields)).toEqual({ amount, currency: 'credit', source: 'listed', ...(asOf ? { asOf } : {}) });
});

test.each([
  ['midjourney', 16],
  ['imagen-4', 7],
])('%s costs the more of what two pages say, since their order is not told', (model, amount) => {
  expect(priceOf(model)).toMatchObject({ amount });
});

test('the price of FLUX 2 Pro is not known: "about 4" is none that a budget could hold', () => {
  expect(priceOf('flux-2-pro', { resolution: '1MP' })).toEqual({ source: 'unknown' });
});

test('where no page tells a price it is unknown, never 0', () => {
  const silent = readRecorded().models.filter(({ credits, action }) => !credits && action === 'generate');
  expect(silent.length).toBeGreaterThan(0);
  for (const { id, inputs } of silent.filter(({ id }) => id !== 'seedream-5-pro')) {
    const images = inputs.character_reference_image?.required ? [url] : [];
    const apiframe: Record<string, Json> = inputs.loraId ? { loraId: uuid } : {};
    const { price } = prepare(id, { prompt: 'x', images, providerOptions: { apiframe } });
    expect(price, id).toEqual({ source: 'unknown' });
  }
});

test.each([
  ['clarity-upscale', 'upscale', { amount: 3, currency: 'credit', source: 'listed' }],
  ['topaz-image-upscale', 'upscale', { source: 'unknown' }],
  ['bria-bg-remove', 'remove-background', { source: 'unknown' }],
] as const)('%s is priced as its page says, or not at all', (model, task, price) => {
  expect(prepare(model, { prompt: '', images: [url] }, { task }).price).toEqual(price);
});

const page = (credits: number | Record<string, number>, date: string) => ({ credits, date, from: 'a page' });

test('a picture that is repainted costs 9 credits', () => {
  const { price } = prepare('flux-fill-pro', { prompt: 'x', images: [url], mask: url });
  expect(price).toEqual({ amount: 9, currency: 'credit', source: 'listed' });
});

test('of several pages the later counts', () => {
  expect(toPrice([page(3, '2026 spring'), page(2, '2026-08-28')])).toEqual({ credits: 2, asOf: '2026-08-28' });
  expect(toPrice([page(4, '2026 spring'), page(7, '2026, later'), page(5, '2026-08-28')])).toEqual({ credits: 7 });
  expect(toPrice([{ ...page(4, '2026-08-28'), about: true }])).toBeUndefined();
  expect(toPrice()).toBeUndefined();
});
