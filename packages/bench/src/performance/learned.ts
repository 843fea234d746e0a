import type { PollContext, Schedule } from '@imageport/core';
import { type Distribution, shuffle, stratified } from './distributions.ts';
import { mean } from './numbers.ts';
import { type Outcome, worth } from './theory.ts';

type Latency = PollContext['latency'];

export interface WarmOptions {
  /** What a poll is worth, as the learned schedule takes it. */
  readonly price: number;
  /** How long the jobs took that it has seen, in milliseconds. */
  readonly known: readonly number[];
  readonly latency: Latency;
}

/** What a schedule knows besides the time. */
export type View = Pick<PollContext, 'latency' | 'interval' | 'pace'>;

/** As at WaveSpeed, where the learned schedule is measured. */
const aggressively = (latency: Latency): View => ({ latency, interval: 2_000, pace: 'aggressive' });
const least = { default: 1_000, aggressive: 250 };

/** A learned schedule that has seen some jobs. All jobs of the bench share one bucket. */
export async function openWarm({ price, known, latency }: WarmOptions): Promise<Schedule> {
  const { createLearnedSchedule } = await import('@imageport/core/learned');
  const learned: Schedule = createLearnedSchedule({ price });
  const schedule: Schedule = Object.assign((context: PollContext) => learned({ ...context, bucket, latency }), {
    observe: (seen: Parameters<NonNullable<Schedule['observe']>>[0]) => learned.observe?.({ ...seen, bucket, latency }),
  });
  for (const duration of known) rehearse(schedule, duration, aggressively(latency));
  return schedule;
}

const bucket = 'bench';

/** One job without a clock or a host: how often it is polled, and how long after its end the last poll comes. */
export function rehearse(schedule: Schedule, duration: number, view: View): Outcome {
  let lastPoll = 0;
  let elapsed = 0;
  for (let polls = 0; polls < 10_000; polls += 1) {
    const context = { ...view, elapsed, lastPoll, polls, bucket };
    elapsed += Math.max(least[view.pace], schedule(context));
    const done = elapsed >= duration;
    const inference = done ? { inference: duration } : {};
    schedule.observe?.({ bucket, latency: view.latency, from: lastPoll, to: elapsed, done, ...inference });
    if (done) return { polls: polls + 1, delay: elapsed - duration };
    lastPoll = elapsed;
  }
  throw new Error('a schedule that never ends');
}

export function rehearseAll(schedule: Schedule, durations: readonly number[], view: View): Outcome {
  const found = durations.map((duration) => rehearse(schedule, duration, view));
  return { polls: mean(found.map(({ polls }) => polls)), delay: mean(found.map(({ delay }) => delay)) };
}

/** The price at which the learned schedule polls at most so often. */
export async function priceFor(polls: number, durations: readonly number[], warm: Omit<WarmOptions, 'price'>) {
  let [low, high] = [1e-5, 1];
  for (let round = 0; round < 20; round += 1) {
    const price = Math.sqrt(low * high);
    const schedule = await openWarm({ ...warm, price });
    if (rehearseAll(schedule, durations, aggressively(warm.latency)).polls > polls) low = price;
    else high = price;
  }
  return high;
}

/** What waiting and polling cost together, in milliseconds per job, with a poll worth 1.5 % of the median. */
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
    return cost(rehearseAll((context) => schedule(context), durations, aggressively(latency)));
  });
  return { learned: mean(await Promise.all(tries)), known: cost(worth(distribution, price, least.aggressive)) };
}
