import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { documents, written } from '../catalogue/generate.ts';
import { onPagesOnly, overriddenIds } from '../catalogue/overrides.ts';
import { recorded } from '../catalogue/recorded.ts';
import { apiframeDocument, wavespeedDocument } from '../src/catalogue/load.ts';
import { start } from './harness.ts';

describe('the documents of the catalogue', () => {
  it('are what the generator makes of the recorded facts; else run `npx node packages/emulator/catalogue/generate.ts`', () => {
    const made = documents();
    expect(written('wavespeed') === made.wavespeed).toBe(true);
    expect(written('apiframe') === made.apiframe).toBe(true);
  });

  it('hold every model that is recorded, and those that only pages name', () => {
    const ids = (models: readonly { readonly id: string }[]) => models.map(({ id }) => id).sort();
    const { models } = wavespeedDocument();
    expect(ids(models)).toEqual(ids([...recorded('wavespeed').models, ...onPagesOnly]));
    expect(ids(apiframeDocument().models)).toEqual(ids(recorded('apiframe').models.filter(({ goneBy }) => !goneBy)));
    expect(ids(models)).toEqual(expect.arrayContaining([...overriddenIds]));
  });

  it('hold schemas that JSON Schema allows, with the one keyword of the emulator', () => {
    const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false, useDefaults: true });
    ajv.addVocabulary(['pixels', 'disabled', 'x-hidden']);
    ajv.addFormat('uri', true).addFormat('uuid', true);
    const schemas = [...wavespeedDocument().models, ...apiframeDocument().models].map(({ schema }) => schema ?? {});
    expect(schemas.length).toBeGreaterThan(450);
    for (const schema of schemas) expect(ajv.compile(schema)).toBeInstanceOf(Function);
  });

  it('hold defaults that their own fields allow', () => {
    const ajv = new Ajv({ strict: false, formats: { uri: true } });
    const wrong = wavespeedDocument().models.flatMap(({ id, schema }) =>
      Object.entries(schema?.properties ?? {})
        .filter(([, field]) => field.default !== undefined && !ajv.validate(field, field.default))
        .map(([name]) => `${id} ${name}`),
    );
    // The one default that is recorded so: an empty product, which stands for "say one".
    expect(wrong).toEqual(['bria/embed-product products']);
  });

  it('hold formulas that JSONata reads, and a price for each model', () => {
    const formulas = wavespeedDocument().models.flatMap(({ formula }) => formula ?? []);
    expect(formulas.length).toBeGreaterThan(100);
    for (const formula of formulas) expect(() => jsonata(formula)).not.toThrow();
    expect(
      wavespeedDocument()
        .models.filter(({ usd }) => !(usd > 0))
        .map(({ id }) => id),
    ).toEqual([]);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a foreign document, read loosely
type Schema = any;

const official = new URL('../../../../shared/wire/apiframe-openapi.json', import.meta.url);
const requests = [
  'GenerateImageRequest',
  'ImageEditRequest',
  'ImageUpscaleRequest',
  'ImageBackgroundRemoveRequest',
  'MidjourneyActionRequest',
];

/** Without descriptions, and with names in one order. */
function plain(value: Schema): Schema {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name, each]) => name !== 'description' || typeof each !== 'string');
  return Object.fromEntries(
    entries.map(([name, each]) => [name, name === 'required' ? [...(each as string[])].sort() : plain(each)]),
  );
}

/** Every body of a document, by its operation and model. */
const bodies = (document: Schema) =>
  Object.fromEntries(
    requests.flatMap((name) =>
      document.components.schemas[name].oneOf.map((each: Schema) => {
        const { model, action } = each.properties;
        return [`${name} ${(model ?? action).enum[0]}`, plain(each)];
      }),
    ),
  );

describe('GET /v2/openapi.json', () => {
  it('describes every operation as the official document does, where that is at hand', async () => {
    const { fetch, apiframe } = start();
    const document = await (await fetch(`${apiframe.baseUrl}/v2/openapi.json`)).json();
    const served = bodies(document);
    const real = existsSync(official) ? bodies(JSON.parse(readFileSync(official, 'utf8'))) : served;
    expect(Object.keys(served)).toHaveLength(apiframeDocument().models.length);
    expect(served).toEqual(real);
  });

  it('names a path and a schema for each operation, and answers without a key', async () => {
    const { fetch, apiframe } = start();
    const response = await fetch(`${apiframe.baseUrl}/v2/openapi.json`);
    const { paths, components } = (await response.json()) as Schema;
    expect(response.status).toBe(200);
    for (const { post } of Object.values(paths) as Schema[]) {
      const { $ref } = post.requestBody.content['application/json'].schema;
      expect(components.schemas).toHaveProperty($ref.split('/').at(-1));
    }
    expect(Object.keys(paths)).toHaveLength(5);
  });
});
