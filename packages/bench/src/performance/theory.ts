import type { Distribution } from './distributions.ts';
import { mean } from './numbers.ts';

/** What looking at moments that are chosen before comes to: polls per job, and the mean delay in milliseconds. */
export interface Outcome {
  readonly polls: number;
  readonly delay: number;
}

/** What each cell of the grid adds to the integral of the square root of the hazard. */
function growthOf({ grid }: Distribution): number[] {
  return grid.map((duration, index) => {
    const left = (grid.length - index - 0.5) / grid.length;
    const width = duration - (grid[index - 1] ?? 0);
    return Math.sqrt(width / grid.length / left);
  });
}

/** The product of polls per job and mean delay that no schedule beats: A²/2, A the integral of sqrt(density × survival). */
export function leastProduct(distribution: Distribution): number {
  const { grid } = distribution;
  const growth = growthOf(distribution);
  const area = growth.reduce((sum, each, index) => sum + each * ((grid.length - index - 0.5) / grid.length), 0);
  return area ** 2 / 2;
}

/** Polls where the integral has grown by `step` once more, the first after the share `phase` of it. */
function pollTimes(distribution: Distribution, growth: readonly number[], step: number, phase: number): number[] {
  const times: number[] = [];
  let grown = step * (1 - phase);
  for (const [index, each] of growth.entries()) {
    grown += each;
    if (grown < step) continue;
    grown -= step;
    times.push(distribution.grid[index] ?? 0);
  }
  // Whatever is left ends here.
  return [...times, (distribution.grid.at(-1) ?? 0) + 1];
}

export function play(durations: readonly number[], times: readonly number[]): Outcome {
  const found = durations.map((duration) => {
    const index = times.findIndex((time) => time >= duration);
    return { polls: index + 1, delay: (times[index] ?? 0) - duration };
  });
  return { polls: mean(found.map(({ polls }) => polls)), delay: mean(found.map(({ delay }) => delay)) };
}

const phases = [0.25, 0.5, 0.75, 1, 1.25, 1.5];

/** The least mean delay at that many polls per job, of whoever knows the distribution. */
export function best(distribution: Distribution, polls: number): Outcome {
  const growth = growthOf(distribution);
  const durations = distribution.grid.filter((_, index) => index % 10 === 5);
  const tries = phases.map((phase) => {
    let [low, high] = [1e-3, 1e4];
    for (let round = 0; round < 30; round += 1) {
      const step = Math.sqrt(low * high);
      if (play(durations, pollTimes(distribution, growth, step, phase)).polls > polls) low = step;
      else high = step;
    }
    return play(durations, pollTimes(distribution, growth, high, phase));
  });
  return tries.reduce((a, b) => (b.delay < a.delay ? b : a));
}

/** The schedule that knows the distribution, where a poll is worth `price` milliseconds and none comes sooner than `least`. */
export function worth(distribution: Distribution, price: number, least: number): Outcome {
  const growth = growthOf(distribution);
  const durations = distribution.grid.filter((_, index) => index % 10 === 5);
  const tries = phases.map((phase) => {
    const times: number[] = [];
    for (const time of pollTimes(distribution, growth, Math.sqrt(2 * price), phase)) {
      times.push(Math.max(time, (times.at(-1) ?? 0) + least));
    }
    return play(durations, times);
  });
  const cost = ({ polls, delay }: Outcome): number => delay + price * polls;
  return tries.reduce((a, b) => (cost(b) < cost(a) ? b : a));
}

/** Polls at once, and then after each interval, as the peers do. */
export function every(interval: number, durations: readonly number[]): Outcome {
  const polls = durations.map((duration) => 1 + Math.ceil(duration / interval));
  return {
    polls: mean(polls),
    delay: mean(durations.map((duration, index) => ((polls[index] ?? 1) - 1) * interval - duration)),
  };
}
