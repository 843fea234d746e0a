import { expect, test } from 'vitest';
import { type Overshoot, overshoots } from './deadline-suite.ts';
import { keepFinding, scale, seedOr } from './findings.ts';

test(
  'a thousand calls at once against hosts that never end are over by their deadlines',
  async () => {
    const seed = seedOr(20_261_122);
    // More crowds, not larger ones, are more proof.
    const crowds: Overshoot[] = [];
    for (let crowd = 0; crowd < scale; crowd += 1) crowds.push(await overshoots(1_000, seed + crowd));
    const latest = crowds.reduce((worst, each) => (each.largest > worst.largest ? each : worst));
    const tried = crowds.reduce((sum, each) => sum + each.tried, 0);
    const violations = crowds.flatMap((each) => each.violations.map((problem) => `seed ${each.seed}: ${problem}`));
    keepFinding({ ...latest, tried, violations });
    expect(violations).toEqual([]);
    expect(tried).toBe(1_000 * scale);
  },
  60_000 * scale,
);
