import { type Cells, cellCount, logNormal, sane, toLatency } from '../schedule/cells.ts';
import type { History } from './history.ts';

/** The hint counts as much as this many jobs, */
const hintJobs = 1.5;
/** and a log-normal of the same centre and spread as what was seen as much as this many. */
const shapeJobs = 4;

/** How long jobs take, by what was seen of them and, where that is little, by the hint. */
export function estimate(history: History, hint: Cells): Cells {
  const rough = toCells(history, [[hint, hintJobs]]);
  const shape = logNormal(sane(toLatency(rough)));
  return toCells(history, [
    [hint, hintJobs],
    [shape, shapeJobs],
  ]);
}

/** Each cell's rate of ends among those who pass it, with distributions that count as some jobs in every cell. */
function toCells({ ended, passed, weight }: History, priors: readonly (readonly [Cells, number])[]): Cells {
  const cells = new Float64Array(cellCount);
  const rests = priors.map(() => 1);
  let left = 1;
  for (let cell = 0; cell < cellCount; cell += 1) {
    let ends = (ended[cell] ?? 0) / weight;
    let passages = (passed[cell] ?? 0) / weight;
    for (const [index, [prior, jobs]] of priors.entries()) {
      const rest = rests[index] ?? 0;
      const here = prior[cell] ?? 0;
      const rate = here / Math.max(rest - here / 2, here / 2, 1e-12);
      ends += jobs * rate;
      passages += jobs;
      rests[index] = rest - here;
    }
    const here = left * -Math.expm1(-ends / passages);
    cells[cell] = here;
    left -= here;
  }
  return cells;
}
