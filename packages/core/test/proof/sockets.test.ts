import { expect, test } from 'vitest';
import { socketSchedules } from './sockets-suite.ts';

const scale = Number(process.env.IMAGEPORT_PROVE_SCALE ?? 1);

test(
  'random intents over real sockets keep every promise and leave nothing open',
  async () => {
    const seed = Number(process.env.IMAGEPORT_PROVE_SEED ?? 20_261_121);
    const { tried, violations } = await socketSchedules(100 * scale, seed);
    expect(violations, `seed ${seed}`).toEqual([]);
    expect(tried).toBe(100 * scale);
  },
  60_000 * scale,
);
