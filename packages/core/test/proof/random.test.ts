import { expect, test } from 'vitest';
import { keepFinding, scale, seedOr } from './findings.ts';
import { randomSchedules } from './random-suite.ts';

test(
  'random intents under random faults keep every promise',
  async () => {
    const count = 500 * scale;
    const { tried, violations, seed } = keepFinding(await randomSchedules(count, seedOr(20_261_120)));
    expect(violations, `seed ${seed}`).toEqual([]);
    expect(tried).toBe(count);
  },
  600_000 * scale,
);
