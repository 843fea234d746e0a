import { invalid } from '../request/options.ts';
import { type Cells, logNormal, medianOf, sane, withDoubt } from '../schedule/cells.ts';
import { gapBefore, keenPlan, type Plan, politePlan } from '../schedule/plan.ts';
import type { LookContext, Observation, Pace, Schedule } from '../schedule/schedule.ts';
import { type Drift, hasDrifted, noDrift } from './drift.ts';
import { estimate } from './estimate.ts';
import { emptyHistory, forget, type History, learn } from './history.ts';
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
  cells: Cells;
  plans: Partial<Record<Pace, { readonly interval: number; readonly plan: Plan }>>;
  looks: number;
  /** Looks since the cells were estimated. */
  news: number;
}

type Hint = Pick<LookContext, 'kind' | 'latency'>;

const mostKinds = 200;
const longMemory = 512;
/** What was seen before a host changed counts as so many jobs. */
const jobsKept = 8;

/** Learns how long each kind of job takes and looks where one is likely to end; the value returned holds all it knows. */
export function createLearnedSchedule(options: LearnedOptions = {}): LearnedSchedule {
  const { memory, price = 0.015, halfLife = 50 } = options;
  if (!(price > 0 && price <= 1)) throw invalid('`price` must be more than 0 and at most 1');
  if (!(halfLife >= 1 && halfLife < Number.POSITIVE_INFINITY)) throw invalid('`halfLife` must be 1 or more');
  const kinds = new Map<string, Kind>();
  if (memory !== undefined) for (const [name, history] of fromMemory(memory)) keep(kinds, name, history);

  const schedule = (context: LookContext): number => {
    const kind = kinds.get(context.kind) ?? keep(kinds, context.kind, emptyHistory());
    refresh(kind, context);
    return gapBefore(planOf(kind, context, price), context);
  };
  const observe = (observation: Observation): void => {
    const kind = kinds.get(observation.kind) ?? keep(kinds, observation.kind, emptyHistory());
    refresh(kind, observation);
    if (hasDrifted(kind.drift, kind.cells, observation)) forget(kind.history, jobsKept);
    learn(kind.history, kind.cells, observation, halfLife);
    kind.looks = Math.min(longMemory, kind.looks + 1);
    kind.news += 1;
  };
  const toJSON = (): LearnedMemory => {
    for (const kind of kinds.values()) kind.news = longMemory;
    return toMemory(Array.from(kinds, ([name, { history }]) => [name, history]));
  };
  return Object.assign(schedule, { observe, toJSON });
}

/** Keeps a bounded number of kinds: the oldest goes. */
function keep(kinds: Map<string, Kind>, name: string, history: History): Kind {
  for (const oldest of kinds.keys()) if (kinds.size >= mostKinds) kinds.delete(oldest);
  const kind: Kind = { history, drift: noDrift(), cells: history.ended, plans: {}, looks: 0, news: 1 };
  kinds.set(name, kind);
  return kind;
}

/** What was seen is brought to bear after every sixteenth part of news. */
function refresh(kind: Kind, { latency }: Hint): void {
  if (kind.news <= kind.looks / 16) return;
  const hint = sane(latency);
  kind.cells = estimate(kind.history, withDoubt(logNormal(hint), hint));
  kind.plans = {};
  kind.news = 0;
}

function planOf(kind: Kind, context: LookContext, price: number): Plan {
  const { interval, pace } = context;
  const known = kind.plans[pace];
  if (known?.interval === interval) return known.plan;
  const median = medianOf(kind.cells);
  const plan =
    pace === 'keen'
      ? keenPlan(kind.cells, median, price * median)
      : politePlan(kind.cells, median, kind.cells, context);
  kind.plans[pace] = { interval, plan };
  return plan;
}
