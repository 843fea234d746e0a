import type { Json, RequestOptions } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { apiframeAdapter } from '../src/adapter.ts';
import { bodyOf, refusalOf } from './to-http.ts';

const native = (fields: Record<string, Json>): Partial<RequestOptions> => ({ providerOptions: { apiframe: fields } });
const pictures = (count: number): string[] => Array.from({ length: count }, (_, k) => `https://example.com/${k}.jpg`);

/** Every parameter row of the pages: what passes and what just does not. */
const rows: [string, string, readonly Json[], readonly Json[]][] = [
  ['seedream-3', 'aspect_ratio', ['16:9', 'custom'], ['wide', '16x9', 'match_input_image', 1]],
  ['seedream-3', 'seed', [0, 7], [0.5, '7', null]],
  ['seedream-3', 'size', ['regular', 'big', 'small'], ['2K', 'custom', 1]],
  ['seedream-3', 'width', [512, 2048], [511, 2049, 512.5, '512']],
  ['seedream-3', 'height', [512, 2048], [511, 2049, 512.5, '512']],
  ['seedream-3', 'guidance_scale', [1, 2.5, 10], [0.9, 10.1, '2']],
  ['seedream-3.1', 'aspect_ratio', ['1:1', '16:9', 'custom'], ['16/9', ' 16:9', 'match_input_image', 16]],
  ['seedream-3.1', 'seed', [0, 2_147_483_647], [0.5, '7', null]],
  ['seedream-3.1', 'resolution', ['2K'], ['2k', '3K', 2]],
  ['seedream-3.1', 'use_pre_llm', [true, false], ['true', 1, null]],
  ['seedream-3.1', 'width', [512, 3024], [511, 3025, 600.5, '512']],
  ['seedream-3.1', 'height', [512, 3024], [511, 3025, 600.5, '512']],
  ['seedream-4', 'aspect_ratio', ['16:9', 'match_input_image'], ['custom', 'wide', 1]],
  ['seedream-4', 'size', ['1K', '2K', '4K', 'custom'], ['3K', '2k', 2048]],
  ['seedream-4', 'width', [1024, 4096], [1023, 4097, 1500.5, '1024']],
  ['seedream-4', 'height', [1024, 4096], [1023, 4097, 1500.5, '1024']],
  ['seedream-4', 'image_input', [pictures(1), pictures(10)], [pictures(11), 'https://example.com/a.jpg', [1]]],
  ['seedream-4', 'enhance_prompt', [true, false], ['true', 1, null]],
  ['seedream-4.5', 'aspect_ratio', ['16:9', 'match_input_image'], ['custom']],
  ['seedream-4.5', 'size', ['2K', '4K', 'custom'], ['1K', '3K']],
  ['seedream-4.5', 'width', [1024, 4096], [1023, 4097]],
  ['seedream-4.5', 'height', [1024, 4096], [1023, 4097]],
  ['seedream-4.5', 'image_input', [pictures(14)], [pictures(15)]],
  ['seedream-5-lite', 'aspect_ratio', ['3:2', 'match_input_image'], ['custom', '3/2', 1]],
  ['seedream-5-lite', 'size', ['2K', '3K'], ['1K', '4K', 'custom', 2]],
  ['seedream-5-lite', 'image_input', [pictures(1), pictures(14)], [pictures(15), 'https://example.com/a.jpg']],
  ['seedream-5-lite', 'output_format', ['png', 'jpg'], ['jpeg', 'webp', 1]],
  ['seedream-5-pro', 'image_input', [pictures(10)], [pictures(11)]],
];

/** Width and height count only beside "custom", which stands in another field from model 4 on. */
function companion(model: string, name: string): Record<string, Json> {
  if (name !== 'width' && name !== 'height') return {};
  return model.startsWith('seedream-3') ? { aspect_ratio: 'custom' } : { size: 'custom' };
}

test.each(['seedream-3', 'seedream-3.1', 'seedream-4', 'seedream-4.5'])(
  '%s refuses a width that the host would ignore',
  (model) => {
    const error = refusalOf(model, native({ width: 1024, height: 1024 }));
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(String(error)).toContain('"custom"');
  },
);

