import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { submitRules } from '../../src/errors/classify.ts';
import { faultTable } from '../../src/testing/index.ts';
import { keepFinding, scale } from './findings.ts';
import { everyFault, everyPair } from './table-suite.ts';

test('every rule of the engine has its rows in the table, and every submit row has its rule or a reason', () => {
  const ids = faultTable.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of submitRules.flatMap(({ rows }) => rows)) expect(ids).toContain(id);
  const decided = submitRules.flatMap(({ rows }) => rows);
  // These are settled before anything is sent, or concern no answer.
  const early = ['S28', 'S29', 'S30', 'S31', 'S32'];
  // These concern more than one answer, and have a test of their own.
  const found = faultTable.filter(({ test }) => test !== undefined).map(({ id }) => id);
  const rows = faultTable.filter(({ stage, id }) => stage === 'submit' && ![...early, ...found].includes(id));
  for (const { id } of rows) expect(decided).toContain(id);
});

test('every test that a row names is there', () => {
  const root = join(import.meta.dirname, '../../../..');
  const named = faultTable.flatMap(({ test: file }) => (file === undefined ? [] : [file]));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('every row of the fault table keeps every promise, on both hosts, first and last', async () => {
  const { tried, violations } = keepFinding(await everyFault());
  expect(violations).toEqual([]);
  expect(tried).toBeGreaterThan(200);
}, 120_000);

// The long form adds every submit fault with every poll fault after it; the quick form takes one pair in twenty.
test('a fault of the submit and one of a look together keep every promise', async () => {
  const { tried, violations } = keepFinding(await everyPair(scale > 1 ? 1 : 20));
  expect(violations).toEqual([]);
  expect(tried).toBeGreaterThan(50);
}, 600_000);
