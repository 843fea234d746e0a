import type { Family, FieldSpec, GenerateImageOptions, ImageModel } from '@imageport/core';
import { findModel } from '@imageport/core/catalogue';
import type { Command } from 'commander';
import { didYouMean } from './near.ts';
import { usage } from './usage.ts';

/** A native field as the command line has it. */
interface Setting {
  /** As it was typed. */
  readonly given: string;
  /** Only for the models of this host. */
  readonly host?: string;
  readonly name: string;
  readonly text: string;
}

/** What decides which variant of a model is asked, and so which fields it has. */
export interface Asking {
  readonly images: readonly unknown[];
  readonly mask?: unknown;
  readonly task?: 'upscale' | 'remove-background';
  readonly unchecked?: boolean | undefined;
}

type ProviderOptions = NonNullable<GenerateImageOptions['providerOptions']>;

export const addSetFlag = (command: Command): Command =>
  command.option(
    '--set <name=value>',
    'a field of the host, as `imageport models <id>` lists it; wavespeed.name=value is for that host alone; may be repeated',
    (value: string, before: readonly string[] = []) => [...before, value],
  );

/**
 * The native fields for each host of a route, each value read by the type that the model's table has for it; core checks it. Throws
 * where a model of the route has no such field, with the nearest names: left out, it would be dropped there.
 */
export function readSettings(given: readonly string[], route: readonly ImageModel[], asking: Asking): ProviderOptions {
  const settings = given.map(toSetting);
  const hosts = new Set(route.map(({ provider }) => provider.adapter.name));
  for (const { given: typed, host } of settings) {
    if (host !== undefined && !hosts.has(host)) throw usage(`--set ${typed}: no model of ${host} is asked`);
  }
  const options: Record<string, Record<string, unknown>> = {};
  for (const model of route) {
    const host = model.provider.adapter.name;
    const own = settings.filter((setting) => (setting.host ?? host) === host);
    for (const [name, same] of Map.groupBy(own, (setting) => setting.name)) {
      const spec = specOf(model, same[0] as Setting, { asking, many: route.length > 1 });
      options[host] = { ...options[host], [name]: toValue(same, spec) };
    }
  }
  return options as ProviderOptions;
}

function toSetting(given: string): Setting {
  const [, host, name = '', text = ''] = /^(?:([a-z]+)\.)?([^=\s.]+)=(.*)$/s.exec(given) ?? [];
  if (name === '') throw usage(`--set ${given}: it must be name=value, such as guidance_scale=3`);
  return { given, name, text, ...(host === undefined ? {} : { host }) };
}

interface Place {
  readonly asking: Asking;
  /** Whether the route has other models. */
  readonly many: boolean;
}

/** What the table has for the field. Undefined where nothing is known of the model, or the field goes out unchecked. */
function specOf(model: ImageModel, { name }: Setting, { asking, many }: Place): FieldSpec | undefined {
  const fields = fieldsOf(model, asking);
  if (fields === undefined || fields === 'any') return undefined;
  if (Object.hasOwn(fields, name)) return fields[name];
  if (asking.unchecked) return undefined;
  const host = model.provider.adapter.name;
  const way = many ? '. Name the model that has it by --model, or the host: --set host.name=value' : '';
  throw usage(
    `--set ${name}: ${host}:${model.modelId} has no such field.${didYouMean(name, Object.keys(fields))}${way}`,
  );
}

/** Undefined for a model that is refused, which core says. */
function fieldsOf({ provider, modelId }: ImageModel, asking: Asking): Family['fields'] | undefined {
  const { images, mask, task, unchecked } = asking;
  try {
    return findModel(provider.adapter, modelId, {
      images: images.map(String),
      ...(mask === undefined ? {} : { mask: String(mask) }),
      ...(task === undefined ? {} : { task }),
      ...(unchecked ? { unchecked } : {}),
    }).family.fields;
  } catch {
    return undefined;
  }
}

/** A text that is none of its type stays a text, which core refuses with what the field takes. */
function toValue(same: readonly Setting[], spec: FieldSpec | undefined): unknown {
  const [{ name, text } = { name: '', text: '' }, second] = same;
  if (second && spec?.type !== 'urls') throw usage(`--set ${name} is given twice: give one of the two`);
  switch (spec?.type) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer':
    case 'number':
      return toNumber(text);
    case 'choice':
      return spec.values.find((value) => String(value) === text) ?? text;
    case 'urls':
      return text.startsWith('[') ? fromJson(text) : same.map((each) => each.text);
    case 'text':
    case 'size':
      return text;
    default:
      return fromJson(text);
  }
}

const toNumber = (text: string): number | string =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
