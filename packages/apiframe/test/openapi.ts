import { existsSync, readFileSync } from 'node:fs';
import type { HttpRequest } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** What the tests read of a document. */
interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const file = new URL('../../../../shared/wire/apiframe-openapi.json', import.meta.url);

/** The emulator's, which is made from what was recorded by another hand. */
async function emulated(): Promise<OpenApi> {
  const emulator = createEmulator();
  const response = await emulator.fetch(`${emulator.apiframe.baseUrl}/v2/openapi.json`);
  const document = (await response.json()) as OpenApi;
  emulator.close();
  return document;
}

/** The host's own document, where it lies beside the repository, and that of the emulator. */
export const documents: readonly (readonly [name: string, document: OpenApi])[] = [
  ...(existsSync(file) ? [["the host's", JSON.parse(readFileSync(file, 'utf8'))] as const] : []),
  ["the emulator's", await emulated()],
];

const schemas: Readonly<Record<string, string>> = {
  '/v2/images/generate': 'GenerateImageRequest',
  '/v2/images/edit': 'ImageEditRequest',
  '/v2/images/upscale': 'ImageUpscaleRequest',
  '/v2/images/background-remove': 'ImageBackgroundRemoveRequest',
  '/v2/images/midjourney/action': 'MidjourneyActionRequest',
};

const validators = new Map<string, ValidateFunction>();

/** What the host would say of a request. */
export function problemWith({ path, body }: HttpRequest): string | undefined {
  const validate = validators.get(path) ?? compile(path);
  validators.set(path, validate);
  return validate(body) ? undefined : `${JSON.stringify(body)}: ${JSON.stringify(validate.errors?.at(0))}`;
}

function compile(path: string): ValidateFunction {
  const [, document] = documents[0] ?? [];
  const schema = document?.components.schemas[schemas[path] ?? ''];
  if (schema === undefined) throw new Error(`the document has no ${path}`);
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv.compile({ ...schema, components: document?.components });
}
