import { expect, test } from 'vitest';
import { submitRules } from '../../src/errors/classify.ts';
import { faultTable } from '../../src/testing/index.ts';
import { everyFault } from './table-suite.ts';

test('every rule of the engine has its rows in the table, and every submit row has its rule or a reason', () => {
  const ids = faultTable.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of submitRules.flatMap(({ rows }) => rows)) expect(ids).toContain(id);
  const decided = submitRules.flatMap(({ rows }) => rows);
  for (const { id, stage } of faultTable) if (stage === 'submit') expect(decided).toContain(id);
});

test('every row of the fault table keeps every promise, on both hosts, first and last', async () => {
  const { tried, violations } = await everyFault();
  expect(violations).toEqual([]);
  expect(tried).toBeGreaterThan(200);
}, 60_000);
