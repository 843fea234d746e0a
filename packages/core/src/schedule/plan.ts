import { type Survival, survivalAt } from './cells.ts';
import { nextLook, toReport } from './next-look.ts';
import { type LookContext, leastGap } from './schedule.ts';

/** What a schedule decides from: how long jobs take, and how much the looking integral grows from look to look. */
export interface Plan {
  readonly survival: Survival;
  readonly growth: number;
  /** The first look comes no later, in milliseconds, nor before one and a half intervals are over. */
  readonly latestFirst: number;
}

/**
 * Some looks have further to go: the first, since no other has spent time before it, and one that a report of progress
 * places, since the next report will place the one after it better.
 */
const stretch = 1.5;
/** A job that outlives all but this share of its like is not what the plan describes. */
const strange = 0.04;

/** Milliseconds until the next look. */
export function gapBefore({ survival, growth, latestFirst }: Plan, context: LookContext): number {
  const { elapsed, lastLook, looks, interval, pace, progress } = context;
  const report = toReport(lastLook || elapsed, progress);
  const reach = looks && !report.width ? growth : growth * stretch;
  const wish = nextLook(survival, elapsed, reach, report) - elapsed;
  const most = looks ? Math.max(2.5 * interval, elapsed / 4) : Math.max(1.5 * interval, latestFirst);
  const isStrange = pace === 'polite' && survivalAt(survival, elapsed) < strange;
  return Math.max(leastGap[pace], isStrange ? interval : 0, Math.min(wish, most));
}

/** A plan by which `price` milliseconds of waiting are worth one look. */
export const keenPlan = (survival: Survival, latestFirst: number, price: number): Plan => ({
  ...{ survival, latestFirst },
  growth: Math.sqrt(2 * price),
});

/** A plan that looks no more often on average than every `interval` would, if jobs take as long as `truth` says. */
export function politePlan(survival: Survival, latestFirst: number, truth: Survival, context: LookContext): Plan {
  // A first look that finds nearly every job is always good.
  const most = Math.max(1.001, 0.999 * meanLooks(truth, () => context.interval));
  let [low, high] = [0.01, 1000];
  for (let round = 0; round < 13; round += 1) {
    const growth = Math.sqrt(low * high);
    if (meanLooks(truth, planned({ survival, growth, latestFirst }, context)) > most) low = growth;
    else high = growth;
  }
  return { survival, growth: high, latestFirst };
}

type Gap = (elapsed: number, looks: number) => number;

const planned =
  (plan: Plan, context: LookContext): Gap =>
  (elapsed, looks) =>
    gapBefore(plan, { ...context, elapsed, lastLook: elapsed, looks, progress: 0 });

const enough = 1_000;

function meanLooks(truth: Survival, gap: Gap): number {
  let mean = 0;
  let elapsed = 0;
  for (let looks = 0; looks < enough; looks += 1) {
    const left = survivalAt(truth, elapsed);
    if (left < 1e-4) break;
    mean += left;
    elapsed += gap(elapsed, looks);
  }
  return mean;
}
