import { prepareRequest } from '../../../src/catalogue/index.ts';
import {
  type Adapter,
  type Family,
  ImageError,
  type ImageRequest,
  type Json,
  type JsonObject,
  type ModelRow,
  parseRequest,
  type RequestOptions,
} from '../../../src/index.ts';
import { fieldsOf, type HostName, problemsOf, type RecordedModel } from './documents.ts';
import { besides, isNarrower } from './exceptions.ts';
import { neutralTrials } from './neutral.ts';
import { beyond, picture, within } from './values.ts';

/** One model of a host's table, with what was recorded of it. */
export interface Subject {
  readonly host: HostName;
  readonly adapter: Adapter;
  readonly family: Family;
  readonly row: ModelRow;
  readonly recorded: RecordedModel;
}

/** What is asked of a model: neutral options, native fields, or both. */
export interface Asked {
  readonly options?: Partial<RequestOptions>;
  readonly request?: Partial<ImageRequest>;
  readonly native?: JsonObject;
}

export interface Trial {
  /** The neutral option; `field` for a native one. */
  readonly option: string;
  readonly asked: Asked;
  readonly expected: 'valid' | 'refused';
}

export const nameOf = ({ host, row }: Subject): string => `${host}:${row.native}`;

/** The least that a model must be given: neutral options first, native fields for what no option writes. */
function least({ family: { accepts, task }, recorded }: Subject): Asked {
  const images = Array.from({ length: accepts.images?.min ?? 0 }, (_, index) => `${picture}?${index}`);
  return {
    options: {
      prompt: accepts.prompt === 'none' ? '' : 'a pier',
      images,
      // A model with modes needs it in one of them.
      ...(accepts.mask === 'required' || (accepts.mask && 'mode' in fieldsOf(recorded)) ? { mask: picture } : {}),
    },
    request: task === undefined || task === 'generate' ? {} : { task },
    native: Object.fromEntries(
      Object.entries(fieldsOf(recorded)).flatMap(([name, spec]) =>
        spec.required ? [[name, within(spec, name)[0] ?? null]] : [],
      ),
    ),
  };
}

/** What is sent, or the refusal. */
function ask(subject: Subject, { options, request, native = {} }: Asked): JsonObject | ImageError {
  const { adapter, host, row, family } = subject;
  const base = least(subject);
  const beside = besides(nameOf(subject), { options: options ?? {}, native });
  const neutral = {
    ...parseRequest({ prompt: '', ...base.options, ...beside.options, ...options }),
    ...base.request,
    ...request,
  };
  try {
    // What a neutral option writes is not given a second time.
    const own = writtenBy(family, neutral);
    const needed = Object.entries(base.native ?? {}).filter(([name]) => !own.has(name) && name !== 'prompt');
    const fields = { ...Object.fromEntries(needed), ...beside.native, ...native };
    return (
      adapter.toSubmit(prepareRequest(adapter, row.native, { ...neutral, providerOptions: { [host]: fields } }).native)
        .body ?? {}
    );
  } catch (error) {
    if (ImageError.is(error)) return error;
    throw error;
  }
}

const writtenBy = (
  family: Family,
  { prompt, images, mask, scale, seed, outputFormat, ...request }: ImageRequest,
): Set<string> => {
  const { size, aspectRatio: ratio, resolution } = request;
  const shape = size
    ? ({ kind: 'pixels', ...size } as const)
    : ({ kind: 'ratio', ...(ratio ? { ratio } : {}), ...(resolution ? { resolution } : {}) } as const);
  const given = { prompt, images, mask, scale, seed, outputFormat };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const fields = family.toWire({ adaptations: [], ...known, shape } as unknown as Parameters<Family['toWire']>[0]);
  return new Set(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name])));
};

/** What is wrong with how one trial ended, in words, or nothing. */
export function play(subject: Subject, { asked, expected, option }: Trial): string | undefined {
  const { host, recorded, row } = subject;
  const end = ask(subject, asked);
  const name = `${host}:${row.native} ${option} ${JSON.stringify(asked.native ?? { ...asked.options, ...asked.request }).slice(0, 120)}`;
  if (end instanceof Error) {
    if (end.billed !== 'no') return `${name}: refused with billed ${end.billed}`;
    return expected === 'refused' ? undefined : `${name}: ${end.message}`;
  }
  if (expected === 'refused') return `${name}: sent ${JSON.stringify(end).slice(0, 200)}`;
  const problems = problemsOf(host, recorded, fieldsIn(end, recorded));
  return problems.length > 0 ? `${name}: ${problems.join('; ')}` : undefined;
}

/** The fields of a body, wherever they stand. */
function fieldsIn(body: JsonObject, { params, action }: RecordedModel): JsonObject {
  if (action === undefined) return body;
  const { model: _model, action: _action, ...fields } = body;
  if (!params) return fields;
  const { [params]: inner = {}, ...top } = fields;
  return { ...top, ...(inner as JsonObject) };
}

/** Everything that is asked of one model. */
export const trialsOf = (subject: Subject): Trial[] => [
  { option: 'least', asked: {}, expected: 'valid' },
  ...neutralTrials(subject),
  ...nativeTrials(subject),
];

/** Every native field at its bounds and beyond, and one that there is not. */
function nativeTrials(subject: Subject): Trial[] {
  const { recorded, family, adapter } = subject;
  const { options, request } = least(subject);
  const written = writtenBy(family, { ...parseRequest({ prompt: '', ...options }), ...request });
  // What an option writes is tried as that option.
  const own = Object.entries(fieldsOf(recorded)).filter(([name]) => !written.has(name) && name !== 'prompt');
  // These tables are of the host's pages, which say less than its document: what they refuse is theirs.
  const isFromPages = adapter.families.includes(family);
  return [
    ...own.flatMap(([name, spec]) => [
      ...(isFromPages || isNarrower(nameOf(subject), name)
        ? []
        : within(spec, name).map((value) => toTrial(name, value, 'valid'))),
      ...beyond(spec).map(([value]) => toTrial(name, value, 'refused')),
    ]),
    toTrial('no_such_field', 1, 'refused'),
  ];
}

const toTrial = (name: string, value: Json, expected: Trial['expected']): Trial => ({
  ...{ option: 'field', asked: { native: { [name]: value } }, expected },
});
