import { createHash } from 'node:crypto';
import type { Exchange } from '../http/endpoint.ts';
import { isObject, type Reply } from '../http/message.ts';
import { failure, success } from './envelope.ts';
import { findModel, type Inputs, models, priceOf, type WavespeedModel } from './models.ts';

export function balance({ world }: Exchange): Reply {
  // Kept free of the dust that adding thousandths of a dollar leaves.
  return success({ balance: Math.round(world.jobs.balance('wavespeed') * 1e6) / 1e6 });
}

export function price(exchange: Exchange): Reply {
  const asked = priced(exchange);
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
export function pricing(exchange: Exchange): Reply {
  const asked = priced(exchange);
  return asked
    ? success({ model_id: asked.id, unit_price: asked.usd, currency: 'USD' })
    : failure(404, 'model not found');
}

function priced({ json: body }: Exchange): { id: string; usd: number } | undefined {
  const { model_id: id, inputs } = isObject(body) ? body : {};
  const model = findModel(String(id));
  return model && { id: model.id, usd: priceOf(model, isObject(inputs) ? inputs : ({} satisfies Inputs)) };
}

export function listModels({ origin }: Exchange): Reply {
  return success(models.map((model, index) => toEntry(model, index, origin)));
}

function toEntry(model: WavespeedModel, index: number, origin: string) {
  const properties = model.fields;
  const schema = {
    type: 'object',
    properties,
    required: model.required,
    'x-order-properties': Object.keys(properties),
  };
  return {
    model_id: model.id,
    name: model.id,
    description: `${model.id}, drawn locally`,
    type: model.required.some((name) => name.startsWith('image')) ? 'image-to-image' : 'text-to-image',
    base_price: model.basePrice,
    sort_order: index,
    formula: String(model.basePrice),
    api_schema: {
      api_schemas: [
        {
          type: 'model_run',
          method: 'POST',
          server: `${origin}/wavespeed`,
          api_path: `/api/v3/${model.id}`,
          request_schema: schema,
        },
      ],
    },
  };
}

/** One secret for each API key. */
export const secretOf = (apiKey: string): string =>
  `whsec_${createHash('sha256').update(`emulator ${apiKey}`).digest('hex').slice(0, 40)}`;

export const webhookSecret = ({ apiKey }: Exchange): Reply => success({ secret: secretOf(apiKey) });
