import type { Pixels, Schema, WavespeedModel } from '../catalogue/document.ts';
import type { Exchange } from '../http/endpoint.ts';
import type { Reply } from '../http/message.ts';
import { listedModels } from './catalogue.ts';
import { success } from './envelope.ts';

/** GET /api/v3/models: the host's list, as far as it makes pictures. */
export function listModels({ origin, world }: Exchange): Reply {
  return success(listedModels(world.settings).map((model, index) => toEntry(model, index, origin)));
}

function toEntry(model: WavespeedModel, index: number, origin: string) {
  const { id, type, usd, listed, path = `/api/v3/${id}` } = model;
  const { schema, formula = '' } = listed || model;
  return {
    model_id: id,
    name: id,
    base_price: usd,
    formula,
    description: `${id}, drawn locally`,
    type,
    sort_order: index,
    api_schema: { api_schemas: schema ? [toRun(path, schema, origin)] : [] },
  };
}

function toRun(path: string, { properties: fields = {}, required = [] }: Schema, origin: string) {
  const properties = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, toField(field)]));
  return {
    type: 'model_run',
    method: 'POST',
    server: `${origin}/wavespeed`,
    api_path: path,
    request_schema: {
      type: 'object',
      properties,
      required,
      'x-order-properties': Object.keys(properties),
    },
  };
}

/** The list knows no keyword for pixels: the bounds of a side are those of a number, and the others are told in words. */
function toField({ pixels, ...field }: Schema): Schema {
  if (!pixels) return field;
  const [minimum, maximum] = pixels.side ?? [];
  return {
    ...field,
    description: described(pixels),
    ...(typeof minimum === 'number' ? { minimum } : {}),
    ...(typeof maximum === 'number' ? { maximum } : {}),
  };
}

function described({ sign, area, stretch, multipleOf }: Pixels): string {
  const parts = [
    `width${sign}height in pixels`,
    area && `${area[0]} to ${area[1]} pixels in all`,
    stretch && `no side more than ${stretch} times the other`,
    multipleOf && `both multiples of ${multipleOf}`,
  ];
  return parts.filter(Boolean).join('; ');
}
