import { invalid } from '../errors/invalid.ts';
import { logNormal, type Survival, sane, withDoubt } from '../schedule/cells.ts';
import { aggressivePlan, defaultPlan, gapBefore, type Plan } from '../schedule/plan.ts';
import type { Observation, Pace, PollContext, Schedule } from '../schedule/schedule.ts';
import { type Drift, hasDrifted, noDrift } from './drift.ts';
import { estimate, medianOf } from './estimate.ts';
import { emptyHistory, forget, type History, jobsIn, learn } from './history.ts';
import { fromMemory, type LearnedMemory, toMemory } from './memory.ts';

export type { LearnedMemory } from './memory.ts';

export interface LearnedOptions {
  /** What `toJSON` of an earlier one returned. */
  readonly memory?: unknown;
  /** One poll may cost this share of the median in waiting, where the pace is `aggressive`. @default 0.015 */
  readonly price?: number | undefined;
  /** After so many jobs, one that ended before them counts half. @default 50 */
  readonly halfLife?: number | undefined;
}

/** A schedule that learns from every poll how long each bucket of job takes. */
export interface LearnedSchedule extends Schedule {
  observe(observation: Observation): void;
  /** What it knows, for a later process. */
  toJSON(): LearnedMemory;
}

/** One bucket of jobs: what was seen, and what follows from it. */
interface Bucket {
  readonly history: History;
  readonly drift: Drift;
  survival: Survival;
  plans: Partial<Record<Pace, { readonly interval: number; readonly plan: Plan }>>;
  /** Polls, those of long ago counting less. */
  polls: number;
  /** Polls since the plans were made. */
  news: number;
}

type Hint = Pick<PollContext, 'bucket' | 'latency'>;

const mostBuckets = 200;
/** What was seen before a host changed counts as so many jobs. */
const jobsKept = 8;

/** Learns how long each bucket of job takes and polls where one is likely to end; the value returned holds all it knows. */
export function createLearnedSchedule(options: LearnedOptions = {}): LearnedSchedule {
  const { memory, price = 0.015, halfLife = 50 } = options;
  if (!(price > 0 && price <= 1)) throw invalid('`price` must be more than 0 and at most 1');
  if (!(halfLife >= 1 && halfLife < Number.POSITIVE_INFINITY)) throw invalid('`halfLife` must be 1 or more');
  const kept = 2 ** (-1 / halfLife);
  const buckets = new Map<string, Bucket>();
  if (memory !== undefined) for (const [name, history] of fromMemory(memory)) keep(buckets, name, toBucket(history));

  const schedule = (context: PollContext): number => {
    const bucket = find(buckets, context.bucket);
    refresh(bucket, context);
    return gapBefore(planOf(bucket, context, price), context);
  };
  const observe = (observation: Observation): void => {
    if (!makesSense(observation)) return;
    const bucket = find(buckets, observation.bucket);
    refresh(bucket, observation);
    if (hasDrifted(bucket.drift, bucket.survival, observation)) forget(bucket.history, jobsKept);
    learn(bucket.history, bucket.survival, observation, halfLife);
    bucket.polls = bucket.polls * (observation.done ? kept : 1) + 1;
    bucket.news += 1;
  };
  const toJSON = (): LearnedMemory => {
    for (const bucket of buckets.values()) bucket.news = Number.POSITIVE_INFINITY;
    return toMemory(Array.from(buckets, ([name, { history }]) => [name, history]));
  };
  return Object.assign(schedule, { observe, toJSON });
}

function find(buckets: Map<string, Bucket>, name: string): Bucket {
  const bucket = buckets.get(name) ?? toBucket(emptyHistory());
  keep(buckets, name, bucket);
  return bucket;
}

const toBucket = (history: History): Bucket => ({
  ...{ history, drift: noDrift(), survival: history.ended },
  ...{ plans: {}, polls: 0, news: 1 },
});

/** Keeps a bounded number of buckets: the one not asked about for longest goes. */
function keep(buckets: Map<string, Bucket>, name: string, bucket: Bucket): void {
  buckets.delete(name);
  buckets.set(name, bucket);
  for (const oldest of buckets.keys()) {
    if (buckets.size <= mostBuckets) return;
    buckets.delete(oldest);
  }
}

const makesSense = ({ from, to }: Observation): boolean => from >= 0 && to > from && to < Number.POSITIVE_INFINITY;

/** What was seen is brought to bear after every sixteenth part of news. */
function refresh(bucket: Bucket, { latency }: Hint): void {
  if (bucket.news <= bucket.polls / 16) return;
  const hint = sane(latency);
  bucket.survival = estimate(bucket.history, withDoubt(logNormal(hint), hint));
  bucket.plans = {};
  bucket.news = 0;
}

function planOf({ history, survival, plans }: Bucket, context: PollContext, price: number): Plan {
  const { interval, pace } = context;
  const known = plans[pace];
  if (known?.interval === interval) return known.plan;
  const median = medianOf(survival);
  // A hint alone may be far too long; what was seen is not.
  const latestFirst = median * (1 - 1 / (2 + jobsIn(history) / 2));
  const plan =
    pace === 'aggressive'
      ? aggressivePlan(survival, latestFirst, price * median)
      : defaultPlan(survival, latestFirst, survival, context);
  plans[pace] = { interval, plan };
  return plan;
}
