import { expect, test } from 'vitest';
import { overshoots } from './deadline-suite.ts';
import { type Finding, keepFinding, scale, seedOr } from './findings.ts';

test(
  'a thousand calls at once against hosts that never end are over by their deadlines',
  async () => {
    const seed = seedOr(20_261_122);
    // More crowds, not larger ones, are more proof.
    const crowds: Finding[] = [];
    for (let crowd = 0; crowd < scale; crowd += 1) crowds.push(await overshoots(1_000, seed + crowd));
    const tried = crowds.reduce((sum, each) => sum + each.tried, 0);
    const violations = crowds.flatMap((each) => each.violations.map((problem) => `seed ${each.seed}: ${problem}`));
    const [first] = crowds;
    if (first) keepFinding({ ...first, tried, violations });
    expect(violations).toEqual([]);
    expect(tried).toBe(1_000 * scale);
  },
  120_000 * scale,
);
