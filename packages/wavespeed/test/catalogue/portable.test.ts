import { describe, expect, test } from 'vitest';
import { portable } from '../../catalogue/overrides.ts';
import { bodyOf, prepare } from '../to-http.ts';
import { familyOf } from './minimal.ts';
import { modelOf } from './recorded.ts';

const picture = 'https://example.com/a.png';
const rows = Object.entries(portable);
const [pairs, singles] = [rows.filter(([, [, edit]]) => edit), rows.filter(([, [, edit]]) => !edit)];
const options = (id: string) => {
  const { images, prompt } = familyOf(id).accepts;
  return { prompt: prompt === 'none' ? '' : 'a lighthouse', images: images?.min ? [picture] : [] };
};

describe('portable ids', () => {
  test.each(singles)('%s is one model', (id, [native]) => {
    const { task } = familyOf(native);
    expect(prepare(id, options(native), task).native.model).toBe(native);
  });

  test.each(pairs)('%s draws from words, and from pictures with its edit variant', (id, [native, edit = '']) => {
    expect(prepare(id, { prompt: 'a lighthouse' }).native.model).toBe(native);
    if (modelOf(edit).schema === 'none') return;
    const edited = prepare(id, { prompt: 'a lighthouse', images: [picture] }).native;
    expect(edited.model).toBe(edit);
    expect(JSON.stringify(edited.fields)).toContain(picture);
  });

  test('every one that is live is drawn without a warning', () => {
    for (const [id, [native]] of rows) {
      const { warnings } = prepare(id, options(native), familyOf(native).task);
      expect(warnings, id).toHaveLength(modelOf(native).live ? 0 : 1);
    }
  });

  test('the pictures of an edit variant without a known schema are refused, because their field is not known', () => {
    expect(() => bodyOf('nano-banana-2-lite', { images: [picture] })).toThrow('`images`');
  });

  test('a reference picture never goes to a model that would only mask it', () => {
    expect(() => bodyOf('ideogram-v3-turbo', { images: [picture] })).toThrow('only together with a mask');
    const mask = 'https://example.com/mask.png';
    expect(bodyOf('ideogram-v3-turbo', { images: [picture], mask })).toMatchObject({
      image: picture,
      mask_image: mask,
    });
  });
});
