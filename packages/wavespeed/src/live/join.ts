import type { Family, FieldSpec, JsonObject, ModelRow } from '@imageport/core';
import { checkField } from '@imageport/core/catalogue';
import { type Shape, toFamily } from '../catalogue/index.ts';
import { toFieldSpec } from './field-spec.ts';
import { narrow } from './narrow.ts';
import { withPrice } from './price.ts';
import type { ListedModel } from './read-list.ts';

/** What the tables say, and as of when. */
export interface Tables {
  /** Written by hand, where the host's pages say more than its list. */
  readonly byHand: readonly Family[];
  readonly generated: readonly Family[];
  readonly asOf: string;
  /** Base prices in USD of what the list held by then. */
  readonly bases: ReadonlyMap<string, number>;
  /** Formulas of prices, by id: JSONata over the inputs. */
  readonly formulas: ReadonlyMap<string, string>;
}

type Listed = ListedModel & { readonly inputs: NonNullable<ListedModel['inputs']> };
const hasSchema = (model: ListedModel): model is Listed => model.inputs !== undefined;

/** The host's list as it was read. */
export interface Read {
  readonly list: readonly ListedModel[];
  /** Every id in it, of entries that cannot be read as well. */
  readonly named: ReadonlySet<string>;
  /** The day, as YYYY-MM-DD. */
  readonly date: string;
}

/**
 * The models of the list with what the tables know of them beyond it. What neither has a schema for is left out: it would be sent
 * unchecked. What only the tables have a schema for says so.
 */
export function joinList({ list, named, date }: Read, tables: Tables): readonly Family[] {
  const listed = new Map(list.map((model) => [model.id, model]));
  const all = [...tables.byHand, ...tables.generated];
  const known = all.flatMap((family) =>
    family.models.flatMap((row) => {
      const model = listed.get(row.native);
      if (!model) return [{ ...family, models: [toUnlisted(row, named.has(row.native), { tables, date })] }];
      const priced = withPrice(row, model, {
        ...{ date, base: tables.bases.get(row.native), formula: tables.formulas.get(row.native) },
      });
      if (hasSchema(model)) {
        return [tables.byHand.includes(family) ? withList(family, priced, model) : toListed(model, priced, family)];
      }
      return family.partly ? [] : [{ ...family, models: [withDoubt(priced, 'has no schema of it', tables)] }];
    }),
  );
  const ids = new Set(all.flatMap(({ models }) => models.map(({ native }) => native)));
  const newer = list.filter((model) => hasSchema(model) && !ids.has(model.id)) as readonly Listed[];
  return [
    ...known,
    ...newer.map((model) => toListed(model, withPrice({ native: model.id, ids: [] }, model, { date }))),
  ];
}

/** A row of the tables that the list has not, or not so that it can be read. */
function toUnlisted(row: ModelRow, isNamed: boolean, { tables, date }: { tables: Tables; date: string }): ModelRow {
  if (isNamed) {
    const { gone: _gone, ...rest } = row;
    return withDoubt(rest, 'has an entry of it that reads as no image model', tables);
  }
  // What stands on pages only has never been in a list.
  const gone = row.gone ?? (tables.bases.has(row.native) ? { seen: tables.asOf, by: date } : undefined);
  return gone ? { ...row, gone } : row;
}

const withDoubt = (row: ModelRow, problem: string, { asOf }: Tables): ModelRow => ({
  ...row,
  note: `wavespeed:${row.native}: the host's list ${problem}, so it was checked against the tables of ${asOf}`,
});

/** A model as the list has it, with the limits that only the tables know. */
function toListed({ type, inputs }: Listed, row: ModelRow, known?: Family): Family {
  const fields = Object.entries(inputs).map(([name, input]): [string, FieldSpec] => {
    const before =
      known && known.fields !== 'any' && Object.hasOwn(known.fields, name) ? known.fields[name] : undefined;
    return [name, narrow(toFieldSpec(name, input), before)];
  });
  const required = Object.entries(inputs).flatMap(([name, { required: must }]) => (must ? [name] : []));
  // A newer model that changes pictures needs one whatever its schema says, as those of the tables do.
  const isForPictures = known
    ? known.accepts.images?.min
    : type === 'image-to-image' && !required.some((name) => /image|reference/.test(name));
  const pictures = isForPictures ? ['image', 'images'] : [];
  const task = known?.task ?? (type === 'upscaler' ? 'upscale' : undefined);
  const shape: Shape = {
    fields: Object.fromEntries(fields),
    required: [...new Set([...required, ...pictures.filter((name) => Object.hasOwn(inputs, name))])],
    ...(task && task !== 'generate' ? { task } : {}),
    ...(known?.accepts.mask ? { whiteMask: true } : {}),
    ...(known?.accepts.images?.onlyMasked ? { onlyMasked: true } : {}),
  };
  return { ...toFamily(shape, [], ''), models: [row] };
}

/** A table of the pages, which must hold for the list as well. */
function withList(family: Family, row: ModelRow, { inputs }: Listed): Family {
  const known = family.fields === 'any' ? {} : family.fields;
  const check = (fields: JsonObject): string | undefined => {
    const own = Object.entries(fields).filter(([name]) => Object.hasOwn(known, name));
    for (const [name, value] of own) {
      const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      if (!input) return `\`${name}\` is no longer in the host's list`;
      const problem = checkField(toFieldSpec(name, input), value);
      if (problem) return `\`${name}\` ${problem}, by the host's list`;
    }
    return family.check?.(fields);
  };
  return { ...family, models: [row], check };
}
