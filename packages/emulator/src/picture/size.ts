import type { Size, SizeLike } from './request.ts';

/** The longer-known names of picture areas, each as the side of a square. */
const tiers: Readonly<Record<string, number>> = {
  '512px': 512,
  '0.5k': 512,
  small: 512,
  '0.5mp': 724,
  '1k': 1024,
  '1mp': 1024,
  regular: 1024,
  '2mp': 1448,
  '1.5k': 1536,
  '2k': 2048,
  '4mp': 2048,
  big: 2048,
  '3k': 3072,
  '4k': 4096,
  '8k': 8192,
};

/** More is not drawn, whatever was asked for: a side of 16383 is the most that WebP can hold. */
const mostPixels = 8192 * 8192;
const longestSide = 16383;

const toMultipleOf8 = (pixels: number): number => Math.max(8, Math.round(pixels / 8) * 8);

/** The side of the square that a tier names, or undefined for no tier. */
export const tierSide = (tier: unknown): number | undefined =>
  typeof tier === 'string' ? tiers[tier.replace(' ', '').toLowerCase()] : undefined;

/** How many times as wide as high a ratio such as `16:9` or `2.35:1` is, or undefined for no ratio. */
export function stretchOf(ratio: unknown): number | undefined {
  const [, width, height] = typeof ratio === 'string' ? (/^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(ratio) ?? []) : [];
  const stretch = Number(width) / Number(height);
  return stretch > 0 && stretch < Infinity ? stretch : undefined;
}

/** The pixels of an area in a ratio such as `16:9`; anything that is no ratio is taken as square. */
export function areaSize(side: number, ratio: unknown): Size {
  const stretch = Math.sqrt(stretchOf(ratio) ?? 1);
  return fitted({ width: toMultipleOf8(side * stretch), height: toMultipleOf8(side / stretch) });
}

/** The pixels of which the shorter side is given, as `1080p` gives it. */
export function shortSize(short: number, ratio: unknown): Size {
  const stretch = stretchOf(ratio) ?? 1;
  const [width, height] = stretch > 1 ? [short * stretch, short] : [short, short / stretch];
  return fitted({ width: Math.round(width), height: Math.round(height) });
}

/** The pixels of `1024*768` or `1024x768`, or undefined for anything else. */
export function parsePixels(text: unknown): Size | undefined {
  const [, width = 0, height = 0] =
    typeof text === 'string' ? (/^(\d{1,6})[*x](\d{1,6})$/.exec(text)?.map(Number) ?? []) : [];
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** What a wish makes of the reference picture, whose size is given where it is known. */
export function sizeAfter({ otherwise, times, area, square }: SizeLike, seen: Size | undefined): Size {
  const { width, height } = seen ?? { width: otherwise, height: otherwise };
  const longer = Math.max(width, height);
  if (square) return fitted({ width: longer, height: longer });
  if (area !== undefined) return areaSize(Math.sqrt(area), `${width}:${height}`);
  return fitted({ width: Math.round(width * (times?.width ?? 1)), height: Math.round(height * (times?.height ?? 1)) });
}

/** The same, shrunk to what can be drawn. */
export function fitted({ width, height }: Size): Size {
  const share = Math.min(1, Math.sqrt(mostPixels / (width * height)), longestSide / width, longestSide / height);
  if (share === 1) return { width, height };
  return { width: Math.max(1, Math.floor(width * share)), height: Math.max(1, Math.floor(height * share)) };
}
