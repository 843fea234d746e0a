import type { Json } from '@imageport/core';
import type { RecordedField } from '../../catalogue/recorded.ts';

/** Values of a field: what passes, at its bounds, and what just does not. An own reading of what was recorded. */
export interface Samples {
  readonly inside: readonly Json[];
  readonly outside: readonly Json[];
}

const url = 'https://example.com/a.png';
const uuid = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

export function samplesOf(field: RecordedField): Samples {
  if (field.enum) return ofChoice(field.enum);
  const [type] = typeof field.type === 'string' ? [field.type] : field.type;
  switch (type) {
    case 'boolean':
      return { inside: [true, false], outside: ['true', 1, null] };
    case 'integer':
    case 'number':
      return ofNumber(field, type === 'integer');
    case 'array':
      return ofList(field);
    case 'string':
      return ofText(field);
    default:
      throw new Error(`no samples of the type ${type}`);
  }
}

/** A number is no text that reads the same, nor the other way round. */
const ofChoice = (values: readonly (string | number)[]): Samples => ({
  inside: values,
  outside: ['none of these', null, ...values.map((value) => (typeof value === 'number' ? String(value) : [value]))],
});

function ofNumber({ minimum, maximum }: RecordedField, whole: boolean): Samples {
  const step = whole ? 1 : 0.01;
  return {
    inside: [minimum ?? 0, maximum ?? 2_147_483_647],
    outside: [
      ...(minimum === undefined ? [] : [minimum - step]),
      ...(maximum === undefined ? [] : [maximum + step]),
      ...(whole ? [(minimum ?? 0) + 0.5] : []),
      String(minimum ?? 0),
      null,
    ],
  };
}

function ofList({ maxItems }: RecordedField): Samples {
  const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `${url}?${index}`);
  return {
    inside: [[], many(1), many(maxItems ?? 40)],
    outside: [...(maxItems === undefined ? [] : [many(maxItems + 1)]), url, [7], ['no address'], {}],
  };
}

/** By what the host's document demands of a text. */
const forms: Readonly<Record<string, Samples>> = {
  uri: { inside: [url, 'data:image/png;base64,AAAA'], outside: ['no address', '', 7, [url]] },
  uuid: { inside: [uuid], outside: ['a1b2', `${uuid}0`, 7] },
  '^\\d+:\\d+$': { inside: ['1:1', '16:9'], outside: ['16x9', 'wide', '16:9 ', 7] },
  '^(None|\\d+x\\d+)$': { inside: ['None', '1024x768'], outside: ['1024*768', 'none', 7] },
};

function ofText({ format, pattern, minLength = 0, maxLength = 5_000 }: RecordedField): Samples {
  const form = format ?? pattern;
  if (form !== undefined) {
    const known = forms[form];
    if (!known) throw new Error(`no samples of ${form}`);
    return known;
  }
  const tooLong = maxLength === 5_000 ? [] : ['x'.repeat(maxLength + 1)];
  return {
    inside: ['x'.repeat(Math.max(1, minLength)), 'é🗻'.repeat(maxLength / 2)],
    outside: [...(minLength > 0 ? [''] : []), ...tooLong, 7, null, ['x']],
  };
}
