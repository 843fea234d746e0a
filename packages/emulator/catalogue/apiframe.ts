import type { ApiframeAction, ApiframeModel, Schema } from '../src/catalogue/document.ts';
import type { RecordedApiframe, RecordedField, RecordedFields } from './recorded.ts';

const webhooks: Readonly<Record<string, Schema>> = {
  webhookEvents: { type: 'array', items: { type: 'string', enum: ['progress', 'completed', 'failed'] }, minItems: 1 },
  webhookUrl: { type: 'string', format: 'uri' },
};

/** A recorded operation with the schema of its whole body, as the host's document has it. */
export function toApiframeModel({ id, action, params, paramsRequired, top, inputs, credits }: RecordedApiframe) {
  const discriminator = params === null ? 'action' : 'model';
  const required = [...names(top), discriminator, ...(params !== null && paramsRequired ? [params] : [])];
  const schema: Schema = {
    type: 'object',
    properties: {
      [discriminator]: { type: 'string', enum: [id] },
      ...toFields(top),
      ...(params === null ? {} : { [params]: toObject(inputs) }),
      ...webhooks,
    },
    required,
    additionalProperties: false,
  };
  const latest = credits?.at(-1)?.credits;
  return {
    id,
    action: action as ApiframeAction,
    ...(params === null ? {} : { params }),
    ...(latest === undefined ? {} : { credits: latest }),
    schema,
  } satisfies ApiframeModel;
}

const names = (fields: RecordedFields): string[] => Object.keys(fields).filter((name) => fields[name]?.required);

const toFields = (fields: RecordedFields): Record<string, Schema> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, toField(field)]));

function toObject(fields: RecordedFields): Schema {
  const required = names(fields);
  return {
    type: 'object',
    properties: toFields(fields),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

/** The host writes a choice of numbers as one schema for each. */
function toField({ required: _, enum: values, items, ...field }: RecordedField): Schema {
  if (values?.some((value) => typeof value === 'number')) {
    return { anyOf: values.map((value) => ({ type: field.type, enum: [value] })) };
  }
  return { ...field, ...(values ? { enum: values } : {}), ...(items ? { items: items as Schema } : {}) };
}
