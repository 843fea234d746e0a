import { expect, test } from 'vitest';
import { everyAbort } from './abort-suite.ts';
import { keepFinding } from './findings.ts';

test('an abort before or after any await keeps every promise', async () => {
  const { tried, violations } = keepFinding(await everyAbort());
  expect(violations).toEqual([]);
  expect(tried).toBeGreaterThan(100);
}, 120_000);
