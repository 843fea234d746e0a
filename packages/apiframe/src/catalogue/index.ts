import type { Family, ModelRow } from '@imageport/core';
import { readSheet } from '@imageport/core/catalogue';
import { toVariation } from './midjourney.ts';
import { models } from './models.ts';
import { priceOf } from './price.ts';
import { rules } from './rules.ts';
import type { Model, Shape } from './sheet.ts';
import type { Fields } from './spec.ts';

function toFamily(shape: Shape, params: string): Omit<Family, 'models'> {
  const { fields, required = [], nativeOnly = [], prompt, task, whiteMask = false } = shape;
  const sheet = { fields: without(fields, nativeOnly), required, whiteMask };
  const family = readSheet(prompt === undefined ? sheet : { ...sheet, prompt: 'required' });
  return {
    ...family,
    fields,
    ...(prompt === undefined ? {} : { maxPrompt: prompt }),
    ...(task === undefined ? {} : { task }),
    ...rules[params],
  };
}

const without = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

function toRow({ path, params }: Shape, { id, portable, price, gone }: Model): ModelRow {
  return {
    ids: portable === undefined ? [] : [portable],
    native: id,
    endpoint: { ...(path === undefined ? {} : { path }), ...(params === undefined ? {} : { params }) },
    ...(price ? { price: priceOf(price) } : {}),
    ...(gone ? { gone } : {}),
  };
}

/** Every image model of the host that has no family by hand, from its own document and pages. */
export const catalogue: readonly Family[] = models.map(([shape, rows]) => ({
  ...(shape.params === undefined ? toVariation(shape) : toFamily(shape, shape.params)),
  models: rows.map((model) => toRow(shape, model)),
}));
