import { describe, expect, test } from 'vitest';
import { narrow } from '../src/live/narrow.ts';
import { type Entry, fieldOf, open } from './live-account.ts';

const pictures = (count: number): string[] => Array<string>(count).fill('https://example.com/a.png');

/** The list as the host has it: without what stands in its texts only. */
const withoutTexts = (list: Entry[]): Entry[] => {
  for (const id of ['kwaivgi/kling-image-o3/edit', 'x-ai/grok-imagine-image-v2.0/edit'])
    delete fieldOf(list, id, 'images').maxItems;
  const seed = fieldOf(list, 'wavespeed-ai/qwen-image-2.0/text-to-image', 'seed');
  delete seed.minimum;
  delete seed.maximum;
  return list;
};

describe('a limit that only the tables have', () => {
  test.each([
    ['kwaivgi/kling-image-o3/edit', 10],
    ['x-ai/grok-imagine-image-v2.0/edit', 1],
  ])('holds for the pictures of %s: at most %i', async (id, most) => {
    const { check } = open(withoutTexts);
    expect((await check(id, { images: pictures(most) })).verdict).toBe('supported');
    expect(await check(id, { images: pictures(most + 1) })).toMatchObject({
      verdict: 'refused',
      error: { billed: 'no' },
    });
  });

  test('holds for a number', async () => {
    const { check } = open(withoutTexts);
    const withSeed = (seed: number) => check('qwen-image-2', { providerOptions: { wavespeed: { seed } } });
    expect((await withSeed(-1)).verdict).toBe('supported');
    expect(String((await withSeed(-5)).error)).toContain('seed');
  });
});

test.each([1, 20])('of two limits the narrower counts: %i pictures by the list', async (most) => {
  const { check } = open((list) => {
    fieldOf(list, 'kwaivgi/kling-image-o3/edit', 'images').maxItems = most;
    return list;
  });
  const asked = async (count: number) =>
    (await check('kwaivgi/kling-image-o3/edit', { images: pictures(count) })).verdict;
  const least = Math.min(most, 10);
  expect([await asked(least), await asked(least + 1)]).toEqual(['supported', 'refused']);
});

test.each([
  ['of another type', { type: 'text', max: 5 }, { type: 'integer', min: 2 }, { type: 'text', max: 5 }],
  ['that leave nothing', { type: 'integer', min: 10 }, { type: 'integer', max: 5 }, { type: 'integer', min: 10 }],
  [
    'of a size',
    { type: 'size', max: 4096 },
    { type: 'size', min: 256, maxRatio: 8 },
    { type: 'size', min: 256, max: 4096, maxRatio: 8 },
  ],
  ['beside a default', { type: 'integer' }, { type: 'integer', max: 5, default: 3 }, { type: 'integer', max: 5 }],
] as const)('limits of the tables %s', (_, listed, known, narrowed) => {
  expect(narrow(listed, known)).toEqual(narrowed);
});
