import { isDeepStrictEqual } from 'node:util';
import { checkImage } from '@imageport/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWavespeed } from '../src/index.ts';
import { newest } from './catalogue/recorded.ts';
import { type Entry, entryOf, fieldOf, open } from './live-account.ts';

const unknown = { source: 'unknown' };
const asOf = '2026-12-01';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(`${asOf}T12:00:00Z`) });
});
afterEach(() => {
  vi.useRealTimers();
});

const counted = (count: number | undefined) => ({
  providerOptions: { wavespeed: count === undefined ? {} : { num_images: count } },
});

/** An account whose list has `acme/newest` at 0.012: flux-dev with another formula and count. */
const openNewer = (formula: string, usual?: number) =>
  open((list) => {
    const newer: Entry = {
      ...structuredClone(entryOf(list, 'wavespeed-ai/flux-dev')),
      model_id: 'acme/newest',
      formula,
    };
    const count = fieldOf([newer], 'acme/newest', 'num_images');
    delete count.default;
    if (usual !== undefined) count.default = usual;
    return [...list, { ...newer, base_price: 0.012 }];
  });

test.each([
  ['{"total_price": base_price * num_images}', 4, undefined, 0.048],
  ['{"total_price": base_price * num_images}', 4, 2, 0.024],
  ['{"total_price": base_price * num_images}', undefined, 3, 0.036],
  ['{"total_price": $number(num_images) * base_price}', undefined, undefined, undefined],
  ['{"total_price": base_price * num_images}', undefined, undefined, undefined],
  ['{"total_price": base_price * 2}', 1, undefined, 0.024],
  ['{"total_price": base_price * 1.5}', 1, undefined, 0.018],
  ['{"total_price": base_price}', 1, undefined, 0.012],
])('by %s with %s by itself and %s asked for, a newer model costs %s', async (formula, usual, count, amount) => {
  const { price } = await openNewer(formula, usual).check('acme/newest', counted(count));
  expect(price).toEqual(amount === undefined ? unknown : { amount, currency: 'USD', source: 'listed', asOf });
});

const pro = 'google/nano-banana-pro/text-to-image';
const withFormula = (change: (formula: string) => string | undefined) =>
  open((list) =>
    list.map((model) => {
      if (model.model_id !== pro) return model;
      const { formula = '', ...rest } = model;
      const changed = change(formula);
      return changed === undefined ? rest : { ...rest, formula: changed };
    }),
  );

test('a formula that has changed makes a price unknown, also where the base price has not', async () => {
  const { check } = withFormula(() => '{"total_price": base_price * (resolution = "4k" ? 10 : 1)}');
  for (const resolution of ['1K', '4K']) expect((await check(pro, { resolution })).price).toEqual(unknown);
});

test.each([
  ['is written with other spaces', (formula: string) => formula.replaceAll(' ', '  ')],
  ['is not in the list', () => undefined],
])('a formula that %s leaves the price of the tables', async (_, change) => {
  const { check } = withFormula(change);
  expect((await check(pro, { resolution: '4K' })).price).toMatchObject({ amount: 0.24, asOf: newest });
});

test('a formula that has become a count is calculated', async () => {
  const { check } = withFormula(() => '{"total_price": base_price * 3}');
  expect((await check(pro, { resolution: '4K' })).price).toMatchObject({ amount: 0.42, asOf });
});

test('at a new base price without a formula, only what cost the base price is known', async () => {
  const { check } = open((list) => {
    entryOf(list, 'bytedance/seedream-v5.0-pro').base_price *= 2;
    return list;
  });
  expect((await check('seedream-5-pro', { resolution: '1K' })).price).toMatchObject({ amount: 0.09, asOf });
  expect((await check('seedream-5-pro', { resolution: '2K' })).price).toEqual(unknown);
});

test('a list that says what the tables were made from leaves every price as it is', async () => {
  let ids: string[] = [];
  const { check, emulator } = open((list) => {
    ids = list.map(({ model_id }) => model_id);
    return list;
  });
  const byTables = createWavespeed({ ...emulator.wavespeed, fetch: emulator.fetch });
  await check(pro);
  const images = ['https://example.com/a.png'];
  const differing: string[] = [];
  for (const id of ids) {
    for (const options of [{}, { images }]) {
      const [plain] = await checkImage({ model: byTables(id), prompt: 'a lighthouse', ...options });
      const live = await check(id, options);
      if (live.verdict !== 'refused' && !isDeepStrictEqual(live.price, plain?.price)) differing.push(id);
    }
  }
  expect(ids.length).toBeGreaterThan(300);
  expect(differing).toEqual([]);
});
