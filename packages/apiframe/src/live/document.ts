import * as v from 'valibot';

/** One field as the host's document has it. */
export interface RecordedField {
  readonly type: string | readonly string[];
  readonly required?: true;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly items?: object;
}

export type RecordedFields = Readonly<Record<string, RecordedField>>;

/** One operation of the host: a model, or an action on a Midjourney job. */
export interface Operation {
  readonly id: string;
  readonly action: string;
  /** Method and path. */
  readonly endpoint: string;
  /** The object that holds the fields; null where they stand at the top. */
  readonly params: string | null;
  readonly paramsRequired: boolean;
  /** Fields beside that object, without the webhook's. */
  readonly top: RecordedFields;
  readonly inputs: RecordedFields;
}

const text = v.fallback(v.optional(v.string()), undefined);
const number = v.fallback(v.optional(v.pipe(v.number(), v.finite())), undefined);
const texts = v.fallback(v.optional(v.array(v.string())), undefined);
const choices = v.fallback(v.optional(v.array(v.union([v.string(), v.number()]))), undefined);

const fieldEntries = {
  type: v.fallback(v.optional(v.union([v.string(), v.array(v.string())])), undefined),
  ...{ enum: choices, pattern: text, format: text },
  ...{ minimum: number, maximum: number, minLength: number, maxLength: number, minItems: number, maxItems: number },
  items: v.fallback(v.optional(v.record(v.string(), v.any())), undefined),
};

const fieldSchema = v.object({
  ...fieldEntries,
  anyOf: v.fallback(v.optional(v.array(v.object(fieldEntries))), undefined),
});
type Field = v.InferOutput<typeof fieldSchema>;

const bodySchema = v.object({
  properties: v.optional(
    v.record(
      v.string(),
      v.object({
        ...fieldSchema.entries,
        properties: v.optional(v.record(v.string(), fieldSchema)),
        required: texts,
      }),
    ),
    {},
  ),
  required: v.fallback(v.optional(v.array(v.string()), []), []),
});
type Body = v.InferOutput<typeof bodySchema>;

const requestSchema = v.object({
  requestBody: v.object({ content: v.object({ 'application/json': v.object({ schema: v.unknown() }) }) }),
});

const documentSchema = v.object({
  paths: v.record(v.string(), v.fallback(v.object({ post: v.optional(v.unknown()) }), {})),
  components: v.optional(v.object({ schemas: v.optional(v.record(v.string(), v.unknown()), {}) }), {}),
});
type Document = v.InferOutput<typeof documentSchema>;

const actions = ['generate', 'edit', 'upscale', 'background-remove', 'midjourney-action'];

const folder = '/v2/images/';

/**
 * The image operations in the host's own document (`GET /v2/openapi.json`, OpenAPI 3.1); undefined for a body that has none. What
 * is not understood is left out.
 */
export function readDocument(body: unknown): readonly Operation[] | undefined {
  const read = v.safeParse(documentSchema, body);
  if (!read.success) return undefined;
  const paths = Object.keys(read.output.paths).filter((path) => path.startsWith(folder));
  const operations = paths.flatMap((path) => readPath(read.output, path));
  return operations.length === 0 ? undefined : operations.sort(inOrder);
}

/** As operations are written down. */
export const inOrder = (one: Operation, other: Operation): number =>
  actions.indexOf(one.action) - actions.indexOf(other.action) || (one.id < other.id ? -1 : 1);

function readPath(document: Document, path: string): Operation[] {
  const request = v.safeParse(requestSchema, document.paths[path]?.post);
  if (!request.success) return [];
  const schema = follow(document, request.output.requestBody.content['application/json'].schema);
  const { oneOf } = v.parse(v.object({ oneOf: v.fallback(v.optional(v.array(v.unknown())), undefined) }), schema);
  return (oneOf ?? [schema]).flatMap((each) => {
    const one = v.safeParse(bodySchema, follow(document, each));
    return one.success ? readBody(one.output, path) : [];
  });
}

/** The schema, or the one that it refers to. */
function follow({ components: { schemas } }: Document, schema: unknown): object {
  const { $ref = '' } = v.parse(v.fallback(v.object({ $ref: text }), {}), schema);
  const name = $ref.split('/').at(-1) ?? '';
  const found = name === '' ? schema : Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  return typeof found === 'object' && found !== null ? found : {};
}

function readBody({ properties, required }: Body, path: string): Operation[] {
  const discriminator = properties.model ? 'model' : 'action';
  const params = Object.keys(properties).find((name) => name.endsWith('Params')) ?? null;
  const beside = Object.entries(properties).filter(
    ([name]) => name !== discriminator && name !== params && !name.startsWith('webhook'),
  );
  const object = params === null ? undefined : properties[params];
  return (properties[discriminator]?.enum ?? []).map((id) => ({
    id: String(id),
    action: path.slice(folder.length).replaceAll('/', '-'),
    endpoint: `POST ${path}`,
    params,
    paramsRequired: params !== null && required.includes(params),
    top: readFields(beside, required),
    inputs: readFields(Object.entries(object?.properties ?? {}), object?.required),
  }));
}

const readFields = (fields: readonly (readonly [string, Field])[], required: readonly string[] = []): RecordedFields =>
  Object.fromEntries(fields.map(([name, field]) => [name, readField(field, required.includes(name))]));

/** A choice of numbers is written as one schema for each. */
function readField({ anyOf, ...field }: Field, required: boolean): RecordedField {
  const one = anyOf?.[0] ? { type: anyOf[0].type, enum: anyOf.flatMap((each) => each.enum ?? []) } : entriesOf(field);
  return { ...(one as RecordedField), ...(required ? { required } : {}) };
}

/** Of a field that stands at the top only what every field has. */
const entriesOf = (field: Field): object =>
  JSON.parse(
    JSON.stringify(Object.fromEntries(Object.keys(fieldEntries).map((name) => [name, field[name as keyof Field]]))),
  );
