import { cellCount, logNormal, type Survival, sane, timeAt, toSigma, weightOf } from '../schedule/cells.ts';
import type { Latency } from '../schedule/schedule.ts';
import type { History } from './history.ts';

/** The hint counts as much as this many jobs, */
const hintJobs = 2;
/** and a log-normal of the same centre and spread as what was seen as much as this many. */
const shapeJobs = 4;

/** A distribution that counts as some jobs in every cell. */
type Prior = readonly [Survival, number];

/** How long jobs take, by what was seen of them and, where that is little, by the hint. */
export function estimate(history: History, hint: Survival): Survival {
  const rough = follow(history, [[hint, hintJobs]]);
  const shape = logNormal(sane(toLatency(rough)));
  return follow(history, [
    [hint, hintJobs],
    [shape, shapeJobs],
  ]);
}

/** From cell to cell by the rate of ends among those who pass it. */
function follow({ ended, passed, weight }: History, priors: readonly Prior[]): Survival {
  const survival = new Float64Array(cellCount + 1);
  let left = 1;
  for (let cell = 0; cell < cellCount; cell += 1) {
    survival[cell] = left;
    let ends = (ended[cell] ?? 0) / weight;
    let passages = (passed[cell] ?? 0) / weight;
    for (const [prior, jobs] of priors) {
      ends += jobs * rateIn(prior, cell);
      passages += jobs;
    }
    left *= Math.exp(-ends / passages);
  }
  return survival;
}

function rateIn(survival: Survival, cell: number): number {
  const ends = weightOf(survival, cell);
  return ends / Math.max((survival[cell] ?? 0) - ends / 2, 1e-12);
}

/** The middle and the spread of a distribution, as those of a log-normal one. */
function toLatency(survival: Survival): Latency {
  let [mean, square] = [0, 0];
  for (let cell = 0; cell < cellCount; cell += 1) {
    const weight = weightOf(survival, cell);
    mean += weight * (cell + 0.5);
    square += weight * (cell + 0.5) ** 2;
  }
  return { median: timeAt(mean), sigma: toSigma(Math.sqrt(Math.max(0, square - mean ** 2))) };
}

/** The moment before which half of the jobs end. */
export function medianOf(survival: Survival): number {
  const after = survival.findIndex((share) => share <= 0.5);
  if (after < 1) return timeAt(cellCount);
  const before = weightOf(survival, after - 1);
  return timeAt(after - ((0.5 - (survival[after] ?? 0)) / before || 0));
}
