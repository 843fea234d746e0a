import { readFile } from 'node:fs/promises';

/** The files of examples/recipes that docs/recipes.md shows. */
export const recipes = [
  'next-route',
  'use-image',
  'lines',
  'express',
  'pictures',
  's3-store',
  'save-to-s3',
  'hono-worker',
  'r2-pictures',
  'order',
  'until-paid',
  'failure',
  'csv-batch',
] as const;

/** A recipe as the tests run it. */
export async function recipeSource(name: (typeof recipes)[number]): Promise<string> {
  const path = `examples/recipes/${name}.ts`;
  const source = await readFile(new URL(`../${path}`, import.meta.url), 'utf8');
  return `\`\`\`ts ${path}\n${source.trim()}\n\`\`\``;
}
