import type { Geometry, PixelRange, Shape } from '../contract/family.ts';
import type { Adaptation, Fit, Resolution, Size } from '../contract/request.ts';

interface Extent {
  readonly size?: Size;
  readonly aspectRatio?: string;
  readonly resolution?: Resolution;
}

interface Answer {
  readonly shape: Shape;
  readonly adaptations: readonly Adaptation[];
}

/** Thrown inside this folder; `prepareRequest` turns it into an `unsupported` error that names the model. */
export class Unfit extends Error {
  readonly option: string;
  /** A mistake of the caller rather than a limit of the model: another model would not help. */
  readonly invalid: boolean;
  constructor(option: string, problem: string, invalid = false) {
    super(problem);
    this.option = option;
    this.invalid = invalid;
  }
}

/** Side length in pixels of a square picture of a resolution. */
const sides: Readonly<Record<Resolution, number>> = { '1K': 1024, '1.5K': 1536, '2K': 2048, '3K': 3072, '4K': 4096 };

/** Translates the requested size into what the model takes, or throws `Unfit`. Pure. */
export function resolveGeometry(geometry: Geometry, extent: Extent, fit: Fit): Answer {
  if (extent.size) return forSize(geometry, extent.size, fit);
  if (extent.aspectRatio === undefined && extent.resolution === undefined) return exactly({ kind: 'default' });
  return forRatio(geometry, extent, fit);
}

function forSize(geometry: Geometry, size: Size, fit: Fit): Answer {
  const asked = showSize(size);
  const { pixels } = geometry;
  if (pixels) {
    const problem = outside(size, pixels);
    if (!problem) return exactly({ kind: 'pixels', ...size });
    if (fit === 'exact') throw new Unfit('size', `${asked} is ${problem}; ${describeRange(pixels)}`);
    const nearest = clamp(size, pixels);
    const reason = `the model takes ${describeRange(pixels)}`;
    return adapted({ kind: 'pixels', ...nearest }, { option: 'size', asked, sent: showSize(nearest), reason });
  }
  const match = findKnown(geometry, size);
  if (match) {
    const sent = `${match.resolution} ${match.ratio}`;
    return adapted({ kind: 'ratio', ...match }, { option: 'size', asked, sent, reason: 'the same pixels, by name' });
  }
  if (fit === 'exact') throw new Unfit('size', `${asked} cannot be had exactly; ${describeNames(geometry)}`);
  return nearestName(geometry, size);
}

function forRatio(geometry: Geometry, extent: Extent, fit: Fit): Answer {
  const { aspectRatio, resolution } = extent;
  const named = geometry.ratios ?? (aspectRatio === undefined && geometry.resolutions);
  if (!named) return ratioAsPixels(geometry, extent, fit);
  const adaptations: Adaptation[] = [];
  let ratio = aspectRatio;
  if (ratio !== undefined && geometry.ratios && geometry.ratios !== 'any' && !geometry.ratios.includes(ratio)) {
    if (fit === 'exact' || geometry.ratios.length === 0)
      throw new Unfit('aspectRatio', `${ratio} is not one of ${geometry.ratios.join(', ')}`);
    ratio = nearestRatio(geometry.ratios, toNumber(ratio));
    adaptations.push(changed('aspectRatio', aspectRatio, ratio, 'the nearest ratio that the model takes'));
  }
  let tier = resolution;
  if (tier !== undefined && !geometry.resolutions?.includes(tier)) {
    const known = geometry.resolutions ?? [];
    if (fit === 'exact' || known.length === 0) throw new Unfit('resolution', `${tier} is not ${oneOf(known)}`);
    tier = nearestResolution(known, sides[tier] ** 2);
    adaptations.push(changed('resolution', resolution, tier, 'the nearest resolution that the model takes'));
  }
  return {
    shape: {
      kind: 'ratio',
      ...(ratio === undefined ? {} : { ratio }),
      ...(tier === undefined ? {} : { resolution: tier }),
    },
    adaptations,
  };
}

/** A ratio on a model that only takes pixels becomes pixels: of the resolution's area, else of the default area. */
function ratioAsPixels(geometry: Geometry, { aspectRatio, resolution }: Extent, fit: Fit): Answer {
  const { pixels } = geometry;
  const option = aspectRatio === undefined ? 'resolution' : 'aspectRatio';
  if (!pixels) throw new Unfit(option, 'the size cannot be chosen');
  const area = resolution ? sides[resolution] ** 2 : geometry.area;
  if (area === undefined) throw new Unfit(option, 'no size is documented for it; give `size` or `resolution` as well');
  const found = sizeOfRatio(aspectRatio ?? '1:1', area, pixels);
  if (!found) throw new Unfit(option, `${aspectRatio ?? resolution} is not possible; ${describeRange(pixels)}`);
  const { size, clamped } = found;
  if (resolution && clamped && fit === 'exact') {
    throw new Unfit('resolution', `${resolution} is out of reach; ${describeRange(pixels)}`);
  }
  const asked = [aspectRatio, resolution].filter(Boolean).join(' ');
  const reason = clamped ? `the model takes ${describeRange(pixels)}` : 'the model takes only pixels';
  return adapted({ kind: 'pixels', ...size }, changed(option, asked, showSize(size), reason));
}

