import { expect, test } from 'vitest';
import { overshoots } from './deadline-suite.ts';
import { keepFinding, scale, seedOr } from './findings.ts';

test(
  'a thousand calls at once against hosts that never end are over by their deadlines',
  async () => {
    const seed = seedOr(20_261_122);
    // More crowds, not larger ones, are more proof.
    for (let crowd = 0; crowd < scale; crowd += 1) {
      const { tried, violations, note } = keepFinding(await overshoots(1_000, seed + crowd));
      expect(violations, `seed ${seed + crowd}: ${note}`).toEqual([]);
      expect(tried).toBe(1_000);
    }
  },
  60_000 * scale,
);
