import { expect, test } from 'vitest';
import { keepFinding, scale, seedOr } from './findings.ts';
import { malformedAnswers, malformedBodies } from './parser-suite.ts';

const seed = seedOr(20_261_123);

test(
  'whatever a host answers is read without an error, and nothing is read into it',
  async () => {
    const { tried, violations } = keepFinding(await malformedBodies(5_000 * scale, seed));
    expect(violations, `seed ${seed}`).toEqual([]);
    expect(tried).toBeGreaterThanOrEqual(10_000 * scale);
  },
  120_000 * scale,
);

test(
  'whatever a host answers to a paid submit, the engine makes neither a success nor a saving of it',
  async () => {
    const { tried, violations } = keepFinding(await malformedAnswers(200 * scale, seed));
    expect(violations, `seed ${seed}`).toEqual([]);
    expect(tried).toBe(200 * scale);
  },
  120_000 * scale,
);
