import type { ApiframeAction, ApiframeModel } from '../catalogue/document.ts';
import { createStrictValidator } from '../catalogue/validator.ts';
import { optionsOf } from '../catalogue/words.ts';
import { isObject } from '../http/message.ts';
import { findModel, modelsOf, type Params } from './catalogue.ts';

/** What is wrong, by the JSON path of the value. */
export type Problems = Record<string, string[]>;

export interface ApiframeRequest {
  readonly model: ApiframeModel;
  readonly prompt: string;
  /** The fields of the model; of a Midjourney action the whole body. */
  readonly params: Params;
  readonly webhookUrl?: string;
  readonly webhookEvents: readonly string[];
}

const validate = createStrictValidator();

/** Reads a body strictly: a key too many on either level is an error. */
export function readRequest(
  action: ApiframeAction,
  body: unknown,
): { request: ApiframeRequest } | { problems: Problems } {
  if (!isObject(body)) return { problems: { '': ['Invalid input: expected object'] } };
  const discriminator = action === 'midjourney-action' ? 'action' : 'model';
  const model = findModel(action, body[discriminator]);
  if (!model) return { problems: { [discriminator]: [optionsOf(modelsOf(action).map(({ id }) => id))] } };
  const found = validate(model.schema, body).map(({ path, words }) => [path.join('.'), [words]] as [string, string[]]);
  const problems: Problems = { ...Object.fromEntries(found), ...conditional(model, body) };
  return Object.keys(problems).length > 0 ? { problems } : { request: toRequest(model, body) };
}

/** Each mode of the edit needs a field of its own, which the host's document says in words alone. */
const needed: Readonly<Record<string, string>> = { inpaint: 'mask', outpaint: 'outpaint' };

function conditional({ action, params = '' }: ApiframeModel, body: Params): Problems {
  const fields = body[params];
  if (action !== 'edit' || !isObject(fields)) return {};
  const name = needed[String(fields.mode)];
  if (name === undefined || fields[name] !== undefined) return {};
  return { [`${params}.${name}`]: [`Required for mode "${fields.mode}"`] };
}

function toRequest(model: ApiframeModel, body: Params): ApiframeRequest {
  const { webhookUrl } = body;
  const fields = model.params === undefined ? body : body[model.params];
  const params = isObject(fields) ? fields : {};
  return {
    model,
    prompt: String(body.prompt ?? params.prompt ?? ''),
    params,
    webhookEvents: Array.isArray(body.webhookEvents) ? body.webhookEvents : ['completed', 'failed'],
    ...(typeof webhookUrl === 'string' ? { webhookUrl } : {}),
  };
}
