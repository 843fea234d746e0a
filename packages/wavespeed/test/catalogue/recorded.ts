import { readFileSync } from 'node:fs';
import type { Json } from '@imageport/core';
import { Ajv, type ValidateFunction } from 'ajv';

/** A field as it stands in recorded.json: read here once more, apart from the generator. */
export interface Input {
  type: string;
  required?: boolean;
  default?: Json;
  enum?: Json[];
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  form?: string;
  items?: { type: string; properties?: Record<string, { type: string }>; required?: string[] };
  stated?: Record<string, number | string>;
}

export interface Model {
  id: string;
  type: string;
  live: boolean;
  seen: string[];
  lastSeen?: string;
  goneBy?: string;
  usd: Record<string, number>;
  priceFormula?: string;
  schema: 'full' | 'partial' | 'none';
  inputs: Record<string, Input> | null;
  listedPath?: string;
}

const file = readFileSync(new URL('../../catalogue/recorded.json', import.meta.url), 'utf8');
export const models: readonly Model[] = JSON.parse(file).models;
/** The day of the newest copy of the list. */
export const newest: string = Object.keys(JSON.parse(file).copies).sort().at(-1) ?? '';

export const modelOf = (id: string): Model => {
  const found = models.find((model) => model.id === id);
  if (!found) throw new Error(`${id} is not recorded`);
  return found;
};

export const inputsOf = ({ inputs }: Model): [string, Input][] => Object.entries(inputs ?? {});

const ajv = new Ajv({ strict: false, allErrors: true });

/** Whether a body is one that the host's schema allows; sizes in pixels are checked by `isSize` as well. */
export function validatorOf(model: Model): ValidateFunction {
  const properties = inputsOf(model).map(([name, { stated, form, required, ...input }]) => {
    if (form === undefined) return [name, { ...input, ...limitsOf(stated) }];
    return [name, { type: 'string', pattern: form === 'WxH' ? '^\\d+x\\d+$' : '^\\d+\\*\\d+$' }];
  });
  return ajv.compile({
    ...{ type: 'object', properties: Object.fromEntries(properties), additionalProperties: false },
    required: inputsOf(model).flatMap(([name, { required }]) => (required ? [name] : [])),
  });
}

function limitsOf(stated: Input['stated'] = {}): object {
  const { minimum, maximum, maxItems } = stated;
  return JSON.parse(JSON.stringify({ minimum, maximum, maxItems }));
}
