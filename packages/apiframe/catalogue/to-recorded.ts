import type { Recorded, RecordedField, RecordedFields, RecordedModel } from './recorded.ts';

/** A schema as the host's document (OpenAPI 3.1) writes it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number)[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** The part of the document that is read. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly post?: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** The order in which operations are written down. */
const actions = ['generate', 'edit', 'upscale', 'background-remove', 'midjourney-action'];

const folder = '/v2/images/';

/**
 * Reads the image operations in the host's own document (`GET /v2/openapi.json`), which was taken on `date`, YYYY-MM-DD. Prices
 * stand in none: those of `known` are kept. Throws where the document has no image operation.
 */
export function toRecorded(document: OpenApi, date: string, known?: Recorded): Recorded {
  const found = Object.keys(document.paths).filter((path) => path.startsWith(folder) && document.paths[path]?.post);
  if (found.length === 0) throw new TypeError(`the document has no operation under ${folder}: it is not the host's`);
  const models = found.flatMap((path) => readOperation(document, path, known)).sort(inOrder);
  const count = (action: string): number => models.filter((model) => model.action === action).length;
  const counts = [...new Set(models.map(({ action }) => action))].map((action) => [action, count(action)] as const);
  const source = 'GET /v2/openapi.json';
  return { currency: 'credit', host: 'apiframe', ...known, source, date, counts: Object.fromEntries(counts), models };
}

const inOrder = (one: RecordedModel, other: RecordedModel): number =>
  actions.indexOf(one.action) - actions.indexOf(other.action) || (one.id < other.id ? -1 : 1);

function readOperation(document: OpenApi, path: string, known: Recorded | undefined): RecordedModel[] {
  const { content = {} } = document.paths[path]?.post?.requestBody ?? {};
  const schema = follow(document, content['application/json']?.schema);
  return (schema.oneOf ?? [schema]).flatMap((body) => readBody(follow(document, body), path, known));
}

function follow({ components }: OpenApi, schema: Schema = {}): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (components.schemas[name] ?? {});
}

function readBody(
  { properties = {}, required = [] }: Schema,
  path: string,
  known: Recorded | undefined,
): RecordedModel[] {
  const discriminator = properties.model ? 'model' : 'action';
  const params = Object.keys(properties).find((name) => name.endsWith('Params')) ?? null;
  const beside = Object.entries(properties).filter(
    ([name]) => name !== discriminator && name !== params && !name.startsWith('webhook'),
  );
  const object = params === null ? undefined : properties[params];
  return (properties[discriminator]?.enum ?? []).map((id) => {
    const credits = known?.models.find((model) => model.id === id && model.endpoint === `POST ${path}`)?.credits;
    return {
      id: String(id),
      action: path.slice(folder.length).replaceAll('/', '-'),
      endpoint: `POST ${path}`,
      params,
      paramsRequired: params !== null && required.includes(params),
      top: readFields(beside, required),
      inputs: readFields(Object.entries(object?.properties ?? {}), object?.required),
      ...(credits ? { credits } : {}),
    };
  });
}

const readFields = (fields: readonly [string, Schema][], required: readonly string[] = []): RecordedFields =>
  Object.fromEntries(fields.map(([name, schema]) => [name, readField(schema, required.includes(name))]));

/** A choice of numbers is written as one schema for each. */
function readField({ anyOf, ...schema }: Schema, required: boolean): RecordedField {
  const [first] = anyOf ?? [];
  const one = first ? { type: first.type, enum: anyOf?.flatMap((each) => each.enum ?? []) } : schema;
  return { ...(one as RecordedField), ...(required ? { required } : {}) };
}
