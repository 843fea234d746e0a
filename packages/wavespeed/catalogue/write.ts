import type { FieldSpec } from '@imageport/core';
import type { Group, Row, Shape } from '../src/catalogue/index.ts';
import type { RecordedModel } from '../src/live/record.ts';

/** A shape with the rows of all models that have it. */
export interface Written {
  readonly shape: Shape;
  readonly rows: readonly Row[];
}

type Specs = Readonly<Record<string, readonly FieldSpec[]>>;

export const head =
  '// biome-ignore-all format: written by catalogue/generate.ts, from recorded.json and overrides.ts beside it\n';

/** Every way in which a field of a name occurs; the most frequent names and ways first. */
export function collectSpecs(groups: readonly Written[]): Specs {
  const counts = new Map<string, Map<string, number>>();
  for (const { shape } of groups) {
    for (const [name, spec] of Object.entries(shape.fields)) {
      const text = JSON.stringify(spec);
      const ofName = counts.get(name) ?? new Map<string, number>();
      counts.set(name, ofName.set(text, (ofName.get(text) ?? 0) + 1));
    }
  }
  const uses = (ofName: ReadonlyMap<string, number>): number => [...ofName.values()].reduce((a, b) => a + b, 0);
  const sorted = [...counts].sort(([, a], [, b]) => uses(b) - uses(a));
  return Object.fromEntries(
    sorted.map(([name, ofName]) => [
      name,
      [...ofName].sort(([, a], [, b]) => b - a).map(([text]) => JSON.parse(text) as FieldSpec),
    ]),
  );
}

/** The fields, one way a line. */
export const writeShapes = (specs: Specs): string =>
  `${head}import type { FieldSpec } from '@imageport/core';

/** Every way in which a field of a name occurs. */
export const specs: Readonly<Record<string, readonly FieldSpec[]>> = {
${Object.entries(specs).map(writeSpecs).join('')}};
`;

const writeSpecs = ([name, ways]: [string, readonly FieldSpec[]]): string => {
  const [only, second] = ways;
  const inner = second ? `\n${ways.map((way) => `    ${literal(way)},\n`).join('')}  ` : literal(only);
  return `  ${key(name)}: [${inner}],\n`;
};

/** The models, one a line. */
export const writeModels = (groups: readonly Written[], specs: Specs, asOf: string): string =>
  `${head}import type { Group } from './index.ts';

/** The day of the newest copy of the host's list. */
export const asOf = ${literal(asOf)};

/** Fields, and the models that have them: id, base price in USD and what else there is to say. */
export const groups: readonly Group[] = [
${groups.map((group) => writeGroup(toGroup(group, specs))).join('')}];
`;

/** A field that must be there has a "!"; ":2" means the third way in which a field of the name occurs. */
function toGroup({ shape: { fields, required = [], ...shape }, rows }: Written, specs: Specs): Group {
  const inOrder = Object.entries(specs).filter(([name]) => Object.hasOwn(fields, name));
  const names = inOrder.map(([name, ways]) => {
    const way = ways.findIndex((each) => JSON.stringify(each) === JSON.stringify(fields[name]));
    return `${name}${required.includes(name) ? '!' : ''}${way > 0 ? `:${way}` : ''}`;
  });
  return { fields: names.join(' '), ...shape, models: rows };
}

function writeGroup({ models, ...group }: Group): string {
  const lines = Object.entries(group).map(([name, value]) => `    ${name}: ${literal(value)},\n`);
  return `  {\n${lines.join('')}    models: [\n${models.map((row) => `      ${literal(row)},\n`).join('')}    ],\n  },\n`;
}

/** What the list says of the models whose tables are written by hand, so that it can be told when it says something else. */
export const writeByHand = (groups: readonly Written[]): string =>
  `${head}import type { Row, Shape } from '../catalogue/index.ts';

/** What the list of the host says of the models in \`families.ts\`, which follow its pages. */
export const byHand: readonly (Shape & { readonly models: readonly Row[] })[] = [
${groups.map(({ shape: { fields, required = [] }, rows }) => writeOwn({ fields, required }, rows)).join('')}];
`;

function writeOwn({ fields, required }: Required<Pick<Shape, 'fields' | 'required'>>, rows: readonly Row[]): string {
  const lines = Object.entries(fields).map(([name, spec]) => `      ${key(name)}: ${literal(spec)},\n`);
  const models = rows.map(([id, usd, { gone } = {}]) => `      ${literal([id, usd, ...(gone ? [{ gone }] : [])])},\n`);
  return `  {
    fields: {\n${lines.join('')}    },
    required: ${literal(required)},
    models: [\n${models.join('')}    ],
  },\n`;
}

/** What prices were calculated by, so that it can be told when the list says something else. */
export function writeFormulas(models: readonly RecordedModel[]): string {
  const priced = models.flatMap(({ id, priceFormula }) => (priceFormula ? [{ id, priceFormula }] : []));
  const rows = [...Map.groupBy(priced, ({ priceFormula }) => priceFormula)];
  return `${head}/** Formulas of the host's list (JSONata over the inputs, in millionths of a dollar), each with the models that have it. */
export const formulas: readonly (readonly [formula: string, ...ids: string[]])[] = [
${rows
  .map(
    ([formula, same]) => `  ${literal([formula, ...same.map(({ id }) => id)])},
`,
  )
  .join('')}];
`;
}

/** Every id as a type, so that they complete in an editor. */
export const writeIds = (ids: readonly string[]): string =>
  `${head}/** The ids of the models outside the Seedream line, portable and the host's own. */
export type CatalogueId =
${ids.map((id) => `  | ${literal(id)}`).join('\n')};
`;

export function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&')}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${key(name)}: ${literal(member)}`);
  return `{ ${members.join(', ')} }`;
}

const key = (name: string): string => (/^[a-z_]\w*$/i.test(name) ? name : literal(name));
