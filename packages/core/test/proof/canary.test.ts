import { expect, test } from 'vitest';
import { keyCanaries } from './canary-suite.ts';
import { keepFinding } from './findings.ts';

test('no key and no signed address comes out in an error, an event or a value, or goes to another host', async () => {
  const { tried, violations } = keepFinding(await keyCanaries());
  expect(violations).toEqual([]);
  expect(tried).toBeGreaterThan(300);
}, 120_000);
