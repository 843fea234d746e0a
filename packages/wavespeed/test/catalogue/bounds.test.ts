import type { Json, RequestOptions } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { wavespeedAdapter } from '../../src/adapter.ts';
import { bodyWith, familyOf, minimal, nativeFields } from './minimal.ts';
import { type Model, models, validatorOf } from './recorded.ts';
import { inside, outside } from './values.ts';

const byHand = new Set<string>(
  wavespeedAdapter.families.flatMap((family) => family.models.map(({ native }) => native)),
);
const known = models.filter(({ id, schema }) => schema !== 'none' && !byHand.has(id));

/** A picture that is only masked goes with its mask, and a mask with its picture. */
const partners: Readonly<Record<string, string>> = { image: 'mask_image', mask_image: 'image' };

function beside(model: Model, name: string): Record<string, Json> {
  const other = partners[name];
  if (other === undefined || !nativeFields(model).some(([each]) => each === other)) return {};
  return familyOf(model.id).check ? { [other]: 'https://example.com/other.png' } : {};
}

describe.each(known.map((model) => [model.id, model] as const))('%s', (_, model) => {
  const isValid = validatorOf(model);
  const expectValid = (body: Json): void => {
    isValid(body);
    expect(isValid.errors ?? []).toEqual([]);
  };

  test('the least that it needs is what the host takes', () => expectValid(bodyWith(model, {})));

  test('every native field passes at its bounds and is refused beyond them', () => {
    for (const [name, input] of nativeFields(model)) {
      for (const value of inside(name, input)) {
        const body = bodyWith(model, { ...beside(model, name), [name]: value });
        expect(body).toHaveProperty([name], value);
        expectValid(body);
      }
      for (const value of outside(name, input)) {
        const send = () => bodyWith(model, { ...beside(model, name), [name]: value });
        expect(send, `${name}: ${JSON.stringify(value)}`).toThrow(`providerOptions.wavespeed.${name}`);
      }
    }
  });

  test('every neutral option passes at its bounds', () => {
    for (const options of neutral(model)) expectValid(bodyWith(model, {}, options));
  });

  test('a field that it has not is refused', () => {
    expect(() => bodyWith(model, { no_such_field: 1 })).toThrow('the model has no such field');
  });
});

function neutral(model: Model): Partial<RequestOptions>[] {
  const { accepts } = familyOf(model.id);
  const { geometry = {}, images } = accepts;
  const least = minimal(model).images ?? [];
  const most = Math.min(images?.max ?? 0, 12);
  const fill = Array.from({ length: most }, (_, k) => `https://example.com/${k}.png`);
  const masked = accepts.mask && familyOf(model.id).check ? { mask: 'https://example.com/mask.png' } : {};
  const ratios = geometry.ratios === 'any' ? ['16:9'] : (geometry.ratios ?? []);
  return [
    ...ratios.map((aspectRatio) => ({ aspectRatio }) as RequestOptions),
    ...(geometry.resolutions ?? []).map((resolution) => ({ resolution })),
    ...(geometry.sizes ?? []).map((size) => ({ size }) as RequestOptions),
    ...(geometry.pixels ? [{ size: '1024*1024', fit: 'nearest' } as const] : []),
    ...(geometry.pixels && !geometry.ratios ? [{ aspectRatio: '1:1', resolution: '1K', fit: 'nearest' } as const] : []),
    ...(accepts.seed ? [{ seed: 0 }, { seed: 2_147_483_647 }] : []),
    ...(accepts.promptExpansion ? [{ promptExpansion: true }, { promptExpansion: false }] : []),
    ...(accepts.sync ? [{ sync: true }] : []),
    ...(accepts.base64 ? [{ responseFormat: 'base64' } as const] : []),
    ...(accepts.outputFormats ?? []).map((outputFormat) => ({ outputFormat })),
    ...(most > least.length ? [{ images: fill, ...masked }] : []),
    ...(accepts.mask
      ? [{ images: fill.slice(0, Math.max(1, least.length)), mask: 'https://example.com/mask.png' }]
      : []),
  ];
}
