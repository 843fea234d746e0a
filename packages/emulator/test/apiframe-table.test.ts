import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { families, modelIds, promptField } from '../src/apiframe/families.ts';
import type { Field } from '../src/schema/field.ts';

// biome-ignore lint/suspicious/noExplicitAny: a foreign document, read loosely
type Schema = any;

const document = new URL('../../../../shared/wire/apiframe-openapi.json', import.meta.url);

/** A field of the table in the words of the OpenAPI document. */
function toSchema({ nullable, items, ...field }: Field): Schema {
  return { ...field, ...(items ? { items: toSchema(items) } : {}), type: nullable ? [field.type, 'null'] : field.type };
}

const table = families.flatMap((family) =>
  Object.keys(family.models).map((id) => ({
    id,
    params: family.params,
    prompt: toSchema(promptField(family)),
    fields: Object.fromEntries(Object.entries(family.fields).map(([name, field]) => [name, toSchema(field)])),
    required: family.required ?? [],
  })),
);

function official(): typeof table {
  const { components } = JSON.parse(readFileSync(document, 'utf8')) as Schema;
  return components.schemas.GenerateImageRequest.oneOf.map(({ properties }: Schema) => {
    const params = Object.keys(properties).find((name) => name.endsWith('Params')) ?? '';
    const fields = Object.entries(properties[params].properties as Record<string, Schema>);
    return {
      id: properties.model.enum[0],
      params,
      prompt: properties.prompt,
      fields: Object.fromEntries(fields.map(([name, { description: _, ...schema }]) => [name, schema])),
      required: properties[params].required ?? [],
    };
  });
}

const byId = (rows: typeof table) => Object.fromEntries(rows.map((row) => [row.id, row]));

describe('the table of Apiframe models', () => {
  it('says what the official document says, where that is at hand', () => {
    expect(byId(table)).toEqual(byId(existsSync(document) ? official() : table));
    expect(Object.keys(byId(table))).toHaveLength(51);
  });

  it('names every model once, with a price and with its required fields declared', () => {
    expect(new Set(modelIds).size).toBe(51);
    expect(families.reduce((count, family) => count + Object.keys(family.models).length, 0)).toBe(51);
    for (const { models, fields, required = [], count } of families) {
      expect(Object.values(models).every((credits) => credits > 0)).toBe(true);
      expect(Object.keys(fields)).toEqual(expect.arrayContaining([...required, ...(count ? [count] : [])]));
    }
  });
});
