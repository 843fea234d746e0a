import type { FieldSpec, Json, RequestOptions } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { wavespeedAdapter } from '../src/adapter.ts';
import { bodyOf, refusalOf } from './to-http.ts';

const dreamina = 'bytedance/dreamina-v3.1/text-to-image';
const seedream31 = 'bytedance/seedream-v3.1';
const native = (fields: Record<string, Json>): Partial<RequestOptions> => ({ providerOptions: { wavespeed: fields } });

describe('every parameter of the two pages', () => {
  test.each([
    [dreamina, 'prompt', ['x', 'x'.repeat(5000)]],
    [seedream31, 'prompt', ['x', 'x'.repeat(100), '雾'.repeat(100)]],
  ] as const)('%s takes %s', (model, _, prompts) => {
    for (const prompt of prompts) expect(bodyOf(model, { prompt })).toEqual({ prompt });
  });

  test.each([
    [dreamina, { prompt: '' }, 'invalid_request', '`prompt`'],
    [seedream31, { prompt: ' ' }, 'invalid_request', '`prompt`'],
    [seedream31, { prompt: 'x'.repeat(101) }, 'unsupported', '`prompt`'],
  ] as const)('%s refuses a bad prompt', (model, options, code, name) => {
    const error = refusalOf(model, options);
    expect(error).toMatchObject({ code, billed: 'no' });
    expect(String(error)).toContain(name);
  });

  describe.each([dreamina, seedream31])('%s', (model) => {
    test.each([
      [{ size: '512*512' }, { size: '512*512' }],
      [{ size: '2048*512' }, { size: '2048*512' }],
      [{ size: '2048*2048' }, { size: '2048*2048' }],
      [{ seed: 0 }, { seed: 0 }],
      [{ seed: 2_147_483_647 }, { seed: 2_147_483_647 }],
      [native({ seed: -1 }), { seed: -1 }],
      [native({ seed: 2_147_483_647 }), { seed: 2_147_483_647 }],
      [native({ size: '512*2048' }), { size: '512*2048' }],
      [{ promptExpansion: true }, { enable_prompt_expansion: true }],
      [{ promptExpansion: false }, { enable_prompt_expansion: false }],
      [native({ enable_prompt_expansion: false }), { enable_prompt_expansion: false }],
      [{ responseFormat: 'base64' }, { enable_base64_output: true }],
      [{ responseFormat: 'url' }, {}],
      [native({ enable_base64_output: true }), { enable_base64_output: true }],
    ] as const)('sends %o', (options, fields) => {
      expect(bodyOf(model, options)).toEqual({ prompt: 'a lighthouse', ...fields });
    });

    test.each([
      [{ size: '511*512' }, 'unsupported', '`size`'],
      [{ size: '2049*512' }, 'unsupported', '`size`'],
      [{ size: '0*512' }, 'invalid_request', '`size`'],
      [native({ size: '512*511' }), 'invalid_request', 'providerOptions.wavespeed.size'],
      [native({ size: '512*2049' }), 'invalid_request', 'providerOptions.wavespeed.size'],
      [native({ size: 1024 }), 'invalid_request', 'providerOptions.wavespeed.size'],
      [{ seed: -1 }, 'invalid_request', '`seed`'],
      [{ seed: 2_147_483_648 }, 'invalid_request', '`seed`'],
      [native({ seed: -2 }), 'invalid_request', 'providerOptions.wavespeed.seed'],
      [native({ seed: 2_147_483_648 }), 'invalid_request', 'providerOptions.wavespeed.seed'],
      [native({ seed: 1.5 }), 'invalid_request', 'providerOptions.wavespeed.seed'],
      [
        native({ enable_prompt_expansion: 'yes' }),
        'invalid_request',
        'providerOptions.wavespeed.enable_prompt_expansion',
      ],
      [native({ enable_base64_output: 1 }), 'invalid_request', 'providerOptions.wavespeed.enable_base64_output'],
      // Sliders of the web page; the request has only `size`, and an unknown field would be dropped and billed.
      [native({ width: 1328 }), 'invalid_request', 'providerOptions.wavespeed.width'],
      [native({ height: 1328 }), 'invalid_request', 'providerOptions.wavespeed.height'],
      [native({ negative_prompt: 'fog' }), 'invalid_request', 'providerOptions.wavespeed.negative_prompt'],
    ] as const)('refuses %o', (options, code, name) => {
      const error = refusalOf(model, options);
      expect(error).toMatchObject({ code, billed: 'no' });
      expect(String(error)).toContain(name);
    });
  });

  test('Dreamina lists sync mode and Seedream V3.1 does not', () => {
    const on = native({ enable_sync_mode: true });
    expect(bodyOf(dreamina, on)).toMatchObject({ enable_sync_mode: true });
    expect(refusalOf(dreamina, native({ enable_sync_mode: 'true' }))).toMatchObject({ code: 'invalid_request' });
    expect(refusalOf(seedream31, on)).toMatchObject({ code: 'invalid_request' });
  });

  test('the defaults of the pages stand in the table', () => {
    const defaultsOf = (id: string): Record<string, unknown> => {
      const fields = fieldsOf(id).map(([name, spec]) => [name, 'default' in spec ? spec.default : undefined]);
      return Object.fromEntries(fields);
    };
    expect(defaultsOf(dreamina)).toEqual({
      size: '1328*1328',
      seed: -1,
      enable_prompt_expansion: true,
      enable_base64_output: false,
      enable_sync_mode: false,
    });
    expect(defaultsOf(seedream31)).toEqual({
      size: '1024*1024',
      seed: -1,
      enable_prompt_expansion: true,
      enable_base64_output: false,
    });
  });
});

