import {
  type Cost,
  checkImage,
  type GenerateImageOptions,
  type ImageCheck,
  ImageError,
  type MaxCost,
} from '@imageport/core';

/** What a call can cost at most: for all pictures, of the dearest model of its route in each currency. */
export interface Price {
  readonly amounts: MaxCost;
  /** The price of a model that may be asked is not listed. */
  readonly isUnknown: boolean;
}

/** Asks the tables what a call can cost. Throws what the first model says where none of the route can do it. Sends nothing. */
export async function priceOf(options: GenerateImageOptions): Promise<Price> {
  const { n = 1, model, prompt, size, aspectRatio, resolution, seed, images, outputFormat } = options;
  const request = { model, prompt, size, aspectRatio, resolution, seed, images, outputFormat };
  const able = (await checkImage(request)).filter(possible);
  const amounts: { USD?: number; credit?: number } = {};
  for (const { price } of able) {
    if (price.currency === undefined) continue;
    amounts[price.currency] = Math.max(amounts[price.currency] ?? 0, round(price.amount * n));
  }
  return { amounts, isUnknown: able.some(({ price }) => price.source === 'unknown') };
}

function possible({ verdict, error }: ImageCheck, _index: number, checks: readonly ImageCheck[]): boolean {
  if (checks.every((each) => each.verdict === 'refused')) {
    throw (
      error ?? new ImageError({ code: 'unsupported', message: 'no model can do this', billed: 'no', stage: 'prepare' })
    );
  }
  return verdict !== 'refused';
}

/** Whether a price is within amounts; a currency that they do not name is not. */
export const isWithin = ({ amounts, isUnknown }: Price, most: MaxCost): boolean =>
  !isUnknown && entriesOf(amounts).every(([currency, amount]) => amount <= (most[currency] ?? 0) + 1e-9);

export const entriesOf = (
  amounts: Partial<Record<'USD' | 'credit', number | undefined>>,
): (readonly ['USD' | 'credit', number])[] =>
  (['USD', 'credit'] as const).flatMap((currency) => {
    const amount = amounts[currency];
    return amount === undefined ? [] : [[currency, amount] as const];
  });

/** "0.054 USD", "5 credits", or of a route with both "0.054 USD or 5 credits". */
export function showPrice({ amounts, isUnknown }: Price): string {
  const shown = entriesOf(amounts).map(([currency, amount]) => showAmount(amount, currency));
  return [...shown, ...(isUnknown ? ['a price that is not listed'] : [])].join(' or ');
}

const showAmount = (amount: number, currency: 'USD' | 'credit'): string =>
  currency === 'USD' ? `${amount} USD` : `${amount} ${amount === 1 ? 'credit' : 'credits'}`;

const round = (amount: number): number => Math.round(amount * 1e6) / 1e6;

/** A cost as the tools write it. */
export interface PlainCost {
  readonly source: Cost['source'];
  readonly amount?: number;
  readonly currency?: 'USD' | 'credit';
  readonly as_of?: string;
}

export function toPlainCost(cost: Cost): PlainCost {
  if (cost.source === 'unknown') return { source: 'unknown' };
  const { amount, currency, source, asOf } = cost;
  return { source, amount, currency, ...(asOf === undefined ? {} : { as_of: asOf }) };
}
