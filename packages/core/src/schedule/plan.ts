import { bell, cellCount, cellOf, edge, type Survival, survivalAt, toCell, toCells, weightOf } from './cells.ts';
import { leastInterval, type PollContext } from './schedule.ts';

/** What a schedule decides from: how long jobs take, and how much the polling integral grows from poll to poll. */
export interface Plan {
  readonly survival: Survival;
  readonly growth: number;
  /** The first poll comes no later, in milliseconds, nor before one and a half intervals are over. */
  readonly latestFirst: number;
}

/**
 * Some polls have further to go: the first, since no other has spent time before it, and one that a report of progress
 * places, since the next report will place the one after it better.
 */
const stretch = 1.5;
/** Beyond this survival probability the plan no longer applies. */
const strange = 0.04;

/** Milliseconds until the next poll. */
export function gapBefore({ survival, growth, latestFirst }: Plan, context: PollContext): number {
  const { elapsed, lastPoll, polls, interval, pace, progress } = context;
  const report = toReport(lastPoll || elapsed, progress);
  const reach = polls && !report.width ? growth : growth * stretch;
  const wanted = nextPoll(survival, elapsed, reach, report) - elapsed;
  const most = polls ? Math.max(2.5 * interval, elapsed / 4) : Math.max(1.5 * interval, latestFirst);
  const isStrange = pace === 'default' && survivalAt(survival, elapsed) < strange;
  return Math.max(leastInterval[pace], isStrange ? interval : 0, Math.min(wanted, most));
}

/** A plan by which `price` milliseconds of waiting are worth one poll. */
export const aggressivePlan = (survival: Survival, latestFirst: number, price: number): Plan => ({
  ...{ survival, latestFirst },
  growth: Math.sqrt(2 * price),
});

/** A plan that polls no more often on average than every `interval` would, if jobs take as long as `truth` says. */
export function defaultPlan(survival: Survival, latestFirst: number, truth: Survival, context: PollContext): Plan {
  // A first poll that finds nearly every job is always good.
  const most = Math.max(1.001, 0.999 * meanPolls(truth, () => context.interval));
  let [low, high] = [0.01, 1000];
  for (let round = 0; round < 13; round += 1) {
    const growth = Math.sqrt(low * high);
    if (meanPolls(truth, planned({ survival, growth, latestFirst }, context)) > most) low = growth;
    else high = growth;
  }
  return { survival, growth: high, latestFirst };
}

type Gap = (elapsed: number, polls: number) => number;

const planned =
  (plan: Plan, context: PollContext): Gap =>
  (elapsed, polls) =>
    gapBefore(plan, { ...context, elapsed, lastPoll: elapsed, polls, progress: 0 });

const enough = 1_000;

function meanPolls(truth: Survival, gap: Gap): number {
  let mean = 0;
  let elapsed = 0;
  for (let polls = 0; polls < enough; polls += 1) {
    const left = survivalAt(truth, elapsed);
    if (left < 1e-4) break;
    mean += left;
    elapsed += gap(elapsed, polls);
  }
  return mean;
}

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
 * `from`, or Infinity. The hazard is the rate at which jobs end that have not ended yet; polling in proportion to its
 * square root loses the least time for a given number of polls.
 */
function nextPoll(survival: Survival, from: number, growth: number, report: Report): number {
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
