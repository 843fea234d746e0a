import type { Latency, Pace, PollContext, Schedule } from '../../src/schedule/schedule.ts';

/** What is simulated: jobs by how long they take, and what their schedule is told. All times are milliseconds. */
export interface Simulation {
  readonly jobs: readonly number[];
  /** When each job is accepted. @default one after the other */
  readonly starts?: readonly number[];
  /** What the family table says. */
  readonly latency: Latency;
  readonly interval: number;
  readonly pace: Pace;
  readonly bucket?: string;
  /** Between a poll and its answer. @default 0 */
  readonly roundTrip?: number;
  /** What the host reports of a job that takes `total`, `elapsed` after it was accepted. */
  readonly progress?: (elapsed: number, total: number) => number;
  /** Whether polls tell how long the host computed: a share of the whole time. */
  readonly inference?: number;
}

/** What became of one job. */
export interface Watched {
  readonly polls: number;
  readonly delay: number;
  readonly leastGap: number;
}

export interface Simulated {
  /** Mean number of polls of a job, with the one that found it done. */
  readonly polls: number;
  /** Mean time between the end of a job and the answer of the poll that found it. */
  readonly delay: number;
  readonly p95: number;
  /** `polls` times `delay`: what both can be judged by together. */
  readonly product: number;
  readonly leastGap: number;
  /** Every job, in the order given. */
  readonly watched: readonly Watched[];
}

interface Running {
  readonly index: number;
  readonly start: number;
  readonly total: number;
  /** When the next poll is due; on the common clock. */
  due: number;
  lastPoll: number;
  polls: number;
  leastGap: number;
}

/** Runs a schedule over jobs on a clock of its own. A schedule that learns is told everything in the order of time. */
export function simulate(schedule: Schedule, simulation: Simulation): Simulated {
  const watched: Watched[] = [];
  const running = begin(simulation);
  const queue: Running[] = [];
  for (const job of running) {
    // A job is first considered when it starts, so that it profits from what was learned by then.
    while ((queue[0]?.due ?? Number.POSITIVE_INFINITY) <= job.start) pollNext(schedule, simulation, queue, watched);
    wait(schedule, simulation, queue, job, job.start);
  }
  while (queue.length) pollNext(schedule, simulation, queue, watched);
  return summarise(watched);
}

function begin({ jobs, starts }: Simulation): Running[] {
  let clock = 0;
  const running = jobs.map((total, index) => {
    const start = starts?.[index] ?? clock;
    clock += 10 * total + 1e6;
    return { index, start, total, due: 0, lastPoll: 0, polls: 0, leastGap: Number.POSITIVE_INFINITY };
  });
  return running.sort((a, b) => a.start - b.start);
}

function wait(schedule: Schedule, simulation: Simulation, queue: Running[], job: Running, now: number): void {
  const { latency, interval, pace, bucket = 'bucket', progress } = simulation;
  const context: PollContext = {
    ...{ latency, interval, pace, bucket },
    elapsed: now - job.start,
    lastPoll: job.lastPoll,
    polls: job.polls,
    ...(progress && job.polls ? { progress: progress(job.lastPoll, job.total) } : {}),
  };
  const gap = schedule(context);
  if (!(gap > 0 && gap < Number.POSITIVE_INFINITY)) throw new Error(`a gap of ${gap} ms`);
  job.leastGap = Math.min(job.leastGap, gap);
  job.due = now + gap;
  enqueue(queue, job);
}

function enqueue(queue: Running[], job: Running): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((queue[middle]?.due ?? 0) <= job.due) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, job);
}

function pollNext(schedule: Schedule, simulation: Simulation, queue: Running[], watched: Watched[]): void {
  const job = queue.shift();
  if (!job) return;
  const { latency, bucket = 'bucket', inference, roundTrip = 0 } = simulation;
  const to = job.due - job.start;
  const done = to >= job.total;
  const told = done && inference !== undefined ? { inference: inference * job.total } : {};
  schedule.observe?.({ bucket, latency, from: job.lastPoll, to, done, ...told });
  job.polls += 1;
  job.lastPoll = to;
  if (!done) wait(schedule, simulation, queue, job, job.due + roundTrip);
  else watched[job.index] = { polls: job.polls, delay: to + roundTrip - job.total, leastGap: job.leastGap };
}

export function summarise(watched: readonly Watched[]): Simulated {
  const mean = (read: (job: Watched) => number): number =>
    watched.reduce((sum, job) => sum + read(job), 0) / watched.length;
  const delays = watched.map(({ delay }) => delay).sort((a, b) => a - b);
  const [polls, delay] = [mean((job) => job.polls), mean((job) => job.delay)];
  const p95 = delays[Math.floor(0.95 * delays.length)] ?? 0;
  const leastGap = watched.reduce((least, job) => Math.min(least, job.leastGap), Number.POSITIVE_INFINITY);
  return { polls, delay, p95, product: polls * delay, leastGap, watched };
}

/** Polls at fixed distances, as most clients do. */
export const every =
  (gap: number): Schedule =>
  () =>
    gap;