test('a native ratio wins over the ratio of the reference picture, which nobody asked for', () => {
  const body = bodyOf('seedream-4', { images: pictures(1), ...native({ aspect_ratio: '16:9' }) });
  expect(body).toMatchObject({ seedreamParams: { aspect_ratio: '16:9', image_input: pictures(1) } });
});

describe.each(rows)('%s %s', (model, name, inside, outside) => {
  test.each(inside.map((value) => [value]))('takes %j', (value) => {
    const fields = { [name]: value, ...companion(model, name) };
    expect(bodyOf(model, native(fields))).toEqual({ model, prompt: 'a lighthouse', seedreamParams: fields });
  });

  test.each(outside.map((value) => [value]))('refuses %j', (value) => {
    const error = refusalOf(model, native({ [name]: value }));
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(String(error)).toContain(`providerOptions.apiframe.${name}`);
  });
});

test('the rows above are all the fields there are', () => {
  const fields = apiframeAdapter.families.flatMap(({ models, fields }) =>
    models.flatMap(({ native }) => Object.keys(fields).map((name) => `${native} ${name}`)),
  );
  expect(fields.sort()).toEqual(rows.map(([model, name]) => `${model} ${name}`).sort());
});

test.each([
  ['seedream-3.1', 'enhance_prompt'],
  ['seedream-4', 'use_pre_llm'],
  ['seedream-4', 'seed'],
  ['seedream-4.5', 'enhance_prompt'],
  ['seedream-5-lite', 'width'],
  ['seedream-5-pro', 'size'],
])('%s has no %s, and says so', (model, name) => {
  const error = refusalOf(model, native({ [name]: 1 }));
  expect(error).toMatchObject({ code: 'invalid_request' });
  expect(String(error)).toContain(`providerOptions.apiframe.${name}`);
});

describe('the same ranges by neutral names', () => {
  test.each([
    ['seedream-3', '512*512', '2048*2048', '511*512', '2048*2049'],
    ['seedream-3.1', '512*512', '3024*3024', '511*512', '3024*3025'],
    ['seedream-4', '1024*1024', '4096*4096', '1023*1024', '4096*4097'],
    ['seedream-4.5', '1024*1024', '4096*4096', '1023*1024', '4096*4097'],
  ] as const)('%s takes %s to %s', (model, smallest, largest, tooSmall, tooLarge) => {
    expect(bodyOf(model, { size: smallest })).toBeDefined();
    expect(bodyOf(model, { size: largest })).toBeDefined();
    for (const size of [tooSmall, tooLarge]) {
      const error = refusalOf(model, { size });
      expect(error).toMatchObject({ code: 'unsupported', billed: 'no' });
      expect(String(error)).toContain('`size`');
    }
  });

  test.each([
    ['seedream-4', 10],
    ['seedream-4.5', 14],
    ['seedream-5-lite', 14],
    ['seedream-5-pro', 10],
  ])('%s takes %i reference pictures', (model, most) => {
    expect(bodyOf(model, { images: pictures(most) })).toMatchObject({
      seedreamParams: { image_input: pictures(most) },
    });
    const error = refusalOf(model, { images: pictures(most + 1) });
    expect(error).toMatchObject({ code: 'unsupported', billed: 'no' });
    expect(String(error)).toContain('`images`');
  });

  test.each(['seedream-3', 'seedream-3.1', 'seedream-4', 'seedream-4.5', 'seedream-5-lite', 'seedream-5-pro'])(
    '%s takes prompts of up to 2000 characters',
    (model) => {
      expect(bodyOf(model, { prompt: 'x'.repeat(2000) })).toBeDefined();
      const error = refusalOf(model, { prompt: 'x'.repeat(2001) });
      expect(error).toMatchObject({ code: 'unsupported', billed: 'no' });
      expect(String(error)).toContain('`prompt`');
      expect(refusalOf(model, { prompt: '' })).toMatchObject({ code: 'invalid_request' });
    },
  );
});
