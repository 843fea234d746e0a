import type { Json } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { bodyOf, prepare, refusalOf } from '../to-http.ts';
import { familyOf, minimal } from './minimal.ts';
import { modelOf, models, newest } from './recorded.ts';

const picture = 'https://example.com/a.png';
const native = (fields: Record<string, Json>) => ({ providerOptions: { wavespeed: fields } });

describe('models without a schema', () => {
  const unknown = models.filter(
    ({ schema, id }) => schema === 'none' && !id.startsWith('bytedance/seedream-v5.0-flash/edit'),
  );

  test.each(unknown.map((model) => [model.id, model] as const))('%s has a price, and is known in part', (id, model) => {
    expect(familyOf(id).partly).toBe(true);
    const { prompt } = familyOf(id).accepts;
    if (model.type === 'text-to-image') expect(prompt).toBe('required');
    const row = familyOf(id).models.find((each) => each.native === id);
    expect(row?.price).toMatchObject({ amount: model.usd[newest], asOf: newest });
  });

  const blind = unknown.filter(({ id, type }) => type !== 'text-to-image' && !familyOf(id).required?.length);

  test('there are some that take pictures, or weights, in fields that nobody knows', () => {
    expect(blind.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['bria/virtual-try-on', 'wavespeed-ai/minimax-h3/text-to-image-lora']),
    );
  });

  test.each(blind.map(({ id }) => id))('%s is not asked with a prompt alone, which is charged for nothing', (id) => {
    const error = refusalOf(id, {});
    expect(error).toMatchObject({ code: 'unsupported', billed: 'no' });
    expect(String(error)).toContain('with `unchecked: true`');
    expect(refusalOf(id, { images: [picture], unchecked: true })).toMatchObject({
      message: expect.stringContaining('in which field they go is not known'),
    });
    const sent = prepare(id, { prompt: '', unchecked: true, ...native({ images: [picture] }) });
    expect(sent.native.fields).toEqual({ images: [picture] });
  });

  test.each(unknown.filter(({ type }) => type === 'text-to-image').map(({ id }) => id))(
    '%s draws from a prompt, and says that only that is known',
    (id) => {
      const { native: sent, warnings } = prepare(id, { prompt: 'a lighthouse' });
      expect(sent.fields).toEqual({ prompt: 'a lighthouse' });
      expect(warnings).toEqual([`of the fields of wavespeed:${id} only \`prompt\` is known`]);
      expect(refusalOf(id, { prompt: '' })).toMatchObject({ code: 'invalid_request' });
    },
  );

  test('a field of theirs is sent with `unchecked`, which the warnings tell', () => {
    const edit = native({ images: [picture] });
    expect(refusalOf('google/nano-banana-2-lite/edit', edit)).toMatchObject({ code: 'unsupported' });
    const { native: sent, warnings } = prepare('google/nano-banana-2-lite/edit', {
      prompt: 'x',
      ...edit,
      unchecked: true,
    });
    expect(sent.fields).toEqual({ prompt: 'x', images: [picture] });
    expect(warnings.join()).toContain('images unchecked');
  });
});

describe('models whose schema demands nothing', () => {
  const free = models.filter(({ inputs }) => inputs && !Object.values(inputs).some(({ required }) => required));

  test('there are some', () => expect(free.length).toBeGreaterThan(4));

  test.each(free.map(({ id }) => id))('%s is not asked with neither a prompt nor a picture', (id) => {
    expect(refusalOf(id, { prompt: '' })).toMatchObject({ billed: 'no', message: expect.stringMatching(/image/) });
    expect(bodyOf(id, { prompt: '', images: [picture] })).toEqual({ image: picture });
  });
});

test('a model whose schema is older than its category goes by its fields', () => {
  expect(modelOf('ideogram-ai/ideogram-v4').type).toBe('image-to-image');
  expect(bodyOf('ideogram-ai/ideogram-v4', { aspectRatio: '3:4' })).toEqual({ prompt: 'a lighthouse', size: '3:4' });
  expect(familyOf('ideogram-ai/ideogram-v4').partly).toBe(true);
  expect(familyOf('midjourney/text-to-image').partly).toBe(true);
});

describe('a listed path of another model', () => {
  test.each(models.filter(({ listedPath }) => listedPath).map(({ id }) => [id]))(
    '%s is asked under its own id',
    (id) => {
      const { images = [], prompt } = minimal(modelOf(id));
      expect(prepare(id, { prompt, images }).native.model).toBe(id);
    },
  );
});

describe('masks', () => {
  const masked = models.filter(({ inputs }) => inputs?.mask_image);

  test.each(masked.map((model) => [model.id, model] as const))(
    '%s takes one only if white is known to change',
    (id, { inputs }) => {
      const white = inputs?.mask_image?.stated?.white === 'change';
      expect(familyOf(id).accepts.mask !== undefined).toBe(white);
    },
  );
});

describe('fields that hold a picture', () => {
  test.each([
    ['wavespeed-ai/flux-dev', { image: '' }],
    ['wavespeed-ai/flux-dev', { image: 'not a picture' }],
    ['google/nano-banana/edit', { images: ['not a picture', ''] }],
    ['bytedance/seedream-v4/edit', { images: ['not a picture'] }],
    ['bytedance/seededit-v3', { image: 'not a picture' }],
  ] as const)('%s is not sent %o', (id, fields) => {
    expect(refusalOf(id, native(fields as unknown as Record<string, Json>))).toMatchObject({ billed: 'no' });
  });

  test.each(['ideogram-v2', 'wavespeed-ai/flux-dev'])('%s is sent no mask without its picture', (id) => {
    const error = refusalOf(id, native({ mask_image: picture }));
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(String(error)).toContain('`mask_image` is nothing without `image`');
  });
});

test.each([
  ['wavespeed-ai/seedvr2/image', 'upscale'],
  ['recraft-ai/recraft-crisp-upscale', 'upscale'],
  ['wavespeed-ai/real-esrgan', 'upscale'],
  ['wavespeed-ai/vosr2/image', 'upscale'],
  ['bria/remove-background', 'remove-background'],
  ['wavespeed-ai/feynobg', 'remove-background'],
  ['bria/eraser', undefined],
  ['wavespeed-ai/image-face-swap', undefined],
] as const)('%s is there to %s', (id, task) => expect(familyOf(id).task).toBe(task));

test('an id that is in no table is refused with the nearest ones', () => {
  const error = refusalOf('google/nano-bananna-pro/edit', {});
  expect(error).toMatchObject({ code: 'not_found', billed: 'no' });
  expect(String(error)).toContain('google/nano-banana-pro/edit');
});
