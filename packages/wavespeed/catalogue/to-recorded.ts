import { type ListedModel, readList } from '../src/live/read-list.ts';
import type { RecordedInput, RecordedModel } from '../src/live/record.ts';
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
  const models = [
    ...listed.map((model) => toModel(model, date, known.get(model.id))),
    ...before.models.filter(({ id }) => !ids.has(id)).map((model) => toGone(model, date)),
  ];
  return {
    ...before,
    copies: { ...before.copies, [date]: 'GET /api/v3/models' },
    models: models.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function toModel({ usd, formula, inputs, ...listed }: ListedModel, date: string, known?: RecordedModel): RecordedModel {
  const { goneBy: _by, lastSeen: _seen, priceFormula, priceFormulaFrom, schemaOlderThan, ...kept } = known ?? {};
  const fields = inputs ? { inputs: withStated(inputs, known?.inputs), inputsFrom: date, schema: 'full' as const } : {};
  // A list without schemas says nothing of formulas, either.
  const from = formula === undefined ? {} : { priceFormula: formula, priceFormulaFrom: date };
  const old = { ...(priceFormula && priceFormulaFrom ? { priceFormula, priceFormulaFrom } : {}) };
  return {
    ...{ inputs: null, schema: 'none' as const },
    ...kept,
    ...(schemaOlderThan && !inputs ? { schemaOlderThan } : {}),
    ...{ id: listed.id, type: listed.type, live: true },
    ...(listed.path === undefined ? {} : { listedPath: listed.path }),
    ...(inputs ? from : old),
    ...fields,
    seen: [...new Set([...(known?.seen ?? []), date])],
    usd: { ...known?.usd, ...(usd === undefined ? {} : { [date]: usd }) },
  };
}

type Inputs = Readonly<Record<string, RecordedInput>>;

function withStated(inputs: Inputs, known: RecordedModel['inputs'] = null): Inputs {
  const entries = Object.entries(inputs).map(([name, input]) => {
    const { stated, form, apiOnly, hidden, format } = known?.[name] ?? {};
    const kept = { ...(apiOnly && { apiOnly }), ...(hidden && { hidden }), ...(format && { format }) };
    return [
      name,
      { ...kept, ...input, ...(stated ? { stated } : {}), ...(form && input.form ? { form } : {}) },
    ] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const toGone = (model: RecordedModel, date: string): RecordedModel =>
  model.live ? { ...model, live: false, lastSeen: model.seen.at(-1) ?? '', goneBy: date } : model;

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
