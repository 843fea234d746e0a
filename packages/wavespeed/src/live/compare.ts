import type { Cost, FieldSpec, ListedModel, ListReading } from '@imageport/core';
import { type Row, type Shape, toShape } from '../catalogue/index.ts';
import { groups } from '../catalogue/models.ts';
import { assumed, paths, types } from './entries.ts';
import { toFieldSpec } from './field-spec.ts';
import { formulas } from './formulas.ts';
import { byHand } from './listed.ts';
import { type ListedModel as Entry, readList, readOthers } from './read-list.ts';
import type { RecordedInput } from './record.ts';

/** The host's list (the body of `GET /api/v3/models`), beside what the tables were made from. */
export function compareList(body: unknown): ListReading | undefined {
  const entries = readList(body);
  if (!entries || entries.length === 0) return undefined;
  const tables = knownModels();
  const known = new Map(tables.map((model) => [model.id, model]));
  const ids = entries.map(({ id }) => id);
  const twice = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  const unread = readOthers(body).flatMap(({ id, type }) =>
    known.has(id) || /image|photo|picture|portrait/.test(`${type} ${id}`) ? [{ id, category: type }] : [],
  );
  return {
    tables,
    list: [...new Map(entries.map((entry) => [entry.id, fromList(entry, known.get(entry.id))])).values()],
    ...(twice.length > 0 ? { twice } : {}),
    ...(unread.length > 0 ? { unread } : {}),
  };
}

/** What the host's list held when the tables were written, what it had dropped by then included. */
export const knownModels = (): ListedModel[] => [
  ...groups.flatMap(({ fields, partly = false, models }) =>
    models.map((row) => fromTable(row, { ...toShape(fields), ...(partly ? { partly } : {}) })),
  ),
  ...byHand.flatMap(({ models, ...shape }) => models.map((row) => fromTable(row, shape))),
];

const categories = new Map(types.flatMap(([type, ...ids]) => ids.map((id) => [id, type] as const)));
const terms = new Map(formulas.flatMap(([formula, ...ids]) => ids.map((id) => [id, formula] as const)));
const withAssumed: ReadonlySet<string> = new Set(assumed);

const fromTable = ([id, usd, { gone } = {}]: Row, { fields, required = [], partly }: Shape): ListedModel => ({
  ...{ id, basePrice: toCost(usd), fields, required },
  ...{ category: categories.get(id) ?? '', path: paths[id] ?? pathOf(id), priceTerms: withoutSpaces(terms.get(id)) },
  ...(partly ? { partly } : {}),
  ...(gone ? { gone } : {}),
});

const pathOf = (id: string): string => `/api/v3/${id}`;
const withoutSpaces = (text = ''): string => text.replace(/\s/g, '');

const toCost = (amount: number): Cost => ({ amount, currency: 'USD', source: 'listed' });

function fromList({ id, type, usd, inputs, path, formula }: Entry, known: ListedModel | undefined): ListedModel {
  const told = { id, category: type, ...(usd === undefined ? {} : { basePrice: toCost(usd) }) };
  // A list without fields says nothing of formulas, either.
  if (!inputs) return told;
  const fields = Object.entries(inputs).map(([name, input]) => [name, withKnown(name, input, known?.fields)] as const);
  const required = Object.entries(inputs).flatMap(([name, input]) =>
    input.required || isAssumed(name, known) ? [name] : [],
  );
  const more = { path: path ?? pathOf(id), priceTerms: withoutSpaces(formula) };
  return { ...told, ...more, fields: Object.fromEntries(fields), required };
}

/** Some models need their picture though the list has never said so. */
const isAssumed = (name: string, known: ListedModel | undefined): boolean =>
  known !== undefined && withAssumed.has(known.id) && /^images?$/.test(name) && known.required?.includes(name) === true;

/** What the list never says, because it stands in descriptions or at other models, is as the tables have it. */
function withKnown(name: string, input: RecordedInput, fields: Shape['fields'] = {}): FieldSpec {
  const spec = toFieldSpec(name, input);
  const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (known?.type !== spec.type) return spec;
  if (spec.type === 'list' && known.type === 'list' && !input.items?.properties)
    return { ...known, ...spec, of: known.of };
  return stated.has(spec.type) ? ({ ...limitsOf(known), ...spec } as FieldSpec) : spec;
}

const stated: ReadonlySet<FieldSpec['type']> = new Set(['size', 'integer', 'urls']);

/** Without the default, which the list does say. */
function limitsOf(spec: FieldSpec): object {
  const { default: _, ...limits } = spec as { readonly default?: unknown };
  return limits;
}
