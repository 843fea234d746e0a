import { describe, expect, test } from 'vitest';
import { priceRange } from '../../src/catalogue/index.ts';
import type { Family, FieldSpec, ModelRow } from '../../src/contract/family.ts';
import type { Cost } from '../../src/contract/result.ts';

type Fields = Readonly<Record<string, FieldSpec>>;

const usd = (amount: number): Cost => ({ amount, currency: 'USD', source: 'listed', asOf: '2026-10-02' });
const rangeOf = (price: ModelRow['price'], fields: Fields = {}, more: Partial<Family> = {}) => {
  const row: ModelRow = { ids: [], native: 'x/paint', ...(price === undefined ? {} : { price }) };
  const range = priceRange(row, { models: [row], accepts: {}, fields, toWire: () => ({}), ...more });
  return range && [range.usual.amount, range.least.amount, range.most.amount, ...(range.but ? [range.but] : [])];
};

const quality: FieldSpec = { type: 'choice', values: ['low', 'high'], default: 'high' };
const size: FieldSpec = { type: 'choice', values: ['small', 'large'] };

describe('the range of a price', () => {
  test('is one amount where no field moves it, and none where nobody knows it', () => {
    expect(rangeOf(usd(0.03))).toEqual([0.03, 0.03, 0.03]);
    expect(rangeOf(undefined)).toBeUndefined();
    expect(rangeOf({ source: 'unknown' })).toBeUndefined();
    expect(rangeOf(() => ({ source: 'unknown' }))).toBeUndefined();
  });

  test('goes over choices together, also where one is read beside another only', () => {
    const price: ModelRow['price'] = (fields) =>
      fields.quality === 'low' ? usd(fields.size === 'small' ? 1 : 2) : usd(fields.size === 'large' ? 9 : 4);
    expect(rangeOf(price, { quality, size, other: size })).toEqual([4, 1, 9]);
  });

  test('goes over switches, counts and lists to their ends', () => {
    const price: ModelRow['price'] = ({ web, n = 1, images = [] }) =>
      usd(Number(n) + (web ? 10 : 0) + 100 * (images as string[]).length);
    const fields: Fields = {
      ...{ web: { type: 'boolean' }, n: { type: 'integer', min: 1, max: 4 }, images: { type: 'urls', max: 3 } },
    };
    expect(rangeOf(price, fields)).toEqual([1, 1, 314]);
  });

  test('leaves nothing out that must be there', () => {
    const price: ModelRow['price'] = ({ scale }) => (scale === undefined ? { source: 'unknown' } : usd(Number(scale)));
    const fields: Fields = { scale: { type: 'choice', values: [2, 4] } };
    expect(rangeOf(price, fields, { required: ['scale'] })).toEqual([undefined, 2, 4]);
    expect(rangeOf(price, fields)).toEqual([undefined, 2, 4, 'unknown']);
  });

  test('has no end where nothing that counts has one', () => {
    expect(rangeOf(({ n = 1 }) => usd(Number(n)), { n: { type: 'integer', min: 1 } })).toEqual([1, 1, 1, 'more']);
    expect(rangeOf(({ images }) => usd(images ? 2 : 1), { images: { type: 'urls' } })).toEqual([1, 1, 2, 'more']);
    const byLength: ModelRow['price'] = ({ prompt }, words) => usd(String(prompt ?? words).length);
    expect(rangeOf(byLength, { prompt: { type: 'text' } })).toEqual([1, 1, 1, 'more']);
    expect(rangeOf(byLength, { prompt: { type: 'text', max: 90 } })).toEqual([1, 1, 90]);
  });

  test('says where there are more combinations than were tried', () => {
    const names = Array.from({ length: 20 }, (_, index) => `field_${index}`);
    const price: ModelRow['price'] = (fields) => usd(1 + names.filter((name) => fields[name] === true).length);
    const fields = Object.fromEntries(names.map((name) => [name, { type: 'boolean' } as const]));
    expect(rangeOf(price, fields)?.at(-1)).toBe('about');
  });
});
