import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { JsonObject } from '../../../src/index.ts';

/** A field as it was recorded from the host's own document. */
export interface RecordedField {
  readonly type?: string | readonly string[];
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
  readonly required?: boolean;
  /** A text of pixels; `minimum` and `maximum` are those of a side then. */
  readonly form?: 'W*H' | 'WxH';
  readonly stated?: Readonly<Record<string, unknown>>;
}

export interface RecordedModel {
  readonly id: string;
  readonly inputs: Readonly<Record<string, RecordedField>> | null;
  /** `partial`: it may take other fields, too. */
  readonly schema?: string;
  readonly action?: string;
  readonly params?: string | null;
  readonly top?: Readonly<Record<string, RecordedField>>;
}

export type HostName = 'apiframe' | 'wavespeed';

const read = (host: HostName): readonly RecordedModel[] => {
  const file = new URL(`../../../../${host}/catalogue/recorded.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { models: readonly RecordedModel[] }).models;
};

/** Every model of a host of which the fields are known. */
export const recordedModels = (host: HostName): readonly RecordedModel[] =>
  read(host).filter(({ inputs, top }) => inputs !== null || top !== undefined);

/** The fields of a model, wherever they stand. */
export const fieldsOf = ({ inputs, top }: RecordedModel): Readonly<Record<string, RecordedField>> => ({
  ...top,
  ...inputs,
});

const ajv = new Ajv({ strict: false, allErrors: true, formats: { uri: true, uuid: true } });
const compiled = new Map<string, ReturnType<Ajv['compile']>>();

/** What is wrong with the fields that were sent, by the host's own document: unknown ones, too. */
export function problemsOf(host: HostName, model: RecordedModel, sent: JsonObject): string[] {
  const name = `${host}:${model.action ?? ''}:${model.id}`;
  const check = compiled.get(name) ?? ajv.compile(toSchema(fieldsOf(model), model.schema === 'partial'));
  compiled.set(name, check);
  const problems = check(sent)
    ? []
    : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  const pixels = Object.entries(fieldsOf(model)).flatMap(([field, spec]) => {
    return spec.form && sent[field] !== undefined && !isWithin(spec, sent[field]) ? [`${field} ${sent[field]}`] : [];
  });
  return [...problems, ...pixels];
}

function toSchema(fields: Readonly<Record<string, RecordedField>>, isPartial: boolean): object {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, { required: _required, form, stated = {}, ...spec }]) => {
      const { minimum: _least, maximum: _most, ...text } = spec;
      const { minimum, maximum, maxItems } = stated;
      return [name, form ? text : { ...spec, ...plain({ minimum, maximum, maxItems }) }];
    }),
  );
  const required = Object.entries(fields).flatMap(([name, spec]) => (spec.required ? [name] : []));
  return { type: 'object', properties, required, additionalProperties: isPartial };
}

const plain = (values: object): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** Whether pixels are within everything that the host documents. */
function isWithin({ form, minimum = 1, maximum = Infinity, stated = {} }: RecordedField, value: unknown): boolean {
  const [, w, sign, h] = /^(\d+)([*x])(\d+)$/.exec(String(value)) ?? [];
  const [width, height] = [Number(w), Number(h)];
  const {
    minArea = 0,
    maxArea = Infinity,
    multipleOf = 1,
    maxRatio = '1:0',
  } = stated as Record<string, number> & { maxRatio?: string };
  const [long = 1, short = 0] = String(maxRatio).split(':').map(Number);
  return (
    sign === form?.[1] &&
    [width, height].every((side) => side >= minimum && side <= maximum && side % multipleOf === 0) &&
    width * height >= minArea &&
    width * height <= maxArea &&
    Math.max(width, height) * short <= Math.min(width, height) * long
  );
}
