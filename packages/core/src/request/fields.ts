import type { FieldSpec } from '../contract/family.ts';
import type { Json } from '../contract/json.ts';
import { describeRange, outside } from './pixel-range.ts';
import { parseSize } from './size.ts';

type ObjectSpec = Extract<FieldSpec, { type: 'object' }>;

/** What is wrong with the value of a native field, in words, or nothing. */
export function checkField(spec: FieldSpec, value: Json): string | undefined {
  if (!accepts(spec, value)) return `must be ${describeField(spec)}, not ${show(value)}`;
  if (spec.type === 'list') return checkItems(spec.of, value);
  return spec.type === 'object' ? checkMembers(spec, value) : undefined;
}

function checkItems(spec: FieldSpec, items: Json): string | undefined {
  for (const [index, item] of Object.entries(items ?? {})) {
    const problem = checkField(spec, item);
    if (problem !== undefined) return `item ${Number(index) + 1}: ${problem}`;
  }
  return undefined;
}

function checkMembers({ fields: specs, required = [] }: ObjectSpec, members: Json): string | undefined {
  const missing = required.find((name) => !Object.keys(members ?? {}).includes(name));
  if (missing !== undefined) return `needs \`${missing}\``;
  for (const [name, value] of Object.entries(members ?? {})) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) return `has no field ${show(name)}; it has ${Object.keys(specs).join(', ')}`;
    const problem = checkField(spec, value);
    if (problem !== undefined) return `\`${name}\` ${problem}`;
  }
  return undefined;
}

function accepts(spec: FieldSpec, value: Json): boolean {
  switch (spec.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value) && within(value as number, spec);
    case 'number':
      return typeof value === 'number' && within(value, spec);
    case 'text':
      return typeof value === 'string' && within(lengthOf(value), spec) && (spec.pattern?.test(value) ?? true);
    case 'choice':
      return spec.values.some((each) => each === value);
    case 'urls':
      return Array.isArray(value) && within(value.length, spec) && value.every((url) => isUrl(spec, url));
    case 'list':
      return Array.isArray(value) && within(value.length, spec);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'size': {
      // On the wire only its own sign counts: a host may take anything else as "no size", and charge.
      const isSize = typeof value === 'string' && /^\d+[*x]\d+$/.test(value) && value.includes(spec.separator ?? '*');
      const size = isSize ? parseSize(value) : undefined;
      return size !== undefined && outside(size, spec) === undefined;
    }
  }
}

/** Characters, not halves of them; a long text is not taken apart for it. */
const lengthOf = (text: string): number => text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);

const isUrl = ({ pattern }: { readonly pattern?: RegExp }, url: Json): boolean =>
  typeof url === 'string' && (pattern?.test(url) ?? true);

interface Range {
  readonly min?: number;
  readonly max?: number;
}

const within = (value: number, { min = -Infinity, max = Infinity }: Range): boolean => value >= min && value <= max;

/** The allowed values of a native field, in words. */
export function describeField(spec: FieldSpec): string {
  switch (spec.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
    case 'number': {
      const noun = spec.type === 'integer' ? 'a whole number' : 'a number';
      if (spec.min === undefined) return spec.max === undefined ? noun : `${noun} up to ${spec.max}`;
      return spec.max === undefined ? `${noun} from ${spec.min}` : `${noun} from ${spec.min} to ${spec.max}`;
    }
    case 'text':
      return `${spec.hint ?? 'text'}${describeCount(spec, ' characters')}`;
    case 'choice':
      return spec.values.join(' or ');
    case 'urls':
      return describeCount(spec, ' URLs').replace(' of ', '') || 'a list of URLs';
    case 'list':
      return `a list${describeCount(spec, '')}, each ${describeField(spec.of)}`;
    case 'object': {
      const members = Object.entries(spec.fields).map(([name, member]) => `${name} (${describeField(member)})`);
      return `an object with ${members.join(', ')}`;
    }
    case 'size':
      return `"W${spec.separator ?? '*'}H" of ${describeRange(spec)}`;
  }
}

/** " of up to 3 items", or nothing where any number goes. */
function describeCount({ min = 0, max }: Range, noun: string): string {
  if (max === undefined) return min === 0 ? '' : ` of at least ${min}${noun}`;
  if (min === max) return ` of ${max}${noun}`;
  return min === 0 ? ` of up to ${max}${noun}` : ` of ${min} to ${max}${noun}`;
}

/** Short values as they are; a long text may be a prompt or a signed address and stays out of messages. */
function show(value: Json): string {
  if (typeof value === 'object' && value !== null) {
    const isFlat = Object.values(value).every((member) => typeof member !== 'object');
    const text = isFlat ? JSON.stringify(value) : '';
    if (text !== '' && text.length <= 24) return text;
    return Array.isArray(value) ? `a list of ${value.length}` : 'that object';
  }
  const text = JSON.stringify(value);
  return text.length <= 24 ? text : `that ${typeof value}`;
}
