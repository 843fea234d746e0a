import type { Cost, HttpRequest, Json, NativeRequest } from '@imageport/core';
import * as v from 'valibot';

/** Asks what a request would cost, which is free (`POST /api/v3/model/price`, as the host's own command line does). */
export const toQuoteRequest = ({ model, prompt, fields }: NativeRequest): HttpRequest => ({
  method: 'POST',
  path: '/api/v3/model/price',
  body: {
    model_id: model,
    inputs: withoutData({ ...fields, ...(prompt === '' ? {} : { prompt }) }) as { readonly [name: string]: Json },
  },
});

/** A price may depend on how many pictures are given and never on what they show: megabytes are not sent for that. */
function withoutData(value: Json): Json {
  if (typeof value === 'string') return /^data:image\//i.test(value) ? value.slice(0, value.indexOf(',') + 1) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutData);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutData(member)]));
}

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const answerSchema = v.object({
  code: v.literal(200),
  data: v.object({
    price: amount,
    /** What an account with a discount really pays. */
    discounted_price: v.nullish(amount),
    currency: v.nullish(v.literal('USD')),
  }),
});

/** The price of that request for this account; undefined for an answer that is not understood. */
export function parseQuote(body: unknown): Cost | undefined {
  const answer = v.safeParse(answerSchema, body);
  if (!answer.success) return undefined;
  const { price, discounted_price: discounted } = answer.output.data;
  return { amount: discounted ?? price, currency: 'USD', source: 'quoted' };
}
