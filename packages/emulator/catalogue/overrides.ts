import type { Schema, WavespeedModel } from '../src/catalogue/document.ts';
import type { RecordedField, RecordedFields } from './recorded.ts';
import { toSchema } from './wavespeed.ts';

// What the host's pages say beyond its list; where they are narrower, they win.
const seed: RecordedField = { type: 'integer', default: -1, minimum: -1, maximum: 2147483647 };
const prompt: RecordedField = { type: 'string', required: true };
const images: RecordedField = { type: 'array', minItems: 1, maxItems: 10, required: true };
const image: RecordedField = { type: 'string', required: true };
const flag: RecordedField = { type: 'boolean', default: false, apiOnly: true };
const both: RecordedFields = { enable_base64_output: flag, enable_sync_mode: flag };
const ratios = '1:1 1:2 2:1 1:3 3:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 9:21 21:9'.split(' ');
const ratio: RecordedField = { type: 'string', enum: ratios };
const resolution: RecordedField = { type: 'string', enum: ['1k', '1.5k', '2k'], default: '1k' };
const background: RecordedField = { type: 'string', enum: ['auto', 'transparent', 'opaque'], default: 'auto' };
const format = (fallback: string): RecordedField => ({ type: 'string', enum: ['jpeg', 'png'], default: fallback });

const flash: RecordedFields = { resolution, output_format: format('jpeg') };
const newest: RecordedFields = { resolution, output_format: format('png'), background };
const layered: RecordedFields = { image, prompt: { type: 'string' } };

/** The dearer resolution costs twice as much. */
const twiceAt2k = '{"total_price": base_price * (resolution = "2k" ? 2 : 1)}';

/** Pictures and layers together. */
const layers = { outputs: 3 };

interface Override {
  readonly fields?: RecordedFields;
  /** All fields, instead of what is recorded. */
  readonly all?: RecordedFields;
  readonly row?: Partial<Omit<WavespeedModel, 'schema'>>;
  /** The host's list has dropped it, but its pages have not: it is here all the same. */
  readonly stays?: true;
}

const large = { side: 2048 };

const overrides: Readonly<Record<string, Override>> = {
  'bytedance/dreamina-v3.1/text-to-image': { fields: { seed }, stays: true },
  'bytedance/dreamina-v3.0/text-to-image': { fields: { seed }, stays: true },
  'bytedance/dreamina-v3.0/edit': { fields: { seed }, stays: true },
  'bytedance/seedream-v3.1': { fields: { seed }, stays: true },
  'bytedance/seedream-v3': { fields: { seed }, stays: true },
  'bytedance/seededit-v3': { fields: { seed }, row: large, stays: true },
  'bytedance/seedream-v4/edit': { row: large },
  'bytedance/seedream-v4/edit-sequential': { row: large },
  'bytedance/seedream-v4.5/edit': { row: large },
  'bytedance/seedream-v4.5/edit-sequential': { row: large },
  'bytedance/seedream-v5.0-lite/edit': { row: large },
  'bytedance/seedream-v5.0-lite/edit-sequential': { row: large },
  'bytedance/seedream-v5.0-pro': { row: { formula: twiceAt2k } },
  'bytedance/seedream-v5.0-pro/edit': { fields: { images }, row: { formula: twiceAt2k } },
  'bytedance/seedream-v5.0-pro/layer-decomposition': { row: layers },
  'bytedance/seedream-v5.0-flash': { all: { prompt, aspect_ratio: { ...ratio, default: '1:1' }, ...flash, ...both } },
  'bytedance/seedream-v5.0-flash/edit': { all: { prompt, images, aspect_ratio: ratio, ...flash, ...both } },
  'midjourney/text-to-image': { row: { outputs: 4 } },
  'bytedance/seedream-v5.0-flash/layer-decomposition': { all: { ...layered, ...flash }, row: layers },
};

/** On a page, but in no copy of the list. The price is not told: that of v5 pro stands in. */
export const onPagesOnly: readonly WavespeedModel[] = [
  page(
    '',
    { prompt, aspect_ratio: { ...ratio, default: '1:1' }, ...newest, ...both },
    { usd: 0.045, formula: twiceAt2k },
  ),
  page('/edit', { prompt, images, aspect_ratio: ratio, ...newest, ...both }, { usd: 0.045, formula: twiceAt2k }),
  page('/layer-decomposition', { ...layered, ...newest }, { usd: 0.75, ...layers }),
];

function page(variant: string, fields: RecordedFields, row: Pick<WavespeedModel, 'usd' | 'formula' | 'outputs'>) {
  const type = fields.prompt?.required && !fields.images ? 'text-to-image' : 'image-to-image';
  const id = `bytedance/seedream-v5.5${variant}`;
  return { id, type, ...row, listed: false as const, schema: toSchema(fields, true) };
}

/** A row of the catalogue with what the pages say of it. */
export function overridden(model: WavespeedModel): WavespeedModel {
  const { fields, all, row = {}, stays } = overrides[model.id] ?? {};
  const schema = all ? toSchema(all, true) : fields ? patched(model.schema, fields) : model.schema;
  const differs = schema !== model.schema || row.formula !== undefined;
  const { gone, ...rest } = model;
  return {
    ...rest,
    ...(gone ? { gone } : {}),
    ...(stays ? { stays } : {}),
    ...row,
    ...(schema ? { schema } : {}),
    ...(differs ? { listed: inList(model) } : {}),
  };
}

const inList = ({ schema, formula }: WavespeedModel): Exclude<WavespeedModel['listed'], false | undefined> => ({
  ...(schema ? { schema } : {}),
  ...(formula === undefined ? {} : { formula }),
});

function patched(schema: Schema | undefined, fields: RecordedFields): Schema | undefined {
  return schema && { ...schema, properties: { ...schema.properties, ...toSchema(fields, true).properties } };
}

export const overriddenIds: readonly string[] = Object.keys(overrides);
