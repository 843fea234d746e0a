import type { LookContext, Schedule } from '@imageport/core';
import { type Distribution, shuffle, stratified } from './distributions.ts';
import { mean } from './numbers.ts';
import { type Outcome, worth } from './theory.ts';

type Latency = LookContext['latency'];

export interface WarmOptions {
  /** What a look is worth, as the learned schedule takes it. */
  readonly price: number;
  /** How long the jobs took that it has seen, in milliseconds. */
  readonly known: readonly number[];
  readonly latency: Latency;
}

/** What a schedule is told besides the time. */
export type View = Pick<LookContext, 'latency' | 'interval' | 'pace'>;

/** As at WaveSpeed, where the learned schedule is measured. */
const keenly = (latency: Latency): View => ({ latency, interval: 2_000, pace: 'keen' });
const least = { polite: 1_000, keen: 250 };

/** A learned schedule that has seen some jobs. Every job of the bench is of one kind. */
export async function openWarm({ price, known, latency }: WarmOptions): Promise<Schedule> {
  const { createLearnedSchedule } = await import('@imageport/core/learned');
  const learned: Schedule = createLearnedSchedule({ price });
  const schedule: Schedule = Object.assign((context: LookContext) => learned({ ...context, kind, latency }), {
    observe: (seen: Parameters<NonNullable<Schedule['observe']>>[0]) => learned.observe?.({ ...seen, kind, latency }),
  });
  for (const duration of known) rehearse(schedule, duration, keenly(latency));
  return schedule;
}

const kind = 'bench';

/** One job without a clock or a host: how often it is looked at, and how long after its end the last look comes. */
export function rehearse(schedule: Schedule, duration: number, view: View): Outcome {
  let lastLook = 0;
  let elapsed = 0;
  for (let looks = 0; looks < 10_000; looks += 1) {
    const context = { ...view, elapsed, lastLook, looks, kind };
    elapsed += Math.max(least[view.pace], schedule(context));
    const done = elapsed >= duration;
    const told = done ? { inference: duration } : {};
    schedule.observe?.({ kind, latency: view.latency, from: lastLook, to: elapsed, done, ...told });
    if (done) return { polls: looks + 1, delay: elapsed - duration };
    lastLook = elapsed;
  }
  throw new Error('a schedule that never ends');
}

export function rehearseAll(schedule: Schedule, durations: readonly number[], view: View): Outcome {
  const found = durations.map((duration) => rehearse(schedule, duration, view));
  return { polls: mean(found.map(({ polls }) => polls)), delay: mean(found.map(({ delay }) => delay)) };
}

/** The price at which the learned schedule looks at most so often. */
export async function priceFor(polls: number, durations: readonly number[], warm: Omit<WarmOptions, 'price'>) {
  let [low, high] = [1e-5, 1];
  for (let round = 0; round < 20; round += 1) {
    const price = Math.sqrt(low * high);
    const schedule = await openWarm({ ...warm, price });
    if (rehearseAll(schedule, durations, keenly(warm.latency)).polls > polls) low = price;
    else high = price;
  }
  return high;
}

/** What waiting and looking cost together, in milliseconds per job, with a look worth 1.5 % of the median. */
export interface Costs {
  readonly learned: number;
  /** Of the schedule that knows the distribution. */
  readonly known: number;
}

/** How far a schedule that has seen a few jobs is from one that knows everything. */
export async function costAfter(jobs: number, distribution: Distribution, seeds: number): Promise<Costs> {
  const { latency } = distribution;
  const price = 0.015 * latency.median;
  const cost = ({ polls, delay }: Outcome): number => delay + price * polls;
  const durations = stratified(distribution, 500);
  const tries = Array.from({ length: seeds }, async (_, seed) => {
    const known = shuffle(durations, seed + 10).slice(0, jobs);
    const schedule = await openWarm({ price: 0.015, known, latency });
    return cost(rehearseAll((context) => schedule(context), durations, keenly(latency)));
  });
  return { learned: mean(await Promise.all(tries)), known: cost(worth(distribution, price, least.keen)) };
}
