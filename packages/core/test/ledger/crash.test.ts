import { expect, test } from 'vitest';
import { keepFinding, scale } from '../proof/findings.ts';
import { crash, failPoints } from './crash-loop.ts';

const rounds = Math.ceil(scale);

test('a process that is killed anywhere pays no picture twice, loses none and swaps none', {
  timeout: 600_000 * scale,
}, async () => {
  const found = await crash(rounds, 5);
  const { tried, violations } = keepFinding({ suite: 'kill -9 at every fail point, then restart', ...found });
  expect(violations).toEqual([]);
  expect(tried).toBe(rounds * failPoints.length * 2);
});
