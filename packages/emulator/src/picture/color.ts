export type Color = readonly [red: number, green: number, blue: number];

export function fromHex(hex: string): Color {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export const css = (color: Color): string => `rgb(${color.map((part) => Math.round(part)).join(',')})`;

/** A colour between two: 0 is the first, 1 the second. */
export function mix([r1, g1, b1]: Color, [r2, g2, b2]: Color, share: number): Color {
  const between = (from: number, to: number) => from + (to - from) * share;
  return [between(r1, r2), between(g1, g2), between(b1, b2)];
}
