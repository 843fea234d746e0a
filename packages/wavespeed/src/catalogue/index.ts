import type { Family, FieldSpec, Gone, ModelRow, Task } from '@imageport/core';
import { readSheet } from '@imageport/core/catalogue';
import { onePicture } from '../fields.ts';
import { asOf, groups } from './models.ts';
import { type PriceTerm, toPrice } from './price.ts';
import { specs } from './shapes.ts';

export { asOf };

/** What several models share beside the names of their fields. */
interface Traits {
  readonly task?: Exclude<Task, 'generate'>;
  /** Not all fields are known. */
  readonly partly?: true;
  /** Nothing is known of the fields that it needs beside a prompt. */
  readonly untold?: true;
  /** White in the mask is what changes. */
  readonly whiteMask?: true;
  /** The reference picture is there to be masked: without a mask it is not used. */
  readonly onlyMasked?: true;
}

/** Fields that several models share. */
export interface Shape extends Traits {
  readonly fields: Readonly<Record<string, FieldSpec>>;
  /** The fields that must be there, by name. */
  readonly required?: readonly string[];
}

/** One model: its id, base price in USD and what else there is to say. */
export type Row = readonly [native: string, usd: number, more?: More];

interface More {
  readonly ids?: readonly string[];
  /** Where the price depends on the fields. */
  readonly price?: PriceTerm;
  readonly gone?: Gone;
}

/** A shape as it is written: its fields by name, with a "!" where they must be there and the number of the way they occur in. */
export interface Group extends Traits {
  readonly fields: string;
  readonly models: readonly Row[];
}

/** Every image model outside the Seedream line. */
export const families: readonly Family[] = groups.map(({ fields, models, ...traits }) =>
  toFamily({ ...toShape(fields), ...traits }, models, asOf),
);

/** The fields of a group, read from the form in which they are written. */
export function toShape(text: string): Shape {
  const names = [...text.matchAll(/(\w+)(!?):?(\d*)/g)];
  const fields = names.map(([, name = '', , way]) => [name, specs[name]?.[Number(way)]] as const);
  return {
    fields: Object.fromEntries(fields.flatMap(([name, spec]) => (spec ? [[name, spec]] : []))),
    required: names.flatMap(([, name = '', must]) => (must ? [name] : [])),
  };
}

/** The models of one shape, as core asks for them. */
export function toFamily(shape: Shape, rows: readonly Row[], asOf: string): Family {
  return {
    ...shape,
    ...readSheet({ required: [], ...shape, picture: onePicture }),
    models: rows.map((row) => toRow(row, shape.fields, asOf)),
  };
}

function toRow([native, usd, more = {}]: Row, fields: Shape['fields'], asOf: string): ModelRow {
  const { ids = [], price: term, gone } = more;
  return {
    ...{ native, ids, price: toPrice({ usd, asOf: gone?.seen ?? asOf, term }, fields) },
    ...(gone ? { gone } : {}),
  };
}
