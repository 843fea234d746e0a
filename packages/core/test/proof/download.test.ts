import { expect, test } from 'vitest';
import { downloadAddresses } from './download-suite.ts';
import { keepFinding } from './findings.ts';

test('no picture is asked for at an address that is not public, and every public one is', async () => {
  const { tried, violations } = keepFinding(await downloadAddresses());
  expect(violations).toEqual([]);
  expect(tried).toBeGreaterThan(200);
}, 120_000);
