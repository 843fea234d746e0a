import { expect, test } from 'vitest';
import { catalogueTable, everyModel } from './catalogue-suite.ts';
import { keepFinding, scale } from './findings.ts';

// The quick form takes one model in seven; `npm run prove -- catalogue` takes all and prints what each of them was asked.
test('every model is sent what its host documents, and refuses the rest before anything is spent', async () => {
  const { finding, models } = await everyModel(scale > 1 ? 1 : 7);
  if (scale > 1) console.log(`${catalogueTable(models)}\n\n(values sent as documented + values refused)`);
  expect(keepFinding(finding).violations).toEqual([]);
  expect(finding.tried).toBeGreaterThan(1000);
}, 120_000);
