// Writes the tables of src out of recorded.json: `node packages/wavespeed/catalogue/generate.ts`.
import { writeFileSync } from 'node:fs';
import type { Row, Shape } from '../src/catalogue/index.ts';
import { families } from '../src/families.ts';
import type { RecordedModel } from '../src/live/record.ts';
import { portable } from './overrides.ts';
import { newest, toPriceTerm } from './prices.ts';
import { type Recorded, readRecorded } from './recorded.ts';
import { toShape } from './sheets.ts';
import { collectSpecs, type Written, writeByHand, writeFormulas, writeIds, writeModels, writeShapes } from './write.ts';
import { type Entries, writeEntries } from './write-entries.ts';

/** What the files of src hold, by name. The models whose tables are written by hand have a file of their own. */
export function generate({ copies, models }: Recorded): Readonly<Record<string, string>> {
  const byHand = new Set<string>(families.flatMap((family) => family.models.map(({ native }) => native)));
  const [others, own] = [models.filter(({ id }) => !byHand.has(id)), models.filter(({ id }) => byHand.has(id))];
  const groups = toGroups(others, models);
  const ids = new Set([...Object.keys(portable), ...others.map(({ id }) => id)]);
  const specs = collectSpecs(groups);
  const asOf = Object.keys(copies).sort().at(-1) ?? '';
  return {
    'catalogue/shapes.ts': writeShapes(specs),
    'catalogue/models.ts': writeModels(groups, specs, asOf),
    'catalogue/ids.ts': writeIds([...ids].sort()),
    'live/listed.ts': writeByHand(toGroups(own, models)),
    'live/formulas.ts': writeFormulas(models),
    'live/entries.ts': writeEntries(toEntries(models)),
  };
}

function toEntries(models: readonly RecordedModel[]): Entries {
  const isAssumed = (model: RecordedModel): boolean =>
    toShape(model, models).required?.some((name) => model.inputs?.[name] && !model.inputs[name].required) === true;
  return {
    types: [...Map.groupBy(models, ({ type }) => type)].map(([type, same]) => [type, ...same.map(({ id }) => id)]),
    paths: Object.fromEntries(models.flatMap(({ id, listedPath }) => (listedPath ? [[id, listedPath]] : []))),
    assumed: models.filter(isAssumed).map(({ id }) => id),
  };
}

function toGroups(models: readonly RecordedModel[], all: readonly RecordedModel[]): readonly Written[] {
  const groups = new Map<string, { shape: Shape; rows: Row[] }>();
  for (const model of models) {
    const shape = toShape(model, all);
    const key = JSON.stringify(shape);
    const group = groups.get(key) ?? { shape, rows: [] };
    group.rows.push(toRow(model, all));
    groups.set(key, group);
  }
  return [...groups.values()];
}

function toRow(model: RecordedModel, all: readonly RecordedModel[]): Row {
  // Of an edit variant without a schema it is not known in which field its pictures go.
  const ids = Object.entries(portable).flatMap(([id, [native, edit]]) =>
    native === model.id || (edit === model.id && model.inputs) ? [id] : [],
  );
  const price = toPriceTerm(model, all);
  const { lastSeen: seen, goneBy: by } = model;
  const more = {
    ...(ids.length > 0 ? { ids } : {}),
    ...(price === undefined ? {} : { price }),
    ...(seen !== undefined && by !== undefined ? { gone: { seen, by } } : {}),
  };
  return Object.keys(more).length > 0 ? [model.id, newest(model.usd), more] : [model.id, newest(model.usd)];
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(generate(readRecorded()))) {
    writeFileSync(new URL(`../src/${name}`, import.meta.url), text);
  }
}