describe('every field of every model', () => {
  const cases = wavespeedAdapter.families.flatMap(({ models }) =>
    models.flatMap(({ native }) => fieldsOf(native).map(([name, spec]) => [native, name, spec] as const)),
  );

  test.each(cases)('%s has limits for %s', (model, name, spec) => {
    const images = takesImages(model) && name !== 'image' && name !== 'images' ? ['https://example.com/a.png'] : [];
    const needed = takesImages(model) && images.length === 0;
    const send = (value: Json): Partial<RequestOptions> => ({ images, ...native({ [name]: value }) });
    for (const value of needed ? [] : inside(spec)) {
      expect(bodyOf(model, send(value))).toMatchObject({ [name]: value });
    }
    for (const value of outside(spec)) {
      const error = refusalOf(
        model,
        needed ? { images: ['https://example.com/a.png'], ...native({ [name]: value }) } : send(value),
      );
      expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
      expect(String(error)).toContain(`providerOptions.wavespeed.${name}`);
    }
  });

  test('reference pictures are counted', () => {
    const pictures = (count: number): string[] =>
      Array.from({ length: count }, (_, k) => `https://example.com/${k}.png`);
    expect(bodyOf('seedream-4', { images: pictures(10) })).toMatchObject({ images: pictures(10) });
    expect(refusalOf('seedream-4', { images: pictures(11) })).toMatchObject({ code: 'unsupported' });
  });

  test('Seedream 5 Lite also limits the pixels in all', () => {
    expect(bodyOf('seedream-5-lite', { size: '2560*1440' })).toMatchObject({ size: '2560*1440' });
    expect(bodyOf('seedream-5-lite', { size: '4096*4096' })).toMatchObject({ size: '4096*4096' });
    expect(refusalOf('seedream-5-lite', { size: '2559*1440' })).toMatchObject({ code: 'unsupported' });
    expect(refusalOf('seedream-5-lite', { size: '4096*4097' })).toMatchObject({ code: 'unsupported' });
    expect(refusalOf('seedream-5-lite', { size: '1439*3000' })).toMatchObject({ code: 'unsupported' });
  });
});

function familyOf(id: string) {
  return wavespeedAdapter.families.find(({ models }) => models.some(({ native }) => native === id));
}

function takesImages(id: string): boolean {
  return familyOf(id)?.accepts.images !== undefined;
}

function fieldsOf(id: string): [string, FieldSpec][] {
  const fields = familyOf(id)?.fields ?? 'any';
  return fields === 'any' ? [] : Object.entries(fields);
}

function inside(spec: FieldSpec): Json[] {
  switch (spec.type) {
    case 'boolean':
      return [true, false];
    case 'choice':
      return [...spec.values];
    case 'integer':
      return [spec.min ?? 0, spec.max ?? 9];
    case 'size':
      return [spec.default ?? '2048*2048', '2048*2048'];
    case 'number':
      return [spec.default ?? 1];
    case 'text':
      return ['https://example.com/a.png'];
    case 'urls':
      return [['https://example.com/a.png']];
    default:
      throw new Error(`no value for ${spec.type}`);
  }
}

function outside(spec: FieldSpec): Json[] {
  switch (spec.type) {
    case 'integer':
      return [(spec.min ?? 0) - 1, (spec.max ?? 9) + 1, 0.5, '1'];
    case 'size':
      return [`${(spec.min ?? 1) - 1}*2048`, `${(spec.max ?? 0) + 1}*2048`, '2048', 2048, null];
    case 'number':
      return ['1', null];
    case 'text':
      return ['', 1];
    case 'urls':
      return ['https://example.com/a.png', [1]];
    default:
      return ['no such value', 1, null];
  }
}
