import type { Json } from '@imageport/core';
import type { Input } from './recorded.ts';

const picture = 'https://example.com/a.png';

/** By its name: not every copy of the schemas gives a format. */
const isPicture = (name: string): boolean => /(image|images|reference)$/.test(name);

/** Values at the bounds of a field. */
export function inside(name: string, input: Input): Json[] {
  if (input.enum) return input.enum;
  if (input.form) return sizes(input).map(([width, height]) => `${width}${sign(input)}${height}`);
  const { min, max } = limits(input);
  switch (input.type) {
    case 'boolean':
      return [true, false];
    case 'integer':
    case 'number':
      return [min ?? 0, max ?? 1000];
    case 'array':
      return counts(input).map((count) => Array<Json>(count).fill(itemOf(name, input)));
    default:
      if (isPicture(name)) return [picture, 'data:image/png;base64,AAAA', 'iVBORw0KGgo'.repeat(6)];
      return [input.minLength, input.maxLength ?? 300].map((length) => 'x'.repeat(length ?? 1));
  }
}

/** Values one beyond the bounds, and of another type. */
export function outside(name: string, input: Input): Json[] {
  if (input.enum) return ['no such value', null, true, -7];
  if (input.form) return beyondSizes(input);
  const { min, max } = limits(input);
  const least = min === undefined ? [] : [min - 1];
  const most = max === undefined ? [] : [max + 1];
  switch (input.type) {
    case 'boolean':
      return ['true', 1, null];
    case 'integer':
      return [...least, ...most, 1.5, '1', null];
    case 'number':
      return [...least, ...most, '1', null];
    case 'array': {
      const tooMany =
        mostItems(input) === Infinity ? [] : [Array<Json>(mostItems(input) + 1).fill(itemOf(name, input))];
      const tooFew = input.minItems ? [Array<Json>(input.minItems - 1).fill(itemOf(name, input))] : [];
      const noPictures = isPicture(name) ? [['not a picture'], ['']] : [];
      return [...tooMany, ...tooFew, ...noPictures, picture, [1], null];
    }
    default:
      return [
        ...(isPicture(name) ? ['', 'not a picture', 'ftp://example.com/a.png'] : []),
        ...(input.maxLength ? ['x'.repeat(input.maxLength + 1)] : []),
        ...(input.minLength ? [''] : []),
        ...[1, null, ['x']],
      ];
  }
}

const limits = ({ minimum, maximum, stated = {} }: Input) => ({
  min: (minimum ?? stated.minimum) as number | undefined,
  max: (maximum ?? stated.maximum) as number | undefined,
});

const mostItems = ({ maxItems, stated = {} }: Input): number => maxItems ?? (stated.maxItems as number) ?? Infinity;
const counts = (input: Input): number[] => [input.minItems ?? 1, Math.min(mostItems(input), 12)];

function itemOf(name: string, { items }: Input): Json {
  const ofType = (type: string): Json => (type === 'string' ? 'x' : 1);
  if (items?.properties) {
    return Object.fromEntries(Object.entries(items.properties).map(([key, { type }]) => [key, ofType(type)]));
  }
  return name.endsWith('loras') ? { path: 'x', scale: 1 } : picture;
}

const sign = ({ form }: Input): string => (form === 'WxH' ? 'x' : '*');

/** The corners that sides, area and ratio leave. */
function sizes(input: Input): [number, number][] {
  const { minimum: min = 64, maximum: max = 16384 } = input;
  const { step, least, most, ratio } = rest(input);
  const found: [number, number][] = [];
  for (const shorter of [min, Math.ceil(Math.sqrt(least)), Math.floor(Math.sqrt(most)), max]) {
    for (const longer of [shorter, Math.floor(most / shorter), Math.ceil(least / shorter), shorter * ratio, max]) {
      const fits = shorter >= min && longer <= max && longer >= shorter && longer / shorter <= ratio;
      const stepped = shorter % step === 0 && longer % step === 0;
      if (fits && stepped && shorter * longer >= least && shorter * longer <= most) found.push([shorter, longer]);
    }
  }
  if (found.length === 0) throw new Error('no size fits');
  return found.flatMap(([a, b]): [number, number][] => [
    [a, b],
    [b, a],
  ]);
}

function rest({ stated = {} }: Input) {
  return {
    step: (stated.multipleOf as number) ?? 1,
    least: (stated.minArea as number) ?? 0,
    most: (stated.maxArea as number) ?? 16384 ** 2,
    ratio: stated.maxRatio === undefined ? 16384 : Number(String(stated.maxRatio).split(':')[0]),
  };
}

function beyondSizes(input: Input): Json[] {
  const { minimum: min, maximum: max, stated = {} } = input;
  const text = (width: number, height: number): string => `${width}${sign(input)}${height}`;
  const { least, most, ratio, step } = rest(input);
  return [
    ...['1024', 1024, null, input.form === 'WxH' ? '1024*1024' : '1024x1024', 'auto'],
    ...(min === undefined ? [] : [text(min - 1, max ?? min), text(max ?? min, min - 1)]),
    ...(max === undefined ? [] : [text(max + 1, min ?? max), text(min ?? max, max + 1)]),
    ...(stated.minArea ? [text(Math.floor(Math.sqrt(least)) - 1, Math.floor(Math.sqrt(least)))] : []),
    ...(stated.maxArea ? [text(Math.floor(Math.sqrt(most)) + 1, Math.floor(Math.sqrt(most)))] : []),
    ...(stated.maxRatio ? [text((min ?? 1) * ratio + 1, min ?? 1)] : []),
    ...(step > 1 ? [text(1024 + 1, 1024)] : []),
  ];
}
