import * as v from 'valibot';
import type { RecordedInput } from './record.ts';

/** One image model as the host's own list has it (`GET /api/v3/models`, an account's key needed). */
export interface ListedModel {
  readonly id: string;
  readonly type: string;
  /** Base price in USD. */
  readonly usd?: number;
  /** JSONata over the inputs. */
  readonly formula?: string;
  /** Absent where the list has no schema for it. */
  readonly inputs?: Readonly<Record<string, RecordedInput>>;
  /** Where the list says that it is asked, if that is not under its id. */
  readonly path?: string;
}

const text = v.fallback(v.optional(v.string()), undefined);
const number = v.fallback(v.optional(v.pipe(v.number(), v.finite())), undefined);
const flag = v.fallback(v.optional(v.boolean()), undefined);
const values = v.fallback(v.optional(v.array(v.union([v.string(), v.number()]))), undefined);

const memberSchema = v.object({
  type: text,
  default: v.optional(v.any()),
  enum: values,
  minimum: number,
  maximum: number,
});
const inputSchema = v.object({
  ...memberSchema.entries,
  ...{ minItems: number, maxItems: number, minLength: number, maxLength: number, format: text, description: text },
  ...{ disabled: flag, 'x-hidden': flag },
  items: v.fallback(
    v.optional(
      v.object({
        type: text,
        properties: v.fallback(v.optional(v.record(v.string(), memberSchema)), undefined),
        required: v.fallback(v.optional(v.array(v.string())), undefined),
      }),
    ),
    undefined,
  ),
});

const runSchema = v.object({
  api_path: text,
  request_schema: v.object({
    properties: v.record(v.string(), inputSchema),
    required: v.fallback(v.optional(v.array(v.string())), undefined),
  }),
});

const modelSchema = v.object({
  model_id: v.pipe(v.string(), v.regex(/^\w[\w.-]*(\/\w[\w.-]*)+$/)),
  type: v.string(),
  base_price: number,
  formula: text,
  api_schema: v.fallback(v.optional(v.object({ api_schemas: v.array(v.unknown()) })), undefined),
});

const nameSchema = v.object({ model_id: v.string(), type: v.fallback(v.string(), '') });
const listSchema = v.object({ data: v.array(v.unknown()) });

/** The image models of the host's list; undefined for an answer that is none. A model that is not understood is left out. */
export const readList = (body: unknown): readonly ListedModel[] | undefined => readAll(body)?.filter(isOfImages);

/** Id and category of what stands in the list beside the image models, what is not understood included. */
export function readOthers(body: unknown): readonly Pick<ListedModel, 'id' | 'type'>[] {
  const read = new Set(readList(body)?.map(({ id }) => id));
  const named = v.safeParse(listSchema, body);
  const all = named.success ? named.output.data.map((item) => v.safeParse(nameSchema, item)) : [];
  return all.flatMap(({ success, output }) => {
    if (!success || read.has(output.model_id) || ofFilms.test(`${output.type} ${output.model_id}`)) return [];
    return [{ id: output.model_id, type: output.type }];
  });
}

/** Every id that the list names, of films and of entries that cannot be read as well. */
export function readIds(body: unknown): ReadonlySet<string> {
  const list = v.safeParse(listSchema, body);
  const named = list.success ? list.output.data.map((item) => v.safeParse(nameSchema, item)) : [];
  return new Set(named.flatMap((entry) => (entry.success ? [entry.output.model_id] : [])));
}

function readAll(body: unknown): readonly ListedModel[] | undefined {
  const list = v.safeParse(listSchema, body);
  if (!list.success) return undefined;
  return list.output.data.flatMap((item) => {
    const model = v.safeParse(modelSchema, item);
    return model.success ? [toModel(model.output)] : [];
  });
}

function toModel({
  model_id: id,
  type,
  base_price: usd,
  formula,
  api_schema,
}: v.InferOutput<typeof modelSchema>): ListedModel {
  const run = v.safeParse(runSchema, api_schema?.api_schemas[0]);
  const path = run.success ? run.output.api_path : undefined;
  return {
    ...{ id, type },
    ...(usd === undefined ? {} : { usd }),
    ...(formula ? { formula } : {}),
    ...(run.success ? { inputs: toInputs(run.output.request_schema) } : {}),
    ...(path === undefined || path === `/api/v3/${id}` ? {} : { path }),
  };
}

type Field = Pick<v.InferOutput<typeof inputSchema>, 'type' | 'enum' | 'default'>;
type Schema = v.InferOutput<typeof runSchema>['request_schema'];

const toInputs = ({ properties, required = [] }: Schema): NonNullable<ListedModel['inputs']> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, { description, disabled, 'x-hidden': hidden, ...input }]) => [
      name,
      plain({
        ...input,
        ...{ apiOnly: disabled || undefined, hidden: hidden || undefined },
        ...{ required: required.includes(name) || undefined, form: formOf(name, input, description) },
      }),
    ]),
  );

/** The list has no word for sizes: a text called `size` without a list of values is one, "W*H" unless something says "x". */
function formOf(name: string, { type, enum: listed, default: usual }: Field, description = '') {
  if (name !== 'size' || type !== 'string' || listed) return undefined;
  return /\d+x\d+|width ?x ?height/i.test(`${typeof usual === 'string' ? usual : description}`) ? 'WxH' : 'W*H';
}

const plain = (input: object): RecordedInput => JSON.parse(JSON.stringify(input));

/** Categories that hold nothing but pictures, and those that hold films as well. */
const ofImages = /^(text-to-image|image-to-image)$/;
/** What the list says of neither, by its words. */
const ofFilms = /video|i2v|t2v|audio|speech|music|3d|avatar|lipsync/;
const ofBoth = /^(lora-support|ai-remover|upscaler|portrait-transfer|image-effects)$/;

const isOfImages = ({ id, type, inputs = {} }: ListedModel): boolean =>
  ofImages.test(type) ||
  (ofBoth.test(type) && !/video|i2v|t2v/.test(id) && !['video', 'duration', 'fps'].some((name) => name in inputs));
