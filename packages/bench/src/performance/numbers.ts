export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const mean = (values: readonly number[]): number => sum(values) / Math.max(1, values.length);

/** The value below which this share of them lies, between the two nearest. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** How far apart the values are, as a share of the median: from the tenth to the ninetieth of a hundred. */
export const spreadOf = (values: readonly number[]): number =>
  (quantile(values, 0.9) - quantile(values, 0.1)) / median(values);

/** A number with about three figures, and thousands set apart. */
export function show(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export const times = (ratio: number): string => `${ratio.toFixed(2)}x`;
export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
