import type { Latency } from './schedule.ts';

/** How long jobs take: of each time cell, and of the end of the last, the share of jobs that run when it begins. */
export type Survival = Float64Array;

/** Cells of time, each 6 % longer than the one before: the first ends at 50 ms, the last at about 18 minutes. */
export const cellCount = 172;
const shortest = 50;
const step = Math.log(1.06);

/** A moment (in milliseconds) as its place in the cells. */
export const toCell = (time: number): number => 1 + Math.log(time / shortest) / step;

/** The moment of a place in the cells. */
export const timeAt = (place: number): number => (place <= 0 ? 0 : shortest * Math.exp(step * (place - 1)));

/** The cell in which a moment lies; the last one for all that is later. */
export const cellOf = (time: number): number =>
  time < shortest ? 0 : Math.min(cellCount - 1, Math.floor(toCell(time)));

const edges = new Float64Array(cellCount + 1).map((_, cell) => timeAt(cell));

/** The moment in milliseconds at which a cell begins. */
export const edge = (cell: number): number => edges[cell] ?? 0;

/** The spread of a logarithm, in cells. */
export const toCells = (sigma: number): number => sigma / step;

export const toSigma = (width: number): number => width * step;

/** The normal curve over the cells; 1 at its middle. */
export const bell = (cell: number, middle: number, width: number): number =>
  Math.exp(-0.5 * ((cell + 0.5 - middle) / width) ** 2);

/** The share of jobs that end in a cell. */
export const weightOf = (survival: Survival, cell: number): number => (survival[cell] ?? 0) - (survival[cell + 1] ?? 0);

/** The share of jobs that run longer than `time`. */
export function survivalAt(survival: Survival, time: number): number {
  const cell = cellOf(time);
  const start = edge(cell);
  const inside = Math.min(1, (time - start) / (edge(cell + 1) - start));
  return (survival[cell] ?? 0) - inside * weightOf(survival, cell);
}

/** A hint within what the cells can hold. */
export const sane = ({ median, sigma }: Latency): Latency => ({
  median: Math.min(500_000, Math.max(shortest, median || 10_000)),
  sigma: Math.min(3, Math.max(0.1, sigma || 0.5)),
});

/** The log-normal distribution of a hint. */
export function logNormal({ median, sigma }: Latency): Survival {
  const middle = toCell(median);
  const width = toCells(sigma);
  const survival = new Float64Array(cellCount + 1);
  for (let cell = cellCount - 1; cell >= 0; cell -= 1) {
    survival[cell] = (survival[cell + 1] ?? 0) + bell(cell, middle, width);
  }
  const all = survival[0] ?? 1;
  return survival.map((share) => share / all);
}

const doubt = 0.15;

/** A hint with room for being wrong: a part of it is spread over three times either way. */
export function withDoubt(hint: Survival, { median }: Latency): Survival {
  const wide = logNormal({ median, sigma: 1 });
  return hint.map((share, cell) => (1 - doubt) * share + doubt * (wide[cell] ?? 0));
}
