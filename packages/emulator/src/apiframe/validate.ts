import { isObject } from '../http/message.ts';
import { complaint } from '../schema/check.ts';
import { type Field, oneOf, uri } from '../schema/field.ts';
import { type Family, familyOf, modelIds, type Params, promptField } from './families.ts';

/** What is wrong, by the JSON path of the value. */
export type Problems = Record<string, string[]>;

export interface GenerateRequest {
  readonly family: Family;
  readonly model: string;
  readonly prompt: string;
  readonly params: Params;
  readonly webhookUrl?: string;
  readonly webhookEvents: readonly string[];
}

const webhookEvents: Field = { type: 'array', items: oneOf('progress', 'completed', 'failed'), minItems: 1 };

/** Reads a generate body strictly: a key too many on either level is an error. */
export function validate(body: unknown): { request: GenerateRequest } | { problems: Problems } {
  if (!isObject(body)) return { problems: { '': ['Invalid input: expected object'] } };
  const family = familyOf(body.model);
  if (!family) return { problems: { model: [complaint(oneOf(...modelIds), body.model) ?? 'Invalid input'] } };
  const problems: Problems = {};
  const known = { prompt: promptField(family), webhookUrl: uri, webhookEvents };
  const top = new Set(['prompt', ...(family.required ? [family.params] : [])]);
  checkFields(problems, '', { ...known, model: oneOf(...modelIds) }, body, top, family.params);
  const params = body[family.params];
  if (isObject(params)) checkFields(problems, `${family.params}.`, family.fields, params, new Set(family.required));
  else if (params !== undefined) problems[family.params] = ['Invalid input: expected object'];
  return Object.keys(problems).length > 0 ? { problems } : { request: toRequest(family, body) };
}

function checkFields(
  problems: Problems,
  prefix: string,
  fields: Readonly<Record<string, Field>>,
  values: Params,
  required: ReadonlySet<string>,
  nested?: string,
): void {
  for (const [name, value] of Object.entries(values)) {
    if (name === nested) continue;
    const field = fields[name];
    const problem = field ? complaint(field, value) : `Unrecognized key: "${name}"`;
    if (problem !== undefined) problems[prefix + name] = [problem];
  }
  for (const name of required) {
    if (values[name] === undefined) problems[prefix + name] = ['Invalid input: expected a value, received undefined'];
  }
}

function toRequest(family: Family, body: Params): GenerateRequest {
  const { webhookUrl } = body;
  const params = body[family.params];
  return {
    family,
    model: String(body.model),
    prompt: String(body.prompt),
    params: isObject(params) ? params : {},
    webhookEvents: Array.isArray(body.webhookEvents) ? body.webhookEvents : ['completed', 'failed'],
    ...(typeof webhookUrl === 'string' ? { webhookUrl } : {}),
  };
}
