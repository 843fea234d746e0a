import type { ErrorObject } from 'ajv';
import type { Schema } from './document.ts';

/** What is wrong with one value of a body. */
export interface Problem {
  /** The names on the way to it; places in a list are left out. */
  readonly path: readonly string[];
  /** In the words of Zod 4. */
  readonly words: string;
}

/** The first problem of each value. */
export function toProblems(errors: readonly ErrorObject[]): Problem[] {
  const byPath = new Map<string, Problem>();
  for (const error of errors) {
    // The host does not tell the branches of a choice apart.
    if (/\/anyOf\/\d/.test(error.schemaPath)) continue;
    const path = pathOf(error);
    const name = path.join('.');
    if (!byPath.has(name)) byPath.set(name, { path, words: wordsOf(error) });
  }
  return [...byPath.values()];
}

function pathOf({ instancePath, params }: ErrorObject): string[] {
  const names = instancePath.split('/').slice(1).map(unescaped);
  const added = params.additionalProperty ?? params.missingProperty;
  return [...names.filter((name) => !/^\d+$/.test(name)), ...(added === undefined ? [] : [String(added)])];
}

const unescaped = (name: string): string => name.replace(/~1/g, '/').replace(/~0/g, '~');

type Worder = (error: ErrorObject) => string;

const bound =
  (sign: '<=' | '>=', what: string, unit = ''): Worder =>
  ({ params }) =>
    `Too ${sign === '<=' ? 'big' : 'small'}: expected ${what} ${unit === '' ? 'to be' : 'to have'} ${sign}${params.limit}${unit}`;

const worders: Readonly<Record<string, Worder>> = {
  type: ({ params, data }) => `Invalid input: expected ${expected(params.type, data)}, received ${kindOf(data)}`,
  enum: ({ params }) => options(params.allowedValues),
  anyOf: ({ parentSchema }) => options(choices(parentSchema as Schema)),
  minimum: bound('>=', 'number'),
  maximum: bound('<=', 'number'),
  minLength: bound('>=', 'string', ' characters'),
  maxLength: bound('<=', 'string', ' characters'),
  minItems: bound('>=', 'array', ' items'),
  maxItems: bound('<=', 'array', ' items'),
  pattern: ({ params }) => `Invalid string: must match pattern /${params.pattern}/`,
  format: ({ params }) => `Invalid ${params.format === 'uri' ? 'URL' : 'UUID'}`,
  required: () => 'Invalid input: expected a value, received undefined',
  additionalProperties: ({ params }) => `Unrecognized key: "${params.additionalProperty}"`,
};

const wordsOf = (error: ErrorObject): string => worders[error.keyword]?.(error) ?? 'Invalid input';

const options = (values: readonly unknown[]): string =>
  `Invalid option: expected one of ${values.map((value) => JSON.stringify(value)).join('|')}`;

/** The same for a value that a table of ours refuses. */
export const optionsOf = options;

const choices = ({ anyOf = [] }: Schema): readonly unknown[] => anyOf.flatMap((choice) => choice.enum ?? []);

const expected = (type: string, data: unknown): string =>
  type === 'integer' && typeof data === 'number' ? 'int' : String(type);

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
