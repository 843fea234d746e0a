import type { Latency } from './schedule.ts';

/** How long a job takes, as weights of time cells. The sum is of no importance. */
export type Cells = Float64Array;

/** Cells of time, each 6 % longer than the one before: the first ends at 50 ms, the last at about 18 minutes. */
export const cellCount = 172;
const shortest = 50;
const step = Math.log(1.06);

/** The cell in which a moment (in milliseconds) lies, with its fraction in log time. */
export const toCell = (time: number): number => 1 + Math.log(time / shortest) / step;

export const cellOf = (time: number): number =>
  time < shortest ? 0 : Math.min(cellCount - 1, Math.floor(toCell(time)));

/** The moment in milliseconds at which a cell begins. */
export const edge = (cell: number): number => (cell === 0 ? 0 : shortest * Math.exp(step * (cell - 1)));

/** Width of the spread of a logarithm, in cells. */
export const toCells = (sigma: number): number => sigma / step;

/** A hint within what the cells can hold. */
export const sane = ({ median, sigma }: Latency): Latency => ({
  median: Math.min(500_000, Math.max(shortest, median || 10_000)),
  sigma: Math.min(3, Math.max(0.1, sigma || 0.5)),
});

/** The log-normal distribution of a hint, its weights adding up to 1. */
export function logNormal({ median, sigma }: Latency): Cells {
  const cells = new Float64Array(cellCount).map((_, cell) => bell(cell, toCell(median), toCells(sigma)));
  const sum = cells.reduce((a, b) => a + b);
  return cells.map((weight) => weight / sum);
}

/** The normal curve over the cells; 1 at its middle. */
export const bell = (cell: number, middle: number, width: number): number =>
  Math.exp(-0.5 * ((cell + 0.5 - middle) / width) ** 2);

const doubt = 0.15;

/** The same with room for a hint, or a history, that is wrong: a part of it spread over three times either way. */
export function withDoubt(cells: Cells, latency: Latency): Cells {
  const wide = logNormal({ ...latency, sigma: 1 });
  return cells.map((weight, cell) => (1 - doubt) * weight + doubt * (wide[cell] ?? 0));
}

/** The weight of all that takes longer than `time`. */
export function survival(cells: Cells, time: number): number {
  const at = cellOf(time);
  let rest = (cells[at] ?? 0) * Math.max(0, (edge(at + 1) - time) / (edge(at + 1) - edge(at)));
  for (let cell = at + 1; cell < cellCount; cell += 1) rest += cells[cell] ?? 0;
  return rest;
}

/** The middle and the spread of a distribution, as those of a log-normal one. */
export function toLatency(cells: Cells): Latency {
  let [sum, mean, square] = [0, 0, 0];
  for (let cell = 0; cell < cellCount; cell += 1) {
    const weight = cells[cell] ?? 0;
    sum += weight;
    mean += weight * (cell + 0.5);
    square += weight * (cell + 0.5) ** 2;
  }
  mean /= sum;
  return { median: edge(mean), sigma: step * Math.sqrt(Math.max(0, square / sum - mean ** 2)) };
}

/** The moment before which half of the jobs end. */
export function medianOf(cells: Cells): number {
  let left = survival(cells, 0) / 2;
  let cell = 0;
  while (cell < cellCount - 1 && left > (cells[cell] ?? 0)) {
    left -= cells[cell] ?? 0;
    cell += 1;
  }
  return edge(cell + left / (cells[cell] || 1));
}
