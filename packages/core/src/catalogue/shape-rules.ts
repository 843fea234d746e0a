import type { Geometry, ResolvedRequest, Shape } from '../contract/family.ts';
import { type Resolution, resolutions } from '../contract/request.ts';
import { parseSize } from '../request/size.ts';
import { fieldOf, type Part, type Rule, type Sheet } from './rule.ts';

type Pixels = Extract<Shape, { kind: 'pixels' }>;

const ifPixels = (shape: Shape, write: (size: Pixels) => string | number): string | number | undefined =>
  shape.kind === 'pixels' ? write(shape) : undefined;
const ratioIn = ({ shape }: ResolvedRequest): string | undefined => (shape.kind === 'ratio' ? shape.ratio : undefined);
const resolutionIn = ({ shape }: ResolvedRequest): Resolution | undefined =>
  shape.kind === 'ratio' ? shape.resolution : undefined;

/** `size` as pixels, "W*H" or "WxH". */
const pixelSize: Rule = (sheet) => {
  const spec = fieldOf(sheet, 'size', 'size');
  if (!spec) return undefined;
  const { type: _type, default: usual, separator = '*', ...pixels } = spec;
  const size = usual === undefined ? undefined : parseSize(usual);
  return {
    geometry: { pixels, ...(size ? { area: size.width * size.height } : {}) },
    toWire: ({ shape }) => ({ size: ifPixels(shape, ({ width, height }) => `${width}${separator}${height}`) }),
  };
};

/** `size` as one of a few sizes in pixels. */
const listedSize: Rule = (sheet) => {
  const values = fieldOf(sheet, 'size', 'choice')?.values.map(String) ?? [];
  const sizes = values.filter((value) => parseSize(value));
  if (sizes.length === 0) return undefined;
  const separator = sizes[0]?.includes('x') ? 'x' : '*';
  return {
    geometry: { sizes: sizes.map((size) => size.replace('x', '*')) },
    toWire: ({ shape }) => ({ size: ifPixels(shape, ({ width, height }) => `${width}${separator}${height}`) }),
  };
};

/** `width` and `height`. */
const sides: Rule = (sheet) => {
  const [width, height] = [fieldOf(sheet, 'width', 'integer'), fieldOf(sheet, 'height', 'integer')];
  if (!width || !height) return undefined;
  const { min, max } = width;
  return {
    geometry: { pixels: { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) } },
    toWire: ({ shape }) => ({
      width: ifPixels(shape, (size) => size.width),
      height: ifPixels(shape, (size) => size.height),
    }),
  };
};

/** Ratios that some models have words for. */
const words: Readonly<Record<string, string>> = {
  ...{ square: '1:1', square_hd: '1:1', portrait_4_3: '3:4', portrait_16_9: '9:16' },
  ...{ landscape_4_3: '4:3', landscape_16_9: '16:9' },
};

/** Of two words for one ratio the larger: `square` has 512 pixels a side, `square_hd` has 1024. */
const isLargest = (value: string, _: number, values: readonly string[]): boolean => !values.includes(`${value}_hd`);

/** A ratio by its name: any, or one of a list. */
const ratio =
  (name: string): Rule =>
  (sheet) => {
    const text = name === 'aspect_ratio' && fieldOf(sheet, name, 'text');
    if (text) return { geometry: { ratios: 'any' }, toWire: (request) => ({ [name]: ratioIn(request) }) };
    const values = fieldOf(sheet, name, 'choice')?.values.map(String).filter(isLargest) ?? [];
    const native = new Map(values.flatMap((value) => (toRatio(value) ? [[toRatio(value), value] as const] : [])));
    if (native.size === 0) return undefined;
    return {
      geometry: { ratios: [...native.keys()].flatMap((each) => each ?? []) },
      toWire: (request) => ({ [name]: native.get(ratioIn(request)) }),
    };
  };

const toRatio = (value: string): string | undefined => (/^[1-9]\d*:[1-9]\d*$/.test(value) ? value : words[value]);

/** A resolution by one of the host's words for it. */
const resolution =
  (name: string): Rule =>
  (sheet) => {
    const values = fieldOf(sheet, name, 'choice')?.values.map(String) ?? [];
    const native = new Map(values.flatMap((value) => (toResolution(value) ? [[toResolution(value), value]] : [])));
    if (native.size === 0) return undefined;
    return {
      geometry: { resolutions: resolutions.filter((each) => native.has(each)) },
      toWire: (request) => ({ [name]: native.get(resolutionIn(request)) }),
    };
  };

/** "1k" and "1K" are one; a megapixel is about 1024 pixels squared, four are 2048. */
function toResolution(value: string): Resolution | undefined {
  const name = { '512PX': '0.5K', '1MP': '1K', '4MP': '2K' }[value.toUpperCase()] ?? value.toUpperCase();
  return resolutions.find((each) => each === name);
}

/** Upscalers that count in megapixels: a resolution is the square of its side. */
const megapixels =
  (name: string): Rule =>
  (sheet) => {
    const spec = fieldOf(sheet, name, 'number') ?? fieldOf(sheet, name, 'integer');
    if (!spec) return undefined;
    const most = spec.max ?? Infinity;
    const known = Object.keys(targets).filter((each): each is keyof typeof targets => Object.hasOwn(targets, each));
    return {
      geometry: { resolutions: known.filter((each) => targets[each] <= most) },
      toWire: (request) => {
        const asked = resolutionIn(request);
        return {
          [name]: known.includes(asked as keyof typeof targets) ? targets[asked as keyof typeof targets] : undefined,
        };
      },
    };
  };

const targets = { '2K': 4, '4K': 16, '8K': 64 } as const;

const rules: readonly Rule[] = [
  ...[pixelSize, listedSize, sides],
  ...['aspect_ratio', 'size', 'image_size'].map(ratio),
  ...['resolution', 'size', 'image_size', 'target_resolution'].map(resolution),
  ...['target_megapixels', 'target'].map(megapixels),
];

/** How large: the first rule that finds a way of saying it has it. */
export function readShape(sheet: Sheet): Part[] {
  const parts: Part[] = [];
  const taken = new Set<string>();
  for (const rule of rules) {
    const part = rule(sheet);
    const ways = Object.keys(part?.geometry ?? {}).filter((way) => way !== 'area');
    if (!part || ways.some((way) => taken.has(way))) continue;
    for (const way of ways) taken.add(way);
    parts.push(part);
  }
  return parts;
}

export const joinGeometry = (parts: readonly Part[]): Geometry =>
  Object.assign({}, ...parts.map(({ geometry }) => geometry));
