// Writes the parts of the pages that are derived from the code: `npx node docs/generate.ts`.
// docs/generated.test.ts fails when a page is behind.
import { readFile, writeFile } from 'node:fs/promises';
import { acmeSource } from './generate-acme.ts';
import { errorTable, reasonTable } from './generate-errors.ts';
import { classTable, failureTables } from './generate-failures.ts';
import { hostsTable, requestTable } from './generate-hosts.ts';
import { hostTable, portableTable } from './generate-models.ts';
import { recipeSource, recipes } from './generate-recipes.ts';

interface Part {
  /** Relative to the root of the repository. */
  readonly page: string;
  /** Stands between `<!-- generated: name -->` and `<!-- end: name -->`. */
  readonly name: string;
  readonly render: () => string | Promise<string>;
}

export const parts: readonly Part[] = [
  { page: 'README.md', name: 'hosts', render: hostsTable },
  { page: 'docs/request.md', name: 'hosts', render: requestTable },
  { page: 'docs/models.md', name: 'portable', render: portableTable },
  { page: 'docs/models/apiframe.md', name: 'models', render: () => hostTable('apiframe') },
  { page: 'docs/models/wavespeed.md', name: 'models', render: () => hostTable('wavespeed') },
  { page: 'docs/errors.md', name: 'errors', render: errorTable },
  { page: 'docs/errors.md', name: 'reasons', render: reasonTable },
  { page: 'docs/failures.md', name: 'classes', render: classTable },
  { page: 'docs/failures.md', name: 'failures', render: failureTables },
  { page: 'docs/add-a-provider.md', name: 'acme', render: acmeSource },
  ...recipes.map((name) => ({ page: 'docs/recipes.md', name, render: () => recipeSource(name) })),
];

/** The page as it is, and as it should be. */
export async function refresh({ page, name, render }: Part): Promise<{ file: URL; before: string; after: string }> {
  const file = new URL(`../${page}`, import.meta.url);
  const before = await readFile(file, 'utf8');
  const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [head, tail] = [before.split(start)[0], before.split(end)[1]];
  if (head === undefined || tail === undefined) throw new Error(`${page} has no place for "${name}"`);
  return { file, before, after: `${head}${start}\n\n${await render()}\n\n${end}${tail}` };
}

if (import.meta.main) {
  for (const part of parts) {
    const { file, after } = await refresh(part);
    await writeFile(file, after);
  }
}
