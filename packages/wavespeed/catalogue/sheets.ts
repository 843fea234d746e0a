import type { FieldSpec } from '@imageport/core';
import type { Shape } from '../src/catalogue/index.ts';
import { toFieldSpec } from '../src/live/field-spec.ts';
import type { RecordedItems, RecordedModel } from '../src/live/record.ts';
import { changePictures, onlyMasked, portable, tasks, tasksByType } from './overrides.ts';

/** The models that take the reference pictures of a portable id: without one they are not what is meant. */
const edits: ReadonlySet<string | undefined> = new Set(Object.values(portable).map(([, edit]) => edit));

/** Reads the fields of a model; `all` says what is not said of the model itself. */
export function toShape(model: RecordedModel, all: readonly RecordedModel[]): Shape {
  const inputs = Object.entries(model.inputs ?? {});
  const fields = inputs.map(([name, input]): [string, FieldSpec] => [
    name,
    inOrder(name, toFieldSpec(name, input, itemsElsewhere(name, all))),
  ]);
  const required = inputs.filter(([, input]) => input.required).map(([name]) => name);
  const known = model.inputs
    ? { fields: Object.fromEntries(fields), required: withOnlyPicture(fields, required) }
    : byCategory(model.type, all);
  const task = tasks[model.id] ?? tasksByType[model.type];
  return {
    fields: known.fields,
    ...(isForPictures(model, known) ? withPictures(known) : { required: known.required }),
    ...(task ? { task } : {}),
    ...(model.schema === 'full' && !model.schemaOlderThan ? {} : { partly: true }),
    ...(model.inputs || model.type === 'text-to-image' || known.required.length > 0 ? {} : { untold: true }),
    ...(model.inputs?.mask_image?.stated?.white === 'change' ? { whiteMask: true } : {}),
    ...(onlyMasked.has(model.id) ? { onlyMasked: true } : {}),
  };
}

/** Fields whose values are listed in another order by every model, which says nothing. */
const unordered: ReadonlySet<string> = new Set(['aspect_ratio', 'image_size', 'output_format', 'size']);

function inOrder(name: string, spec: FieldSpec): FieldSpec {
  if (spec.type !== 'choice' || !unordered.has(name)) return spec;
  return { ...spec, values: [...spec.values].sort(byRatio) };
}

/** From wide to tall; what is no ratio stands first, by its letters. */
function byRatio(a: string | number, b: string | number): number {
  const [one, other] = [a, b].map((value) => {
    const [width, height] = String(value).split(/[:*x]/).map(Number);
    return (width ?? 0) / (height ?? 0) || Infinity;
  });
  return (other ?? 0) - (one ?? 0) || (a < b ? -1 : 1);
}

type Known = Required<Pick<Shape, 'fields' | 'required'>>;

/**
 * Whether a model is there to change pictures, though its schema asks for none. Some of these may draw from the prompt alone, but
 * nobody has said which; the others would charge for a picture of something else, and each has a sibling that draws.
 */
const isForPictures = ({ id, type }: RecordedModel, { required }: Known): boolean =>
  edits.has(id) ||
  changePictures.has(id) ||
  (type === 'image-to-image' && !required.some((name) => /image|reference/.test(name)));

/** Some schemas of models that edit do not mark their pictures as required. */
function withPictures({ fields, required }: Known): Pick<Shape, 'required'> {
  const pictures = ['images', 'image'].find((name) => Object.hasOwn(fields, name));
  return { required: [...new Set([...required, ...(pictures ? [pictures] : [])])].sort() };
}

/** Some schemas mark nothing as required. Without a prompt nothing but the picture can be what is drawn. */
function withOnlyPicture(fields: readonly [string, FieldSpec][], required: readonly string[]): readonly string[] {
  const names = fields.map(([name]) => name);
  return required.length > 0 || names.includes('prompt') ? required : names.filter((name) => name === 'image');
}

/** Of a model without a schema only what every model of its category needs, and a prompt where it may have one. */
function byCategory(type: string, all: readonly RecordedModel[]): Known {
  const same = all.filter((model) => model.type === type && model.schema === 'full');
  const needed = (name: string): boolean => same.length > 0 && same.every(({ inputs }) => inputs?.[name]?.required);
  const required = ['image', 'prompt'].filter(needed);
  const names = same.some(({ inputs }) => inputs?.prompt) ? [...new Set([...required, 'prompt'])] : required;
  return { fields: Object.fromEntries(names.map((name) => [name, { type: 'text' }])), required };
}

/** What lists of the same kind hold at other models: not every copy of the schemas says it. Limits may differ. */
function itemsElsewhere(name: string, all: readonly RecordedModel[]): RecordedItems | undefined {
  const kind = name.replace(/^.*_/, '');
  for (const { inputs } of all) {
    const items = inputs?.[kind]?.items ?? inputs?.[name]?.items;
    if (items?.properties) return { ...items, properties: withoutLimits(items.properties) };
  }
  return undefined;
}

const withoutLimits = (properties: NonNullable<RecordedItems['properties']>): typeof properties =>
  Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, type === undefined ? {} : { type }]));
