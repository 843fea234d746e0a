import { invalid } from '../request/options.ts';
import { logNormal, type Survival, sane, withDoubt } from '../schedule/cells.ts';
import { gapBefore, keenPlan, type Plan, politePlan } from '../schedule/plan.ts';
import type { LookContext, Observation, Pace, Schedule } from '../schedule/schedule.ts';
import { type Drift, hasDrifted, noDrift } from './drift.ts';
import { estimate, medianOf } from './estimate.ts';
import { emptyHistory, forget, type History, jobsIn, learn } from './history.ts';
import { fromMemory, type LearnedMemory, toMemory } from './memory.ts';

export type { LearnedMemory } from './memory.ts';

export interface LearnedOptions {
  /** What `toJSON` of an earlier one returned. */
  readonly memory?: unknown;
  /** One look is worth this share of the median in waiting, where the pace is `keen`. @default 0.015 */
  readonly price?: number | undefined;
  /** After so many jobs, one that ended before them counts half. @default 50 */
  readonly halfLife?: number | undefined;
}

/** A schedule that learns from every look how long each kind of job takes. */
export interface LearnedSchedule extends Schedule {
  observe(observation: Observation): void;
  /** What it knows, for a later process. */
  toJSON(): LearnedMemory;
}

/** One kind of jobs: what was seen, and what follows from it. */
interface Kind {
  readonly history: History;
  readonly drift: Drift;
  survival: Survival;
  plans: Partial<Record<Pace, { readonly interval: number; readonly plan: Plan }>>;
  /** Looks, those of long ago counting less. */
  looks: number;
  /** Looks since the plans were made. */
  news: number;
}

type Hint = Pick<LookContext, 'kind' | 'latency'>;

const mostKinds = 200;
/** What was seen before a host changed counts as so many jobs. */
const jobsKept = 8;

/** Learns how long each kind of job takes and looks where one is likely to end; the value returned holds all it knows. */
export function createLearnedSchedule(options: LearnedOptions = {}): LearnedSchedule {
  const { memory, price = 0.015, halfLife = 50 } = options;
  if (!(price > 0 && price <= 1)) throw invalid('`price` must be more than 0 and at most 1');
  if (!(halfLife >= 1 && halfLife < Number.POSITIVE_INFINITY)) throw invalid('`halfLife` must be 1 or more');
  const kept = 2 ** (-1 / halfLife);
  const kinds = new Map<string, Kind>();
  if (memory !== undefined) for (const [name, history] of fromMemory(memory)) keep(kinds, name, toKind(history));

  const schedule = (context: LookContext): number => {
    const kind = find(kinds, context.kind);
    refresh(kind, context);
    return gapBefore(planOf(kind, context, price), context);
  };
  const observe = (observation: Observation): void => {
    if (!makesSense(observation)) return;
    const kind = find(kinds, observation.kind);
    refresh(kind, observation);
    if (hasDrifted(kind.drift, kind.survival, observation)) forget(kind.history, jobsKept);
    learn(kind.history, kind.survival, observation, halfLife);
    kind.looks = kind.looks * (observation.done ? kept : 1) + 1;
    kind.news += 1;
  };
  const toJSON = (): LearnedMemory => {
    for (const kind of kinds.values()) kind.news = Number.POSITIVE_INFINITY;
    return toMemory(Array.from(kinds, ([name, { history }]) => [name, history]));
  };
  return Object.assign(schedule, { observe, toJSON });
}

function find(kinds: Map<string, Kind>, name: string): Kind {
  const kind = kinds.get(name) ?? toKind(emptyHistory());
  keep(kinds, name, kind);
  return kind;
}

const toKind = (history: History): Kind => ({
  ...{ history, drift: noDrift(), survival: history.ended },
  ...{ plans: {}, looks: 0, news: 1 },
});

/** Keeps a bounded number of kinds: the one not asked about for longest goes. */
function keep(kinds: Map<string, Kind>, name: string, kind: Kind): void {
  kinds.delete(name);
  kinds.set(name, kind);
  for (const oldest of kinds.keys()) {
    if (kinds.size <= mostKinds) return;
    kinds.delete(oldest);
  }
}

const makesSense = ({ from, to }: Observation): boolean => from >= 0 && to > from && to < Number.POSITIVE_INFINITY;

/** What was seen is brought to bear after every sixteenth part of news. */
function refresh(kind: Kind, { latency }: Hint): void {
  if (kind.news <= kind.looks / 16) return;
  const hint = sane(latency);
  kind.survival = estimate(kind.history, withDoubt(logNormal(hint), hint));
  kind.plans = {};
  kind.news = 0;
}

function planOf({ history, survival, plans }: Kind, context: LookContext, price: number): Plan {
  const { interval, pace } = context;
  const known = plans[pace];
  if (known?.interval === interval) return known.plan;
  const median = medianOf(survival);
  // A hint alone may be far too long; what was seen is not.
  const latestFirst = median * (1 - 1 / (2 + jobsIn(history) / 2));
  const plan =
    pace === 'keen'
      ? keenPlan(survival, latestFirst, price * median)
      : politePlan(survival, latestFirst, survival, context);
  plans[pace] = { interval, plan };
  return plan;
}