/** The largest size of exactly this ratio within the area, or the nearest one that the limits allow. */
function sizeOfRatio(ratio: string, area: number, range: PixelRange): { size: Size; clamped: boolean } | undefined {
  const [w, h] = parts(ratio);
  const most = Math.floor(Math.min(range.max / Math.max(w, h), Math.sqrt((range.maxArea ?? Infinity) / (w * h))));
  const least = Math.ceil(Math.max(range.min / Math.min(w, h), Math.sqrt((range.minArea ?? 0) / (w * h))));
  const wanted = Math.floor(Math.sqrt(area / (w * h)));
  const unit = Math.min(most, Math.max(least, wanted));
  if (unit < Math.max(least, 1)) return undefined;
  return { size: { width: w * unit, height: h * unit }, clamped: unit !== wanted };
}

function nearestName(geometry: Geometry, size: Size): Answer {
  const ratio =
    geometry.ratios === 'any'
      ? reduce(size)
      : geometry.ratios?.length && nearestRatio(geometry.ratios, size.width / size.height);
  if (!ratio) throw new Unfit('size', 'the size cannot be chosen');
  const resolution = geometry.resolutions?.length && nearestResolution(geometry.resolutions, size.width * size.height);
  const sent = [resolution, ratio].filter(Boolean).join(' ');
  const reason = 'the model has no exact pixels';
  return adapted(
    { kind: 'ratio', ratio, ...(resolution ? { resolution } : {}) },
    changed('size', showSize(size), sent, reason),
  );
}

function findKnown(geometry: Geometry, size: Size): { resolution: Resolution; ratio: string } | undefined {
  for (const [resolution, ratios] of Object.entries(geometry.known ?? {})) {
    for (const [ratio, [width, height]] of Object.entries(ratios)) {
      if (width === size.width && height === size.height) return { resolution: resolution as Resolution, ratio };
    }
  }
  return undefined;
}

/** What is wrong with a size, in words, or nothing. */
export function outside({ width, height }: Size, range: PixelRange): string | undefined {
  if (Math.min(width, height) < range.min) return 'too small';
  if (Math.max(width, height) > range.max) return 'too large';
  if (width * height < (range.minArea ?? 0)) return 'too few pixels';
  if (width * height > (range.maxArea ?? Infinity)) return 'too many pixels';
  return undefined;
}

export function describeRange(range: PixelRange): string {
  const area = range.minArea && range.maxArea ? `, ${range.minArea} to ${range.maxArea} pixels in all` : '';
  return `${range.min} to ${range.max} pixels per side${area}`;
}

/** The nearest size within the limits: scaled to the area first, then cut to the sides, then mended pixel by pixel. */
function clamp(size: Size, range: PixelRange): Size {
  const { min, max, minArea = 0, maxArea = Infinity } = range;
  const area = size.width * size.height;
  const grow = area < minArea;
  const scale = Math.sqrt(Math.min(maxArea, Math.max(minArea, area)) / area);
  const within = (side: number): number =>
    Math.min(max, Math.max(min, grow ? Math.ceil(side * scale - 1e-9) : Math.floor(side * scale + 1e-9)));
  let { width, height } = { width: within(size.width), height: within(size.height) };
  // Where a side stopped at its limit, the other one makes up for it.
  if (width * height > maxArea) {
    if (width > height) width = Math.max(min, Math.floor(maxArea / height));
    else height = Math.max(min, Math.floor(maxArea / width));
  } else if (width * height < minArea) {
    if (width < height) width = Math.min(max, Math.ceil(minArea / height));
    else height = Math.min(max, Math.ceil(minArea / width));
  }
  return { width, height };
}

const nearestRatio = (ratios: readonly string[], wanted: number): string =>
  nearest(ratios, (ratio) => Math.abs(Math.log(toNumber(ratio) / wanted)));

const nearestResolution = (known: readonly Resolution[], area: number): Resolution =>
  nearest(known, (name) => Math.abs(Math.log(sides[name] ** 2 / area)));

function nearest<T>(all: readonly T[], distance: (each: T) => number): T {
  return all.reduce((best, each) => (distance(each) < distance(best) ? each : best));
}

function parts(ratio: string): [number, number] {
  const [w = 1, h = 1] = ratio.split(':').map(Number);
  return [w, h];
}

const toNumber = (ratio: string): number => parts(ratio)[0] / parts(ratio)[1];

/** A ratio in lowest terms. */
export function reduce({ width, height }: Size): string {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  const common = divisor(width, height);
  return `${width / common}:${height / common}`;
}

export const showSize = ({ width, height }: Size): string => `${width}*${height}`;

const oneOf = (known: readonly string[]): string => (known.length ? `one of ${known.join(', ')}` : 'a choice here');

function describeNames({ resolutions, ratios }: Geometry): string {
  const names = [resolutions?.length ? `resolution ${resolutions.join(' or ')}` : '', ratios ? 'an aspect ratio' : ''];
  const takes = names.filter(Boolean).join(' with ');
  return takes ? `the model takes ${takes}, or give fit: 'nearest'` : 'the size cannot be chosen';
}

const none: readonly never[] = Object.freeze([]);
const exactly = (shape: Shape): Answer => ({ shape, adaptations: none });
const adapted = (shape: Shape, adaptation: Adaptation): Answer => ({ shape, adaptations: [adaptation] });
const changed = (option: string, asked: string | undefined, sent: string, reason: string): Adaptation => ({
  option,
  asked: asked ?? '',
  sent,
  reason,
});
