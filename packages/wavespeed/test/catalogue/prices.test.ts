import type { Cost, JsonObject } from '@imageport/core';
import jsonata from 'jsonata';
import { describe, expect, test } from 'vitest';
import { wavespeedAdapter } from '../../src/adapter.ts';
import { familyOf } from './minimal.ts';
import { type Input, inputsOf, type Model, modelOf, models, newest } from './recorded.ts';

const byHand = new Set<string>(
  wavespeedAdapter.families.flatMap((family) => family.models.map(({ native }) => native)),
);
const prompts = ['x', 'a lighthouse in fog at dawn, seen from the sea'];

function priceOf(id: string, fields: JsonObject, prompt = 'x'): Cost {
  const price = familyOf(id).models.find(({ native }) => native === id)?.price ?? { source: 'unknown' };
  return typeof price === 'function' ? price({ prompt, ...fields }, prompt) : price;
}

const dayOf = (model: Model): string => Object.keys(model.usd).sort().at(-1) ?? '';
const listed = (amount: number, asOf = newest): Cost => ({ amount, currency: 'USD', source: 'listed', asOf });

/** Values that the price may depend on. */
function tried(input: Input): JsonObject[string][] {
  if (input.enum) return input.enum;
  if (input.type === 'boolean') return [true, false];
  if (input.type === 'array') return [['a'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']];
  return [input.minimum ?? 1, 5, input.maximum ?? 60];
}

/** Every combination of values of the fields that a formula names. */
function combinations(model: Model): JsonObject[] {
  const named = inputsOf(model).filter(
    ([name]) => name !== 'prompt' && new RegExp(`\\b${name}\\b`).test(model.priceFormula ?? ''),
  );
  return named.reduce<JsonObject[]>(
    (all, [name, input]) => all.flatMap((each) => [each, ...tried(input).map((value) => ({ ...each, [name]: value }))]),
    [{}],
  );
}

describe('prices that depend on the fields', () => {
  const doubtful = ['clarity-ai/crystal-upscaler', 'openai/gpt-image-2/edit', 'runwayml/gen4-image'];
  const withFormula = models.filter(
    ({ id, priceFormula }) => priceFormula && !byHand.has(id) && !doubtful.includes(id),
  );

  test.each(withFormula.map((model) => [model.id, model] as const))(
    '%s costs what its formula says',
    async (id, model) => {
      const formula = jsonata(model.priceFormula ?? '');
      const usual = Object.fromEntries(inputsOf(model).map(([name, { default: value }]) => [name, value]));
      const base_price = (model.usd[dayOf(model)] ?? 0) * 1e6;
      for (const fields of combinations(model)) {
        for (const prompt of prompts) {
          // A count that is neither an input nor given is one.
          const inputs = { num_images: 1, ...JSON.parse(JSON.stringify(usual)), ...fields, prompt, base_price };
          const { total_price } = (await formula.evaluate(inputs)) as { total_price: number };
          expect(priceOf(id, fields, prompt), JSON.stringify(fields)).toEqual(
            listed(Math.round(total_price) / 1e6, dayOf(model)),
          );
        }
      }
    },
  );

  test.each(doubtful)('%s has a formula that does not fit its base price: unknown', (id) => {
    expect(priceOf(id, {})).toEqual({ source: 'unknown' });
  });
});

describe('base prices', () => {
  const plain = models.filter(({ id, priceFormula }) => !priceFormula && !byHand.has(id));

  test.each(plain.map((model) => [model.id, model] as const))('%s: of the newest copy that lists it', (id, model) => {
    expect(priceOf(id, {})).toEqual(listed(model.usd[dayOf(model)] ?? 0, dayOf(model)));
  });

  test('a model whose formula was never seen has a price for what it does by itself only', () => {
    const id = 'ideogram-ai/ideogram-v4.5';
    expect(priceOf(id, { resolution: '1k', quality: 'medium' })).toEqual(listed(0.06));
    expect(priceOf(id, { resolution: '2k' })).toEqual({ source: 'unknown' });
    expect(priceOf(id, { quality: 'high' })).toEqual({ source: 'unknown' });
    expect(modelOf(id).priceFormula).toBeUndefined();
  });
});
