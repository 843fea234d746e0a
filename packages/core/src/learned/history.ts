import { type Cells, cellCount, cellOf, edge } from '../schedule/cells.ts';
import type { Observation } from '../schedule/schedule.ts';

/** What was seen of one kind of jobs, per time cell; recent jobs count more than those of long ago. */
export interface History {
  /** How many jobs ended in the cell. */
  readonly ended: Cells;
  /** How many jobs went through it, running ones with them. A job that went half through counts half. */
  readonly passed: Cells;
  /** What one job counts now. It grows, which is the same as everything older counting less. */
  weight: number;
}

export const emptyHistory = (): History => ({
  ended: new Float64Array(cellCount),
  passed: new Float64Array(cellCount),
  weight: 1,
});

/** Adds what one look told. Where in the interval between two looks a job ended is as likely as `cells` has it. */
export function learn(history: History, cells: Cells, observation: Observation, halfLife: number): void {
  const { from, to, done, inference } = observation;
  if (!(from >= 0 && to > from && to < Number.POSITIVE_INFINITY)) return;
  if (!done) {
    addPassage(history, from, to);
    return;
  }
  if (inference !== undefined && inference > from && inference <= to) addEnd(history, from, inference);
  else addEndWithin(history, cells, from, to);
  history.weight *= 2 ** (1 / halfLife);
  if (history.weight > 1e6) settle(history);
}

/** Brings the weight of one job back to 1. */
export function settle(history: History): void {
  for (let cell = 0; cell < cellCount; cell += 1) {
    history.ended[cell] = (history.ended[cell] ?? 0) / history.weight;
    history.passed[cell] = (history.passed[cell] ?? 0) / history.weight;
  }
  history.weight = 1;
}

/** Lets everything so far count no more than `jobs` together. */
export function forget(history: History, jobs: number): void {
  const known = history.ended.reduce((sum, count) => sum + count) / history.weight;
  history.weight *= Math.max(1, known / jobs);
}

function addPassage(history: History, from: number, to: number): void {
  const last = cellOf(to);
  for (let cell = cellOf(from); cell <= last; cell += 1)
    add(history.passed, cell, history.weight * part(cell, from, to));
}

function addEnd(history: History, from: number, end: number): void {
  addPassage(history, from, end);
  add(history.ended, cellOf(end), history.weight);
}

function addEndWithin(history: History, cells: Cells, from: number, to: number): void {
  const first = cellOf(from);
  const last = cellOf(to);
  let sum = 0;
  for (let cell = first; cell <= last; cell += 1) sum += share(cells, cell, from, to);
  let left = 1;
  for (let cell = first; cell <= last; cell += 1) {
    const inside = part(cell, from, to);
    const here = sum > 0 ? share(cells, cell, from, to) / sum : Number(cell === last);
    add(history.ended, cell, history.weight * here);
    add(history.passed, cell, history.weight * inside * (left - here / 2));
    left -= here;
  }
}

const share = (cells: Cells, cell: number, from: number, to: number): number =>
  (cells[cell] ?? 0) * part(cell, from, to);

/** How much of a cell lies between two moments, 0 to 1. */
function part(cell: number, from: number, to: number): number {
  const [start, end] = [edge(cell), edge(cell + 1)];
  return Math.max(0, Math.min(end, to) - Math.max(start, from)) / (end - start);
}

function add(cells: Cells, cell: number, amount: number): void {
  cells[cell] = (cells[cell] ?? 0) + amount;
}
