import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const file = new URL('../../../../shared/wire/apiframe-openapi.json', import.meta.url);

interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** The host's own schema of a request, where its document lies beside the repository. */
export const validateRequest = readSchema('GenerateImageRequest');

function readSchema(name: string): ValidateFunction | undefined {
  if (!existsSync(file)) return undefined;
  const { components }: OpenApi = JSON.parse(readFileSync(file, 'utf8'));
  const schema = components.schemas[name];
  if (schema === undefined) throw new Error(`the host's document has no ${name}`);
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv.compile({ ...schema, components });
}
