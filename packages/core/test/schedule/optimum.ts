import { simulate } from './simulate.ts';

/** The best that any schedule could do that knows how long jobs take in general, and nothing of the one it polls. */
export interface Optimum {
  readonly polls: number;
  readonly delay: number;
  readonly price: number;
}

/** How long jobs take, shortest first, and no gap between polls below `leastGap`; all in milliseconds. */
interface Terms {
  readonly times: readonly number[];
  readonly leastGap: number;
}

/** The polls that cost the least if one poll is worth `price` milliseconds of waiting. */
export function cheapest({ times, leastGap }: Terms, price: number): Optimum {
  const grid = (times.at(-1) ?? 0) / 1_500;
  const survivors = countSurvivors(times, grid);
  const next = bestSteps(survivors, grid, price, Math.ceil(leastGap / grid));
  const schedule = ({ elapsed }: { elapsed: number }): number => {
    const at = Math.round(elapsed / grid);
    return ((next[at] ?? at + 1) - at) * grid;
  };
  const terms = { latency: { median: 1, sigma: 1 }, interval: 1, pace: 'aggressive' } as const;
  const { polls, delay } = simulate(schedule, { jobs: times, ...terms });
  return { polls, delay, price };
}

/** The least mean delay at no more than so many polls. */
export function leastDelay(terms: Terms, polls: number): Optimum {
  let [low, high] = [1, 20 * (terms.times.at(-1) ?? 1)];
  for (let round = 0; round < 24; round += 1) {
    const price = Math.sqrt(low * high);
    if (cheapest(terms, price).polls > polls) low = price;
    else high = price;
  }
  return cheapest(terms, high);
}

/** How many jobs still run at each point of the grid. */
function countSurvivors(times: readonly number[], grid: number): Float64Array {
  const survivors = new Float64Array(1_502);
  let ended = 0;
  for (let at = 0; at < survivors.length; at += 1) {
    while (ended < times.length && (times[ended] ?? 0) <= at * grid + 1e-9) ended += 1;
    survivors[at] = times.length - ended;
  }
  return survivors;
}

/** From every point of the grid the moment of the next poll: backwards from the end, where nothing is left to wait for. */
function bestSteps(survivors: Float64Array, grid: number, price: number, least: number): Int32Array {
  const last = survivors.length - 1;
  const costs = new Float64Array(last + 1);
  const next = new Int32Array(last + 1);
  for (let at = last - 1; at >= 0; at -= 1) {
    const alive = survivors[at] ?? 0;
    let best = Number.POSITIVE_INFINITY;
    for (let to = at + least; alive * (price + (to - at) * grid) < best; to += 1) {
      const cost = alive * (price + (to - at) * grid) + (costs[to] ?? 0);
      if (cost < best) [best, next[at]] = [cost, to];
      if (to > last) break;
    }
    costs[at] = alive ? best : 0;
    if (!alive) next[at] = at + least;
  }
  return next;
}
