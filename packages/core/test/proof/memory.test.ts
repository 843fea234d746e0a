import { expect, test } from 'vitest';
import { keepFinding } from './findings.ts';
import { memoryBounds } from './memory-suite.ts';

test('no answer and no picture is held beyond its limit, however large it becomes', async () => {
  const { tried, violations, note } = keepFinding(await memoryBounds());
  expect(violations, note).toEqual([]);
  expect(tried).toBeGreaterThan(10);
}, 300_000);
