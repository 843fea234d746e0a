import { expect, test } from 'vitest';
import { keyCanaries } from './canary-suite.ts';

test('no key and no signed address comes out in an error, an event or a value, or goes to another host', async () => {
  const { tried, violations } = await keyCanaries();
  expect(violations).toEqual([]);
  expect(tried).toBeGreaterThan(500);
}, 60_000);
