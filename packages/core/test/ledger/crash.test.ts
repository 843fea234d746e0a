import { expect, test } from 'vitest';
import { crash, failPoints } from './crash-loop.ts';

const scale = Number(process.env.IMAGEPORT_PROVE_SCALE ?? 1);
const rounds = 3 * scale;

test('a process that is killed anywhere pays no picture twice, loses none and swaps none', {
  timeout: 180_000 * scale,
}, async () => {
  const { tried, violations } = await crash(rounds, 5);
  expect(violations).toEqual([]);
  expect(tried).toBe(rounds * failPoints.length * 2);
});
