import type { Family, Json, RequestOptions } from '@imageport/core';
import { parseRequest } from '@imageport/core';
import { loadCatalogue, prepareRequest } from '@imageport/core/catalogue';
import { wavespeedAdapter } from '../../src/adapter.ts';
import { type Input, inputsOf, type Model } from './recorded.ts';
import { inside } from './values.ts';

const all = await loadCatalogue(wavespeedAdapter);
const byNativeId = new Map(
  all.flatMap((family) => family.models.map(({ native }) => [native, family] as const)).reverse(),
);

/** The family that a native id is in. */
export function familyOf(id: string): Family {
  const found = byNativeId.get(id);
  if (!found) throw new Error(`${id} is in no table`);
  return found;
}

const pictures = (count: number): string[] => Array.from({ length: count }, (_, k) => `https://example.com/${k}.png`);

/** The least that a model needs, as a caller gives it. */
export function minimal(model: Model): RequestOptions {
  const { accepts } = familyOf(model.id);
  const neutral: RequestOptions = {
    prompt: accepts.prompt === 'none' ? '' : 'a lighthouse',
    images: pictures(accepts.images?.min ?? 0),
    ...(accepts.mask === 'required' ? { mask: 'https://example.com/mask.png' } : {}),
  };
  const given = neutralFields(model, neutral);
  const missing = inputsOf(model).filter(([name, { required }]) => required && !given.has(name));
  const native = missing.map(([name, input]) => [name, inside(name, input)[0]]);
  return { ...neutral, providerOptions: { wavespeed: Object.fromEntries(native) } };
}

/** Fields that the neutral options of a minimal request fill. */
export function neutralFields({ id }: Model, { prompt, images = [], mask }: RequestOptions): ReadonlySet<string> {
  const request = parseRequest({ prompt, images, mask });
  const written = familyOf(id).toWire({ ...request, shape: { kind: 'default' }, adaptations: [] });
  return new Set(Object.keys(written).filter((name) => written[name] !== undefined));
}

/** What goes out when fields are given beside the least that the model needs. */
export function bodyWith(
  model: Model,
  fields: Readonly<Record<string, Json>>,
  more: Partial<RequestOptions> = {},
): Json {
  const least = minimal(model);
  const needed = { ...least.providerOptions?.wavespeed };
  // What is required stands in for the neutral option, unless that is given.
  if (more.aspectRatio || more.size) for (const name of ['aspect_ratio', 'size']) delete needed[name];
  if (more.outputFormat) delete needed.output_format;
  const options = {
    ...{ ...least, ...more, task: familyOf(model.id).task },
    providerOptions: { wavespeed: { ...needed, ...fields } },
  };
  const { task, ...rest } = options;
  const request = { ...parseRequest(rest as RequestOptions), ...(task && task !== 'generate' ? { task } : {}) };
  return wavespeedAdapter.toSubmit(prepareRequest(wavespeedAdapter, model.id, request).native).body ?? {};
}

/** Fields to be tested one by one: those that no neutral option has filled already. */
export function nativeFields(model: Model): [string, Input][] {
  const given = neutralFields(model, minimal(model));
  return inputsOf(model).filter(([name]) => !given.has(name));
}
