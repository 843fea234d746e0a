import type { PixelRange } from '../contract/family.ts';
import type { Size } from '../contract/request.ts';
import { nearest, parts } from './ratio.ts';

/** What is wrong with a size, in words, or nothing. */
export function outside({ width, height }: Size, range: PixelRange): string | undefined {
  if (Math.min(width, height) < (range.min ?? 1)) return 'too small';
  if (Math.max(width, height) > (range.max ?? Infinity)) return 'too large';
  if (width * height < (range.minArea ?? 0)) return 'too few pixels';
  if (width * height > (range.maxArea ?? Infinity)) return 'too many pixels';
  if (Math.max(width / height, height / width) > (range.maxRatio ?? Infinity)) return 'too long and narrow';
  const { multipleOf = 1 } = range;
  if (width % multipleOf !== 0 || height % multipleOf !== 0) return `not in steps of ${multipleOf}`;
  return undefined;
}

export function describeRange(range: PixelRange): string {
  const { min, max, minArea, maxArea, maxRatio, multipleOf } = range;
  const sides =
    max !== undefined
      ? `${min ?? 1} to ${max} pixels per side`
      : min === undefined
        ? 'any pixels'
        : `at least ${min} pixels per side`;
  const area = minArea && maxArea ? `, ${minArea} to ${maxArea} pixels in all` : '';
  const ratio = maxRatio ? `, at most ${maxRatio} times as long as wide` : '';
  return `${sides}${area}${ratio}${multipleOf ? `, in steps of ${multipleOf}` : ''}`;
}

/** The nearest size within all limits. */
export function clamp(size: Size, range: PixelRange): Size {
  const { maxRatio = Infinity, multipleOf = 1 } = range;
  const { width, height } = size;
  const shorter = Math.floor(Math.min(width, height) * maxRatio);
  const cut = { width: Math.min(width, shorter), height: Math.min(height, shorter) };
  const fitted = clampSides(cut, range);
  return multipleOf === 1 ? fitted : inSteps(fitted, multipleOf, range);
}

/** The nearest size in steps that is within the limits: a few steps around are enough. */
function inSteps({ width, height }: Size, step: number, range: PixelRange): Size {
  const around = (side: number): number[] => {
    const units = Math.round(side / step);
    return [units - 2, units - 1, units, units + 1, units + 2].map((each) => Math.max(1, each) * step);
  };
  const all = around(width).flatMap((w) => around(height).map((h) => ({ width: w, height: h })));
  const within = all.filter((size) => outside(size, range) === undefined);
  return nearest(within.length > 0 ? within : all, (size) => Math.hypot(size.width - width, size.height - height));
}

/** The nearest size within sides and area: scaled to the area first, then cut to the sides, then mended pixel by pixel. */
function clampSides(size: Size, range: PixelRange): Size {
  const { min = 1, max = Infinity, minArea = 0, maxArea = Infinity } = range;
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

/** The fewest units for which both sides of a ratio are multiples. */
function leastStep(w: number, h: number, multipleOf: number): number {
  let step = 1;
  while ((w * step) % multipleOf !== 0 || (h * step) % multipleOf !== 0) step += 1;
  return step;
}

/** The largest size of exactly this ratio within the area, or the nearest one that the limits allow. */
export function sizeOfRatio(
  ratio: string,
  area: number,
  range: PixelRange,
): { size: Size; clamped: boolean } | undefined {
  const [w, h] = parts(ratio);
  const { min = 1, max = Infinity, minArea = 0, maxArea = Infinity, maxRatio = Infinity, multipleOf = 1 } = range;
  if (Math.max(w / h, h / w) > maxRatio) return undefined;
  // Both sides are whole numbers of units, and of the multiple too.
  const step = leastStep(w, h, multipleOf);
  const to = (round: (units: number) => number, units: number): number => round(units / step) * step;
  const most = to(Math.floor, Math.min(max / Math.max(w, h), Math.sqrt(maxArea / (w * h))));
  const least = to(Math.ceil, Math.max(min / Math.min(w, h), Math.sqrt(minArea / (w * h))));
  const wanted = to(Math.floor, Math.sqrt(area / (w * h)));
  const unit = Math.min(most, Math.max(least, wanted));
  if (unit < Math.max(least, 1)) return undefined;
  return { size: { width: w * unit, height: h * unit }, clamped: unit !== wanted };
}
