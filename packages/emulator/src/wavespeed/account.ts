import { createHash } from 'node:crypto';
import type { Exchange } from '../http/endpoint.ts';
import { isObject, type Reply } from '../http/message.ts';
import { findModel } from './catalogue.ts';
import { failure, success } from './envelope.ts';
import { priceOf } from './price.ts';

export function balance({ world }: Exchange): Reply {
  // Kept free of the dust that adding thousandths of a dollar leaves.
  return success({ balance: Math.round(world.jobs.balance('wavespeed') * 1e6) / 1e6 });
}

/** POST /api/v3/model/price: free, and asks for no valid inputs. */
export async function price(exchange: Exchange): Promise<Reply> {
  const asked = await priced(exchange);
  if (!asked) return failure(404, 'model not found');
  return success({
    model_id: asked.id,
    price: asked.usd,
    discounted_price: asked.usd,
    discount_rate: 1,
    currency: 'USD',
  });
}

/** The older twin of the price endpoint. */
export async function pricing(exchange: Exchange): Promise<Reply> {
  const asked = await priced(exchange);
  return asked
    ? success({ model_id: asked.id, unit_price: asked.usd, currency: 'USD' })
    : failure(404, 'model not found');
}

async function priced({ json: body, world }: Exchange): Promise<{ id: string; usd: number } | undefined> {
  const { model_id: id, inputs } = isObject(body) ? body : {};
  const model = findModel(String(id), world.settings);
  return model && { id: model.id, usd: await priceOf(model, isObject(inputs) ? inputs : {}) };
}

/** One secret for each API key. */
export const secretOf = (apiKey: string): string =>
  `whsec_${createHash('sha256').update(`emulator ${apiKey}`).digest('hex').slice(0, 40)}`;

export const webhookSecret = ({ apiKey }: Exchange): Reply => success({ secret: secretOf(apiKey) });
