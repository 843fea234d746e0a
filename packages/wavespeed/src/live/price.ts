import type { Cost, JsonObject, ModelRow } from '@imageport/core';
import { type PriceTerm, toPrice } from '../catalogue/price.ts';
import { toFieldSpec } from './field-spec.ts';
import type { ListedModel } from './read-list.ts';

/** What the price of the tables was made from, and the day on which the list was read. */
export interface Known {
  readonly date: string;
  /** The base price in USD; absent for a model that is newer. */
  readonly base?: number | undefined;
  /** JSONata over the inputs. */
  readonly formula?: string | undefined;
}

/**
 * The price of the tables while the list says nothing else than what they were made from; else what the list says, as far as it
 * can be read. What cannot be is unknown, never the base price.
 */
export function withPrice(row: ModelRow, model: ListedModel, known: Known): ModelRow {
  const { gone: _gone, price, ...rest } = row;
  const { usd, formula } = model;
  if (formula === undefined || isSame(formula, known.formula)) {
    if (usd === undefined || usd === known.base) return price === undefined ? rest : { ...rest, price };
    if (formula === undefined && typeof price === 'function') return { ...rest, price: atNewBase(price, usd, known) };
  }
  return { ...rest, price: byFormula(model, known.date) };
}

const isSame = (formula: string, known = ''): boolean => withoutSpaces(formula) === withoutSpaces(known);
const withoutSpaces = (text: string): string => text.replace(/\s/g, '');

/** Without a formula it is not known how a new base price changes what costs more: only what costs the base price still does. */
function atNewBase(price: Extract<ModelRow['price'], (...given: never) => unknown>, usd: number, known: Known) {
  return (sent: JsonObject, prompt: string): Cost => {
    const before = price(sent, prompt);
    return 'amount' in before && before.amount === known.base
      ? { amount: usd, currency: 'USD', source: 'listed', asOf: known.date }
      : { source: 'unknown' };
  };
}

function byFormula({ usd, formula, inputs = {} }: ListedModel, asOf: string): NonNullable<ModelRow['price']> {
  if (usd === undefined) return { source: 'unknown' };
  const fields = Object.entries(inputs).map(([name, input]) => [name, toFieldSpec(name, input)] as const);
  return toPrice({ usd, asOf, term: readFormula(formula, inputs) }, Object.fromEntries(fields));
}

/** Formulas that only count, which most do; any other price is unknown. A count with no default is known only where it is sent. */
function readFormula(formula: string | undefined, inputs: NonNullable<ListedModel['inputs']>): PriceTerm | undefined {
  if (formula === undefined) return undefined;
  const [found, factor] = counting.exec(formula) ?? [];
  if (found === undefined) return ['unknown'];
  if (factor === undefined) return undefined;
  if (/^\d/.test(factor)) return ['*', 'base_price', Number(factor)];
  const product: PriceTerm = ['*', 'base_price', factor];
  const isOpen = Object.hasOwn(inputs, factor) && inputs[factor]?.default === undefined;
  return isOpen ? ['?', ['given', factor], product, ['unknown']] : product;
}

const counting = /^\{"total_price":\s*base_price(?: ?\* ?(?:\$number\()?(\d+(?:\.\d+)?|[a-z_]\w*)\)?)?\s*\}$/i;
