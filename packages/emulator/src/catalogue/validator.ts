import type { Ajv, Options } from 'ajv';
import type { Schema } from './document.ts';
import { loadAjv } from './load.ts';
import { type Problem, toProblems } from './words.ts';

/** What is wrong with a body. */
export type Validator = (schema: Schema, body: unknown) => Problem[];

/** Takes the body as it is, and minds every field that the schema does not name. */
export const createStrictValidator = (): Validator =>
  createValidator({ formats: { uri: isUrl, uuid: (value: string) => isUuid(value) } });

/** Alters the body: fields that the schema does not name are dropped, and defaults are filled in. */
export const createCarelessValidator = (): Validator =>
  // A data URI and naked base64 are as good as an address here, so the form is not checked.
  createValidator({ formats: { uri: true }, useDefaults: true, removeAdditional: true });

function createValidator(options: Options): Validator {
  let ajv: Ajv | undefined;
  return (schema, body) => {
    ajv ??= new (loadAjv())({
      // The schemas are our own, and a test compiles them all.
      ...{ allErrors: true, verbose: true, strict: false, meta: false, validateSchema: false },
      ...options,
    });
    const check = ajv.compile(schema);
    return check(body) ? [] : toProblems(check.errors ?? []);
  };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (value: string): boolean => uuid.test(value);

/** `URL.canParse` of Node 22 refuses letters beyond ASCII once it is compiled. */
function isUrl(value: string): boolean {
  try {
    return new URL(value) instanceof URL;
  } catch {
    return false;
  }
}
