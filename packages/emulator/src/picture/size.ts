import type { Size } from './request.ts';

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
};

const toMultipleOf8 = (pixels: number): number => Math.max(8, Math.round(pixels / 8) * 8);

/** The side of the square that a tier names, or undefined for no tier. */
export const tierSide = (tier: unknown): number | undefined =>
  typeof tier === 'string' ? tiers[tier.replace(' ', '').toLowerCase()] : undefined;

/** The pixels of an area in a ratio such as `16:9`; anything that is no ratio is taken as square. */
export function areaSize(side: number, ratio: unknown): Size {
  const [width = 1, height = 1] =
    typeof ratio === 'string' && /^\d+:\d+$/.test(ratio) ? ratio.split(':').map(Number) : [];
  const stretch = Math.sqrt(width > 0 && height > 0 ? width / height : 1);
  return { width: toMultipleOf8(side * stretch), height: toMultipleOf8(side / stretch) };
}
