import { isDeepStrictEqual } from 'node:util';
import type { FieldSpec } from '@imageport/core';
import { toFieldSpec } from '../src/live/field-spec.ts';
import { type ListedModel, readList } from '../src/live/read-list.ts';
import type { RecordedInput, RecordedModel } from '../src/live/record.ts';
import { newest } from './prices.ts';
import type { Recorded } from './recorded.ts';

export interface ReadOptions {
  /** Take a list that has lost a tenth of the models, too. */
  readonly force?: boolean;
}

/**
 * Reads a new copy of the host's list (the body of `GET /api/v3/models`) into what is recorded. Of `before` stays what the list does not
 * say: earlier prices, models that are gone, and bounds that stand in descriptions only. Throws for a body that is no list, and for one
 * that has lost a tenth of the models: then it was cut.
 */
export function toRecorded(
  body: unknown,
  date: string,
  before: Recorded,
  { force = false }: ReadOptions = {},
): Recorded {
  const listed = readList(body);
  if (!listed) throw new TypeError('the answer is no list of models');
  const live = before.models.filter((model) => model.live);
  const ids = new Set(listed.map(({ id }) => id));
  const lost = live.filter(({ id }) => !ids.has(id));
  if (lost.length > live.length / 10 && !force) {
    throw new RangeError(`the list lacks ${lost.length} of ${live.length} models: it was cut, or is another one`);
  }
  const known = new Map(before.models.map((model) => [model.id, model]));
  const last = Object.keys(before.copies).sort().at(-1) ?? '';
  const models = [
    // Of two entries of one id the later one, as in the comparison, which names them.
    ...[...new Map(listed.map((model) => [model.id, model])).values()].map((model) =>
      toModel(model, date, known.get(model.id)),
    ),
    ...before.models.filter(({ id }) => !ids.has(id)).map((model) => toGone(model, last, date)),
  ];
  // A copy that says nothing new is none: whatever has not changed keeps its dates.
  if (models.every((model) => known.get(model.id) === model)) return before;
  return {
    ...before,
    copies: { ...before.copies, [date]: 'GET /api/v3/models' },
    models: models.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** A model as the list has it; the very record that is known where the list says nothing else. */
function toModel(listed: ListedModel, date: string, known?: RecordedModel): RecordedModel {
  const { id, type, usd, formula, inputs, path } = listed;
  const {
    goneBy: _by,
    lastSeen: _seen,
    ...kept
  } = known ?? { inputs: null, schema: 'none' as const, usd: {}, seen: [] };
  const changes = {
    ...(inputs ? { ...changesOfFields(inputs, date, known), ...changesOfFormula(formula, date, known) } : {}),
    ...(path === undefined || path === known?.listedPath ? {} : { listedPath: path }),
    ...(type === known?.type ? {} : { type }),
  };
  const isPriced = usd !== undefined && (usd !== newest(kept.usd) || 'priceFormulaFrom' in changes);
  if (known?.live && !isPriced && Object.keys(changes).length === 0) return known;
  const { schemaOlderThan, priceFormula, priceFormulaFrom, ...changed } = { ...kept, ...changes } as RecordedModel;
  return {
    ...{ ...changed, id, type, live: true },
    ...(schemaOlderThan && !('inputs' in changes) ? { schemaOlderThan } : {}),
    ...(priceFormula && priceFormulaFrom ? { priceFormula, priceFormulaFrom } : {}),
    seen: [...new Set([...kept.seen, date])],
    usd: { ...kept.usd, ...(isPriced ? { [date]: usd } : {}) },
  };
}

type Inputs = Readonly<Record<string, RecordedInput>>;

/**
 * The fields where they are others. Fields of which only some were known and that are listed as just these stay known in part: who
 * lists them may know no more.
 */
function changesOfFields(inputs: Inputs, date: string, known: RecordedModel | undefined): Partial<RecordedModel> {
  const read = withStated(inputs, known?.inputs);
  const names = Object.keys(known?.inputs ?? {});
  const isSame =
    names.length === Object.keys(read).length && names.every((name) => read[name] === known?.inputs?.[name]);
  return known?.inputs && isSame ? {} : { inputs: read, inputsFrom: date, schema: 'full' };
}

/** The formula where it is another one, or none any more: a list with the fields says that, too. */
function changesOfFormula(formula: string | undefined, date: string, known: RecordedModel | undefined) {
  if (withoutSpaces(formula) === withoutSpaces(known?.priceFormula)) return {};
  return { priceFormula: formula, priceFormulaFrom: formula === undefined ? undefined : date };
}

const withoutSpaces = (text = ''): string => text.replace(/\s/g, '');

/** The fields of the list with what it never says; a field that says the same as before is the very one that is known. */
function withStated(inputs: Inputs, known: RecordedModel['inputs'] = null): Inputs {
  const entries = Object.entries(inputs).map(([name, input]) => {
    const before = known?.[name];
    const { stated, form, apiOnly, hidden, format, items } = before ?? {};
    const kept = { ...(apiOnly && { apiOnly }), ...(hidden && { hidden }), ...(format && { format }) };
    const more = { ...(stated ? { stated } : {}), ...(form && input.form ? { form } : {}) };
    const now = { ...kept, ...input, ...more, ...(input.items?.properties || !items ? {} : { items }) };
    return [name, before && saysTheSame(name, before, now) ? before : now] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const saysTheSame = (name: string, before: RecordedInput, now: RecordedInput): boolean =>
  Boolean(before.required) === Boolean(now.required) &&
  isDeepStrictEqual(...([before, now].map((input) => unordered(toFieldSpec(name, input))) as [FieldSpec, FieldSpec]));

/** The order in which a list has its choices says nothing. */
const unordered = (spec: FieldSpec): FieldSpec =>
  spec.type === 'choice' ? { ...spec, values: spec.values.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)) } : spec;

const toGone = (model: RecordedModel, last: string, date: string): RecordedModel =>
  model.live ? { ...model, live: false, lastSeen: last, goneBy: date } : model;

/** The text of recorded.json: one model a line, so that a new copy reads as a diff. */
export function writeRecorded({ models, ...head }: Recorded): string {
  const lines = Object.entries(head).map(([name, value]) => ` ${JSON.stringify(name)}: ${spaced(value)},`);
  return `{\n${lines.join('\n')}\n "models": [\n${models.map((model) => `  ${spaced(model)}`).join(',\n')}\n ]\n}\n`;
}

/** JSON on one line, keys in order. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const members = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`);
  return `{${members.join(', ')}}`;
}
