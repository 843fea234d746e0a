import { expect, test } from 'vitest';
import { randomSchedules } from './random-suite.ts';

const scale = Number(process.env.IMAGEPORT_PROVE_SCALE ?? 1);

test(
  'random intents under random faults keep every promise',
  async () => {
    const seed = Number(process.env.IMAGEPORT_PROVE_SEED ?? 20_261_120);
    const { tried, violations } = await randomSchedules(2_000 * scale, seed);
    expect(violations, `seed ${seed}`).toEqual([]);
    expect(tried).toBe(2_000 * scale);
  },
  600_000 * scale,
);
