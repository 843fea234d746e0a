import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recipes } from '../../../docs/generate-recipes.ts';

const folder = join(import.meta.dirname, '..');

test('every recipe is on the page and short', async () => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  expect(names.sort()).toEqual(recipes.map((name) => `${name}.ts`).sort());
  for (const name of names) {
    expect((await readFile(join(folder, name), 'utf8')).split('\n').length, name).toBeLessThanOrEqual(62);
  }
});
