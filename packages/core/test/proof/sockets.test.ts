import { expect, test } from 'vitest';
import { keepFinding, scale, seedOr } from './findings.ts';
import { socketSchedules } from './sockets-suite.ts';

test(
  'random intents over real sockets keep every promise and leave nothing open',
  async () => {
    const seed = seedOr(20_261_121);
    const { tried, violations } = keepFinding(await socketSchedules(25 * scale, seed));
    expect(violations, `seed ${seed}`).toEqual([]);
    expect(tried).toBe(25 * scale);
  },
  120_000 * scale,
);
