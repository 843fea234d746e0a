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

/**
 * The models of the list with what the tables know of them beyond it. What neither has a schema for is left out: it would be sent
 * unchecked. `date`: the day on which the list was read.
 */
export function joinList(list: readonly ListedModel[], tables: Tables, date: string): readonly Family[] {
  const listed = new Map(list.map((model) => [model.id, model]));
  const all = [...tables.byHand, ...tables.generated];
  const known = all.flatMap((family) =>
    family.models.flatMap((row) => {
      const model = listed.get(row.native);
      if (!model) {
        // What stands on pages only has never been in a list.
        const gone = row.gone ?? (tables.bases.has(row.native) ? { seen: tables.asOf, by: date } : undefined);
        return [{ ...family, models: [{ ...row, ...(gone ? { gone } : {}) }] }];
      }
      const priced = withPrice(row, model, {
        ...{ date, base: tables.bases.get(row.native), formula: tables.formulas.get(row.native) },
      });
      if (hasSchema(model)) {
        return [tables.byHand.includes(family) ? withList(family, priced, model) : toListed(model, priced, family)];
      }
      return family.partly ? [] : [{ ...family, models: [priced] }];
    }),
  );
  const ids = new Set(all.flatMap(({ models }) => models.map(({ native }) => native)));
  const newer = list.filter((model) => hasSchema(model) && !ids.has(model.id)) as readonly Listed[];
  return [
    ...known,
    ...newer.map((model) => toListed(model, withPrice({ native: model.id, ids: [] }, model, { date }))),
  ];
}

/** A model as the list has it, with the limits that only the tables know. */
function toListed({ type, inputs }: Listed, row: ModelRow, known?: Family): Family {
  const fields = Object.entries(inputs).map(([name, input]): [string, FieldSpec] => {
    const before =
      known && known.fields !== 'any' && Object.hasOwn(known.fields, name) ? known.fields[name] : undefined;
    return [name, narrow(toFieldSpec(name, input), before)];
  });
  const pictures = known?.accepts.images?.min ? ['image', 'images'] : [];
  const required = Object.entries(inputs).flatMap(([name, { required: must }]) => (must ? [name] : []));
  const task = known?.task ?? (type === 'upscaler' ? 'upscale' : undefined);
  const shape: Shape = {
    fields: Object.fromEntries(fields),
    required: [...new Set([...required, ...pictures.filter((name) => Object.hasOwn(inputs, name))])],
    ...(task && task !== 'generate' ? { task } : {}),
    ...(known?.accepts.mask ? { whiteMask: true } : {}),
    // A picture without a mask is refused where it is there to be masked only.
    ...(known?.check?.({ prompt: 'x', image: 'x' }) ? { onlyMasked: true } : {}),
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
