import { expect, test } from 'vitest';
import { forgetOldest } from '../../src/ledger/forget-oldest.ts';

test('the oldest keys go once there are an eighth more than are to be kept, and each of them is told', () => {
  const kept = new Set<number>();
  const gone: number[] = [];
  for (let key = 0; key < 1_000; key += 1) {
    kept.add(key);
    forgetOldest(kept, 80, (each) => gone.push(each));
    expect(kept.size).toBeLessThanOrEqual(90);
    if (key >= 80) expect(kept.size).toBeGreaterThanOrEqual(80);
  }
  expect([...gone, ...kept]).toEqual(Array.from({ length: 1_000 }, (_, key) => key));
});

test('of a few, exactly so many are kept', () => {
  const kept = new Map([1, 2, 3].map((key) => [key, '']));
  forgetOldest(kept, 2);
  expect([...kept.keys()]).toEqual([2, 3]);
});
