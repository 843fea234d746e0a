import type { Json } from '../../../src/index.ts';
import type { RecordedField } from './documents.ts';

export const picture = 'https://example.com/a.png';

/** Values of a field that are just within what the host documents. */
export function within(spec: RecordedField, name = ''): Json[] {
  const { minimum, maximum, minItems = 0, maxItems } = spec;
  if (spec.enum) return [...spec.enum];
  switch (typeOf(spec)) {
    case 'boolean':
      return [true, false];
    case 'integer':
    case 'number': {
      const { minimum: least = minimum, maximum: most = maximum } = (spec.stated ?? {}) as RecordedField;
      return [...new Set([least ?? Math.min(0, most ?? 0), most ?? Math.max(7, least ?? 7)])];
    }
    case 'array': {
      const most = (spec.stated as RecordedField | undefined)?.maxItems ?? maxItems ?? Math.max(2, minItems);
      // The copies that leave out what is in a list of weights agree with the one that says it.
      const item = /loras$/.test(name)
        ? { path: 'https://example.com/a.safetensors', scale: 1 }
        : sampleOf(spec.items as RecordedField | undefined);
      return [...new Set([Math.max(1, minItems), most])].map((count) => lists(count, item));
    }
    default:
      // A picture's field takes its address, also where the document says no more than that it is a text.
      return /image|mask/.test(name) && !spec.format && spec.form === undefined ? [picture] : texts(spec);
  }
}

/** Values of a field that are just beyond, each with what is wrong about it. */
export function beyond(spec: RecordedField): (readonly [value: Json, wrong: string])[] {
  const { maximum, minimum, maxItems, maxLength } = { ...spec, ...(spec.form ? {} : (spec.stated as RecordedField)) };
  if (spec.enum) return [['no such value', 'not one of them']];
  switch (typeOf(spec)) {
    case 'boolean':
      return [['yes', 'no boolean']];
    case 'integer':
    case 'number': {
      const step = typeOf(spec) === 'integer' ? 1 : 0.01;
      return [
        ['7', 'a text'],
        ...(step === 1 ? [[0.5, 'no whole number'] as const] : []),
        ...(minimum === undefined ? [] : [[minimum - step, 'below'] as const]),
        ...(maximum === undefined ? [] : [[maximum + step, 'above'] as const]),
      ];
    }
    case 'array':
      return [
        ['no list', 'no list'],
        ...(maxItems === undefined ? [] : [[pictures(maxItems + 1), 'too many'] as const]),
      ];
    default:
      return [
        [7, 'no text'],
        ...(maxLength === undefined || spec.form ? [] : [['x'.repeat(maxLength + 1), 'too long'] as const]),
        ...(spec.form ? pixelsBeyond(spec) : []),
      ];
  }
}

const typeOf = ({ type }: RecordedField): string | undefined =>
  typeof type === 'string' ? type : type?.find((each) => each !== 'null');

const pictures = (count: number): Json => Array.from({ length: count }, (_, index) => `${picture}?${index}`);

const lists = (count: number, item: Json | undefined): Json =>
  item === undefined ? pictures(count) : Array.from({ length: count }, () => item);

/** One item of a list of objects; undefined for a list of pictures. */
function sampleOf(
  items: (RecordedField & { readonly properties?: Readonly<Record<string, RecordedField>> }) | undefined,
): Json | undefined {
  if (!items?.properties) return undefined;
  return Object.fromEntries(Object.entries(items.properties).map(([name, spec]) => [name, within(spec)[0] ?? null]));
}

function texts({
  form,
  format,
  minimum = 512,
  maximum = 2048,
  pattern,
  stated = {},
  maxLength,
}: RecordedField): Json[] {
  const sign = form?.[1];
  if (sign) {
    const { minArea = 0, maxArea = Infinity } = stated as { minArea?: number; maxArea?: number };
    const least = Math.max(minimum, Math.ceil(Math.sqrt(minArea)));
    const most = Math.min(maximum, Math.floor(Math.sqrt(maxArea)));
    return [`${least}${sign}${least}`, `${most}${sign}${most}`];
  }
  if (format === 'uri') return [picture];
  if (format === 'uuid') return ['0b8e1c1e-6f0a-4b7e-9b51-0d2f4a9c7d10'];
  if (pattern !== undefined) return ['3:2'];
  return maxLength === undefined ? ['words'] : ['x'.repeat(maxLength)];
}

function pixelsBeyond({ form, minimum, maximum, stated = {} }: RecordedField): (readonly [Json, string])[] {
  const sign = form?.[1] ?? '*';
  const other = sign === '*' ? 'x' : '*';
  const { minArea, maxArea, multipleOf } = stated as { minArea?: number; maxArea?: number; multipleOf?: number };
  return [
    [`1024${other}1024`, 'the other sign'],
    ['1024', 'one side'],
    ...(minimum === undefined ? [] : [[`${minimum - 1}${sign}${minimum}`, 'a side too small'] as const]),
    ...(maximum === undefined ? [] : [[`${maximum}${sign}${maximum + 1}`, 'a side too large'] as const]),
    ...(minArea === undefined ? [] : [[`${minimum ?? 512}${sign}${minimum ?? 512}`, 'too few pixels'] as const]),
    ...(maxArea === undefined || maxArea === (maximum ?? 0) ** 2
      ? []
      : [[`${maximum}${sign}${maximum}`, 'too many pixels'] as const]),
    ...(multipleOf === undefined ? [] : [[`${1024 + 1}${sign}1024`, 'out of step'] as const]),
  ];
}
