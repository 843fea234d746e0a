import type { FieldSpec } from '@imageport/core';
import type { RecordedField } from './document.ts';

/** What the host's document says of a field; a pattern and a form in words, because they are there to be read. */
export function toFieldSpec({ type, enum: values, items, pattern, format, ...field }: RecordedField): FieldSpec {
  const [kind] = [type].flat().filter((each) => each !== 'null');
  if (values) return { type: 'choice', values };
  const limits = known({ min: field.minimum, max: field.maximum });
  switch (kind) {
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
    case 'number':
      return { type: kind, ...limits };
    case 'array': {
      const count = known({ min: field.minItems, max: field.maxItems });
      const of = toFieldSpec((items ?? {}) as RecordedField);
      return isUrl(items) ? { type: 'urls', ...count } : { type: 'list', of, ...count };
    }
    default: {
      const words = [...(kind === undefined || kind === 'string' ? [] : [kind]), ...(format ? [`a ${format}`] : [])];
      const hint = [...words, ...(pattern === undefined ? [] : [`text like ${pattern}`])].join(', ');
      const count = known({ min: field.minLength, max: field.maxLength });
      return { type: 'text', ...(hint === '' ? {} : { hint }), ...count };
    }
  }
}

const isUrl = (items: object | undefined): boolean => (items as RecordedField | undefined)?.format === 'uri';

function known<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
