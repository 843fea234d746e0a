import type { Cost, JsonObject, ModelRow } from '@imageport/core';
import type { Price } from './sheet.ts';

/** The price of a row, from the fields that it depends on. */
export function priceOf({ credits, by, usual = '', per, asOf }: Price): NonNullable<ModelRow['price']> {
  const cost = (amount: number): Cost => ({ amount, currency: 'credit', source: 'listed', ...(asOf ? { asOf } : {}) });
  if (typeof credits === 'number' && per === undefined) return cost(credits);
  return (fields) => {
    const one = typeof credits === 'number' ? credits : (credits[String(fields[by ?? ''])] ?? credits[usual]);
    return one === undefined ? { source: 'unknown' } : cost(one * countOf(fields, per));
  };
}

/** How many pictures a job makes where its price is for one. */
function countOf(fields: JsonObject, per: string | undefined): number {
  const count = per === undefined ? 1 : fields[per];
  return typeof count === 'number' ? count : 1;
}
