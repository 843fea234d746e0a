import type { FieldSpec } from '@imageport/core';
import type { RecordedInput, RecordedItems } from './record.ts';

/** Translates what the host's schema says of a field. `items` stands in where the schema does not say what a list holds. */
export function toFieldSpec(name: string, input: RecordedInput, items?: RecordedItems): FieldSpec {
  if (input.enum) return { type: 'choice', values: input.enum, ...defaultOf(input, isPlain) };
  if (input.form) return toSize(input);
  switch (input.type) {
    case 'boolean':
      return { type: 'boolean', ...defaultOf(input, (value) => typeof value === 'boolean') };
    case 'integer':
    case 'number': {
      const { minimum: min = input.stated?.minimum, maximum: max = input.stated?.maximum } = input;
      return { type: input.type, ...known({ min, max }), ...defaultOf(input, (value) => typeof value === 'number') };
    }
    case 'array':
      return toList(name, input, input.items ?? items);
    default: {
      const text = known({ min: input.minLength, max: input.maxLength });
      return { type: 'text', ...text, ...defaultOf(input, (value) => typeof value === 'string' && value !== '') };
    }
  }
}

function toSize({ form, minimum: min, maximum: max, stated = {}, ...input }: RecordedInput): FieldSpec {
  const { minArea, maxArea, multipleOf } = stated;
  const maxRatio = stated.maxRatio === undefined ? undefined : Number(stated.maxRatio.split(':')[0]);
  return {
    type: 'size',
    ...known({ min, max, minArea, maxArea, maxRatio, multipleOf }),
    ...(form === 'WxH' ? { separator: 'x' } : {}),
    ...defaultOf(input, (value) => typeof value === 'string' && /^\d/.test(value)),
  };
}

/** Lists of pictures are told by their names, because not every copy of the schemas says what a list holds. */
const picture = /image|reference/;

function toList(name: string, input: RecordedInput, items: RecordedItems | undefined): FieldSpec {
  const count = known({ min: input.minItems, max: input.maxItems ?? input.stated?.maxItems });
  if (items?.properties) return { type: 'list', of: toObject(items), ...count };
  return picture.test(name) ? { type: 'urls', ...count } : { type: 'list', of: { type: 'text' }, ...count };
}

function toObject({ properties = {}, required }: RecordedItems): FieldSpec {
  const fields = Object.entries(properties).map(([name, input]) => [name, toFieldSpec(name, input)]);
  return { type: 'object', fields: Object.fromEntries(fields), ...(required ? { required } : {}) };
}

const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

/** A default that is of another type than the field says nothing. */
const defaultOf = ({ default: value }: RecordedInput, fits: (value: unknown) => boolean): object =>
  fits(value) ? { default: value } : {};

function known<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
