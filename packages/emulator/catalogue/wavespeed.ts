import type { Pixels, Schema, WavespeedModel } from '../src/catalogue/document.ts';
import type { RecordedField, RecordedFields, RecordedWavespeed } from './recorded.ts';

/** A recorded model in the form of the catalogue, with the bounds that are only stated as bounds. */
export function toWavespeedModel(recorded: RecordedWavespeed): WavespeedModel {
  const { id, type, live, usd, priceFormula, listedPath, inputs } = recorded;
  return {
    id,
    type,
    usd: latest(usd),
    ...(priceFormula === undefined ? {} : { formula: priceFormula }),
    ...(listedPath === undefined ? {} : { path: listedPath }),
    ...(live ? {} : { gone: true }),
    ...(inputs ? { schema: toSchema(inputs, isWhole(recorded)) } : {}),
  };
}

const latest = (byDate: Readonly<Record<string, number>>): number =>
  byDate[Object.keys(byDate).sort().at(-1) ?? ''] ?? 0;

/** Whether all fields are known, so that another one is one that the host does not know either. */
const isWhole = ({ schema, schemaOlderThan }: RecordedWavespeed): boolean =>
  schema === 'full' && schemaOlderThan === undefined;

export function toSchema(fields: RecordedFields, whole: boolean): Schema {
  const entries = Object.entries(fields);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, toField(name, field)])),
    required: entries.filter(([, field]) => field.required).map(([name]) => name),
    ...(whole ? { additionalProperties: false } : {}),
  };
}

function toField(name: string, field: RecordedField): Schema {
  const { required: _, apiOnly, hidden, typeMissing: __, form, stated = {}, items, minimum, maximum, ...rest } = field;
  const bounds = { minimum: minimum ?? stated.minimum, maximum: maximum ?? stated.maximum };
  return {
    ...rest,
    ...(form === undefined ? bounds : { pixels: toPixels(field) }),
    ...(stated.maxItems === undefined ? {} : { maxItems: stated.maxItems }),
    ...(items ? { items: items as Schema } : field.type === 'array' && holdsTexts.test(name) ? { items: text } : {}),
    // The words of the host's own list.
    ...(apiOnly ? { disabled: true } : {}),
    ...(hidden ? { 'x-hidden': true } : {}),
  };
}

const text: Schema = { type: 'string' };
const holdsTexts = /images?$|^reference$|^sensitives$/;

function toPixels({ form, minimum, maximum, stated = {} }: RecordedField): Pixels {
  const { minArea, maxArea, maxRatio, multipleOf } = stated;
  const [wide = 1, high = 1] = (maxRatio ?? '1:1').split(':').map(Number);
  return {
    sign: form === 'WxH' ? 'x' : '*',
    ...(minimum === undefined && maximum === undefined ? {} : { side: [minimum ?? null, maximum ?? null] }),
    ...(minArea === undefined || maxArea === undefined ? {} : { area: [minArea, maxArea] }),
    ...(maxRatio === undefined ? {} : { stretch: wide / high }),
    ...(multipleOf === undefined ? {} : { multipleOf }),
  };
}
