import { describe, expect, test } from 'vitest';
import { familyOf } from './catalogue/minimal.ts';
import { modelOf, models } from './catalogue/recorded.ts';
import { bodyOf, refusalOf } from './to-http.ts';

const picture = 'https://example.com/a.png';
const native = (fields: Record<string, string | string[]>) => ({ providerOptions: { wavespeed: fields } });

describe('a picture given as a native field', () => {
  test.each([
    ['google/nano-banana-pro/edit', { images: [picture] }, 'images'],
    ['wavespeed-ai/qwen-image/edit', { image: picture }, 'images'],
    ['nano-banana-pro', { images: [picture] }, 'images'],
    ['nano-banana-pro', { reference_images: [picture] }, 'images'],
    ['flux-2-pro', { mask_image: picture }, 'mask'],
  ])('of %s is refused with the option that it has: %o', (id, fields, option) => {
    const error = refusalOf(id, native(fields));
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(String(error)).toContain(`given by the option \`${option}\``);
  });

  test('is refused where a mask of the same model is needed', () => {
    const error = refusalOf('wavespeed-ai/flux-v1-pro/erase', {
      prompt: '',
      images: [picture],
      ...native({ mask_image: picture }),
    });
    expect(String(error)).toContain('given by the option `mask`');
  });

  test('goes out where no option writes it', () => {
    expect(
      bodyOf('wavespeed-ai/infinite-you', { prompt: '', images: [picture], ...native({ target_image: picture }) }),
    ).toEqual({
      ...{ source_image: picture, target_image: picture },
    });
  });

  test('does not hide a slip that is none of a picture', () => {
    expect(refusalOf('nano-banana-pro', native({ image_sizes: '2k' }))).not.toContain('option');
  });
});

describe('a model that changes pictures', () => {
  const changing = models.filter(({ id, inputs, live, type }) => {
    const isNamed = type === 'image-to-image' || id.includes('kontext-dev');
    return live && isNamed && ['image', 'images'].some((name) => inputs?.[name]);
  });

  test.each(changing.map(({ id }) => [id]))('%s is asked with a picture only, whatever its schema says', (id) => {
    expect(familyOf(id).accepts.images?.min).toBeGreaterThan(0);
  });

  test.each(['kwaivgi/kling-image-o1', 'wavespeed-ai/flux-kontext-dev', 'openai/gpt-image-1.5/edit'])(
    '%s is refused with a prompt alone',
    (id) => {
      expect(
        Object.values(modelOf(id).inputs ?? {}).filter(({ required, type }) => required && type === 'array'),
      ).toEqual([]);
      expect(refusalOf(id, {})).toMatchObject({ code: 'unsupported', billed: 'no' });
      expect(String(refusalOf(id, {}))).toContain('`images`: the model needs a reference picture');
    },
  );
});

test.each(['minimax/image-01/text-to-image', 'minimax/image-01/image-to-image'])(
  '%s calls prompt expansion prompt_optimizer',
  (id) => {
    const images = id.endsWith('image-to-image') ? [picture] : [];
    expect(bodyOf(id, { images, promptExpansion: true })).toMatchObject({ prompt_optimizer: true });
    expect(bodyOf(id, { images, promptExpansion: false })).toMatchObject({ prompt_optimizer: false });
  },
);
