import { cellCount, cellOf, edge, type Survival, weightOf } from '../schedule/cells.ts';
import type { Observation } from '../schedule/schedule.ts';

/** What was seen of one bucket of jobs, per time cell; recent jobs count more than those of long ago. */
export interface History {
  /** How many jobs ended in the cell. */
  readonly ended: Float64Array;
  /** How many jobs went through it, running ones with them. A job that went half through counts half. */
  readonly passed: Float64Array;
  /** What one job counts now. It grows, which is the same as everything older counting less. */
  weight: number;
}

export const emptyHistory = (): History => ({
  ended: new Float64Array(cellCount),
  passed: new Float64Array(cellCount),
  weight: 1,
});

/** Adds what one poll told. Where in the interval between two polls a job ended is as likely as `survival` has it. */
export function learn(history: History, survival: Survival, observation: Observation, halfLife: number): void {
  const { from, to, done, inference } = observation;
  if (!done) {
    addPassage(history, from, to);
    return;
  }
  if (inference !== undefined && inference > from && inference <= to) addEnd(history, from, inference);
  else addEndWithin(history, survival, from, to);
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

/** How many jobs are known, old ones counting less. */
export const jobsIn = ({ ended, weight }: History): number => ended.reduce((sum, count) => sum + count) / weight;

/** Lets everything so far count no more than `jobs` together. */
export function forget(history: History, jobs: number): void {
  history.weight *= Math.max(1, jobsIn(history) / jobs);
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

function addEndWithin(history: History, survival: Survival, from: number, to: number): void {
  const first = cellOf(from);
  const last = cellOf(to);
  let sum = 0;
  for (let cell = first; cell <= last; cell += 1) sum += share(survival, cell, from, to);
  let left = 1;
  for (let cell = first; cell <= last; cell += 1) {
    const inside = part(cell, from, to);
    const here = sum > 0 ? share(survival, cell, from, to) / sum : Number(cell === last);
    add(history.ended, cell, history.weight * here);
    add(history.passed, cell, history.weight * inside * (left - here / 2));
    left -= here;
  }
}

const share = (survival: Survival, cell: number, from: number, to: number): number =>
  weightOf(survival, cell) * part(cell, from, to);

/** How much of a cell lies between two moments, 0 to 1. */
function part(cell: number, from: number, to: number): number {
  const [start, end] = [edge(cell), edge(cell + 1)];
  return Math.max(0, Math.min(end, to) - Math.max(start, from)) / (end - start);
}

function add(cells: Float64Array, cell: number, amount: number): void {
  cells[cell] = (cells[cell] ?? 0) + amount;
}
