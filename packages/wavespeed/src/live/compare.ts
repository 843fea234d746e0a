import type { Cost, FieldSpec, ListedModel, ListReading } from '@imageport/core';
import { type Row, type Shape, toShape } from '../catalogue/index.ts';
import { groups } from '../catalogue/models.ts';
import { toFieldSpec } from './field-spec.ts';
import { byHand } from './listed.ts';
import { type ListedModel as Entry, readList } from './read-list.ts';
import type { RecordedInput } from './record.ts';

/** The host's list (the body of `GET /api/v3/models`), beside what the tables were made from. */
export function compareList(body: unknown): ListReading | undefined {
  const entries = readList(body);
  if (!entries || entries.length === 0) return undefined;
  const tables = knownModels();
  const known = new Map(tables.map((model) => [model.id, model]));
  return { tables, list: entries.map((entry) => fromList(entry, known.get(entry.id))) };
}

/** What the host's list held when the tables were written, what it had dropped by then included. */
export const knownModels = (): ListedModel[] => [
  ...groups.flatMap(({ fields, models }) => models.map((row) => fromTable(row, toShape(fields)))),
  ...byHand.flatMap(({ models, ...shape }) => models.map((row) => fromTable(row, shape))),
];

const fromTable = ([id, usd, { gone } = {}]: Row, { fields, required = [] }: Shape): ListedModel => ({
  ...{ id, basePrice: toCost(usd), fields, required },
  ...(gone ? { gone } : {}),
});

const toCost = (amount: number): Cost => ({ amount, currency: 'USD', source: 'listed' });

function fromList({ id, usd, inputs }: Entry, known: ListedModel | undefined): ListedModel {
  const price = usd === undefined ? {} : { basePrice: toCost(usd) };
  if (!inputs) return { id, ...price };
  const fields = Object.entries(inputs).map(([name, input]) => [name, withKnown(name, input, known?.fields)] as const);
  const required = Object.entries(inputs).flatMap(([name, input]) =>
    input.required || isAssumed(name, known) ? [name] : [],
  );
  return { id, ...price, fields: Object.fromEntries(fields), required };
}

/** A model that edits needs its picture also where the list does not say so. */
const isAssumed = (name: string, known: ListedModel | undefined): boolean =>
  /^images?$/.test(name) && known?.required?.includes(name) === true;

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
