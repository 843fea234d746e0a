import { bell, cellCount, cellOf, edge, type Survival, toCell, toCells, weightOf } from './cells.ts';

/** The end of a job as its progress tells it, in cells: around where, and how sure. A width of 0 tells nothing. */
export interface Report {
  readonly middle: number;
  readonly width: number;
}

export const silence: Report = { middle: 0, width: 0 };

/** A report is off by about a third at the start and ever less towards the end. */
export function toReport(elapsed: number, progress: number | undefined): Report {
  if (progress === undefined || !(progress > 0 && progress < 100 && elapsed > 0)) return silence;
  const done = progress / 100;
  return { middle: toCell(elapsed / done), width: toCells(Math.max(0.05, 0.4 * (1 - done))) };
}

/** Even a report that is far off is believed this little, never less. */
const trust = 0.97;

const weigh = (weight: number, cell: number, { middle, width }: Report): number =>
  width ? weight * (1 - trust + trust * bell(cell, middle, width)) : weight;

/** The weight of all that ends in this cell or later. */
function weightFrom(first: number, survival: Survival, report: Report): number {
  if (!report.width) return survival[first] ?? 0;
  let rest = 0;
  for (let cell = first; cell < cellCount; cell += 1) rest += weigh(weightOf(survival, cell), cell, report);
  return rest;
}

/**
 * The moment (in milliseconds) by which the integral of the square root of the hazard has grown by `growth` since
 * `from`, or Infinity. The hazard is the rate at which jobs end that have not ended yet; looking in proportion to its
 * square root loses the least time for a given number of looks.
 */
export function nextLook(survival: Survival, from: number, growth: number, report: Report): number {
  const first = cellOf(from);
  let rest = weightFrom(first, survival, report);
  let at = from;
  let left = growth;
  for (let cell = first; cell < cellCount && rest > 0; cell += 1) {
    const weight = weigh(weightOf(survival, cell), cell, report);
    const end = edge(cell + 1);
    const width = Math.max(0, end - at);
    const part = (weight * width) / (end - edge(cell));
    rest -= weight - part;
    const grown = Math.sqrt((part * width) / (rest - part / 2));
    if (grown >= left) return at + (width * left) / grown;
    left -= grown;
    rest -= part;
    at = end;
  }
  return Number.POSITIVE_INFINITY;
}
