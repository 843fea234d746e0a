// Writes the tables of src from recorded.json and overrides.ts; a test fails when they are behind:
// `npx node packages/apiframe/catalogue/generate.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fill, literal } from './literal.ts';
import { isAction, toActions } from './midjourney.ts';
import { portableOf } from './overrides.ts';
import { type Recorded, readRecorded } from './recorded.ts';
import { toSheets } from './sheets.ts';
import { listedSource } from './to-listed.ts';
import { helpersIn, modelsSource, shapeSource } from './to-source.ts';

const head = `// biome-ignore-all format: written by catalogue/generate.ts, from recorded.json and overrides.ts beside it`;

/** The sources as they have to be, by name. */
export function sources({ models }: Recorded = readRecorded()): Record<string, string> {
  const sheets = toSheets(models);
  const shapes = sheets.map((sheet, index) => shapeSource(sheet, sheets.slice(0, index)));
  const own = models.filter((model) => !isAction(model)).map(({ id }) => id);
  const ids = [...new Set([...own, ...own.flatMap((id) => portableOf(id) ?? [])])].sort();
  return {
    'catalogue/shapes': `${head}

import type { Action, Shape } from './sheet.ts';
import { ${helpersIn(shapes.join())} } from './spec.ts';

${shapes.join('\n\n')}

/** What goes with a Midjourney action beside the job. */
export const actions: Readonly<Record<string, Action>> = {
${fill(
  Object.entries(toActions(models)).map(([id, action]) => `${id}: ${literal(action)}`),
  '  ',
)}
};
`,
    'catalogue/models': `${head}

import * as shapes from './shapes.ts';
import type { Model, Shape } from './sheet.ts';

/** The host's models by what they share. */
export const models: readonly (readonly [Shape, readonly Model[]])[] = [
${sheets.map(modelsSource).join('\n')}
];
`,
    'live/listed': `${head}

${listedSource(models)}`,
    'catalogue/ids': `${head}

/** Every model of the host: its own id, and the one that means it on every host. */
export type ApiframeModelId =
${ids.map((id) => `  | '${id}'`).join('\n')};
`,
  };
}

const place = (name: string) => new URL(`../src/${name}.ts`, import.meta.url);

/** A source as it is. */
export const written = (name: string): string => readFileSync(place(name), 'utf8');

if (import.meta.main) {
  for (const [name, source] of Object.entries(sources())) writeFileSync(place(name), source);
}
