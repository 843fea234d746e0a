import type { Size, SizeLike } from './request.ts';
import { areaSize, fitted, parsePixels, shortSize, stretchOf, tierSide } from './size.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface ExtentRules {
  /** The side of the square where nothing says how large. @default 1024 */
  readonly side?: number;
  /** Width and height count even where nothing says `custom`. */
  readonly sides?: boolean;
  /** It enlarges, by two where no field says how much. */
  readonly enlarges?: boolean;
}

/** The size that the fields of either host ask for: by pixels, by ratio and resolution, by name, or by a picture. */
export function extentOf(
  fields: Fields,
  { side = 1024, sides = false, enlarges = false }: ExtentRules,
): Size | SizeLike {
  const like = referenceOf(fields);
  const enlarged = like === undefined ? undefined : enlargedBy(fields, enlarges);
  if (like !== undefined && enlarged) return { like, otherwise: 1024, ...enlarged };
  const exact = exactOf(fields, sides);
  if (exact) return fitted(exact);
  const words = [fields.size, fields.resolution, fields.image_size];
  const tier = words.map(tierSide).find((each) => each !== undefined);
  const ratio = [fields.aspect_ratio, fields.image_size, fields.size].find((each) => stretchOf(each) !== undefined);
  if (ratio === undefined && like !== undefined) {
    return { like, otherwise: side, ...(tier === undefined || matches(fields) ? {} : { area: tier * tier }) };
  }
  const [, short] = /^(\d+)p$/.exec(String(fields.resolution)) ?? [];
  return short === undefined ? areaSize(tier ?? side, ratio) : shortSize(Number(short), ratio);
}

const matches = ({ aspect_ratio: ratio, resolution }: Fields): boolean =>
  ratio === 'match_input_image' || resolution === 'match_input_image';

const named: Readonly<Record<string, Size>> = {
  square: { width: 512, height: 512 },
  square_hd: { width: 1024, height: 1024 },
  portrait_4_3: { width: 768, height: 1024 },
  portrait_16_9: { width: 576, height: 1024 },
  landscape_4_3: { width: 1024, height: 768 },
  landscape_16_9: { width: 1024, height: 576 },
};

function exactOf(fields: Fields, sides: boolean): Size | undefined {
  const { width, height, size, aspect_ratio: ratio, image_size: name } = fields;
  const counts = sides || size === 'custom' || ratio === 'custom';
  if (counts && typeof width === 'number' && typeof height === 'number') return { width, height };
  return parsePixels(size) ?? parsePixels(fields.resolution) ?? (typeof name === 'string' ? named[name] : undefined);
}

/** How much larger than its input a picture becomes, or undefined where no field is about that. */
function enlargedBy(fields: Fields, enlarges: boolean): Pick<SizeLike, 'times' | 'area'> | undefined {
  const factor = fields.upscale_factor ?? fields.scale_factor ?? fields.desired_increase;
  const megapixels = fields.target_megapixels ?? fields.target;
  const side = tierSide(fields.target_resolution);
  if (typeof factor === 'number') return { times: { width: factor, height: factor } };
  if (typeof megapixels === 'number') return { area: megapixels * 1_000_000 };
  if (side !== undefined) return { area: side * side };
  return enlarges ? { times: { width: 2, height: 2 } } : undefined;
}

/** Where hosts put the picture that is worked on; the first of several counts. */
const references = [
  'image',
  'images',
  'image_url',
  'image_input',
  'input_images',
  'target_image',
  'source_image',
] as const;

/** The picture that is worked on. */
export function referenceOf(fields: Fields): string | undefined {
  const found = references.flatMap((name) => fields[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : undefined;
}

const counts = ['num_images', 'max_images', 'number_of_images', 'num_outputs', 'num_layers', 'count', 'n'] as const;
const mostOutputs = 100;

/** How many pictures the fields ask for. */
export function countOf(fields: Fields, fallback = 1): number {
  const asked = counts.map((name) => fields[name]).find((value) => typeof value === 'number');
  return Math.min(mostOutputs, Math.max(1, Math.floor(asked ?? fallback)));
}
