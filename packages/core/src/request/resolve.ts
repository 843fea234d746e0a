import type { Adapter, NativeRequest } from '../contract/adapter.ts';
import type { Family, FieldSpec, ModelRow, ResolvedRequest } from '../contract/family.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { Adaptation, ImageRequest } from '../contract/request.ts';
import type { Cost } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import { checkField } from './fields.ts';
import { resolveGeometry, Unfit } from './geometry.ts';
import { withoutUndefined } from './without-undefined.ts';

/** A request in one host's words, ready to be sent, with what it will probably cost. */
export interface Prepared {
  readonly native: NativeRequest;
  readonly adaptations: readonly Adaptation[];
  readonly price: Cost;
  readonly family: Family;
}

/**
 * Translates a neutral request for one model, or refuses it. Pure, and before anything is spent: an option that
 * changes the picture and that the model cannot honour is `unsupported`, never dropped.
 */
export function prepareRequest(adapter: Adapter, modelId: string, request: ImageRequest): Prepared {
  const { family, row } = findModel(adapter, modelId, request.images.length > 0);
  try {
    const resolved = resolveOptions(family, request);
    const fields = toFields(family, resolved, request.providerOptions[adapter.name] ?? {});
    const { prompt, webhookUrl } = request;
    const price = typeof row.price === 'function' ? row.price(fields) : row.price;
    return {
      native: { model: row.native, prompt, fields, ...(webhookUrl ? { webhookUrl } : {}) },
      adaptations: resolved.adaptations,
      price: price ?? { source: 'unknown' },
      family,
    };
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    const option = error.option.replace(/^providerOptions/, `providerOptions.${adapter.name}`);
    const outside =
      family === adapter.generic ? `; for an id outside the tables use providerOptions.${adapter.name}` : '';
    const message = `${adapter.name}:${modelId} cannot honour \`${option}\`: ${error.message}${outside}`;
    throw new ImageError({
      code: error.invalid ? 'invalid_request' : 'unsupported',
      message,
      billed: 'no',
      stage: 'prepare',
      provider: adapter.name,
      model: modelId,
    });
  }
}

/** The row of an id. One portable id can have two rows: reference pictures decide. */
export function findModel(adapter: Adapter, modelId: string, withImages: boolean): { family: Family; row: ModelRow } {
  let found: { family: Family; row: ModelRow } | undefined;
  for (const family of adapter.families) {
    for (const row of family.models) {
      if (row.native !== modelId && !row.ids.includes(modelId)) continue;
      const { images } = family.accepts;
      if (withImages ? images : !images?.min) return { family, row };
      found ??= { family, row };
    }
  }
  if (found) return found;
  if (adapter.isNativeId(modelId)) return { family: adapter.generic, row: { ids: [], native: modelId } };
  const known = adapter.families.flatMap((family) => family.models.flatMap((row) => row.ids));
  throw new ImageError({
    code: 'not_found',
    message: `${adapter.name} has no model "${modelId}"; it has ${[...new Set(known)].join(', ')}, and its own native ids`,
    billed: 'no',
    stage: 'prepare',
    provider: adapter.name,
    model: modelId,
  });
}

function resolveOptions(family: Family, request: ImageRequest): ResolvedRequest {
  const { accepts } = family;
  const adaptations: Adaptation[] = [];
  checkPrompt(family, request, adaptations);
  checkImages(family, request);
  const geometry = resolveGeometry(accepts.geometry ?? {}, request, request.fit);
  if (request.seed !== undefined && !accepts.seed) throw new Unfit('seed', 'the model takes none');
  if (request.promptExpansion && !accepts.promptExpansion)
    throw new Unfit('promptExpansion', 'the model never expands');
  if (request.outputFormat && !accepts.outputFormats?.includes(request.outputFormat)) {
    throw new Unfit('outputFormat', `the model gives ${accepts.outputFormats?.join(' or ') ?? 'no choice'}`);
  }
  const ignored = (option: 'sync' | 'responseFormat', asked: string): void => {
    adaptations.push({ option, asked, sent: '', reason: 'not offered here; the picture is the same' });
  };
  if (request.sync && !accepts.sync) ignored('sync', 'true');
  if (request.responseFormat === 'base64' && !accepts.base64) ignored('responseFormat', 'base64');
  return {
    shape: geometry.shape,
    images: request.images,
    adaptations: adaptations.length === 0 ? geometry.adaptations : [...adaptations, ...geometry.adaptations],
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(request.promptExpansion === undefined || !accepts.promptExpansion
      ? {}
      : { promptExpansion: request.promptExpansion }),
    ...(request.sync && accepts.sync ? { sync: true } : {}),
    ...(request.responseFormat === 'base64' && accepts.base64 ? { base64: true } : {}),
    ...(request.outputFormat ? { outputFormat: request.outputFormat } : {}),
  };
}

/** The documented longest prompt: over it the host cuts or refuses, which `fit: 'nearest'` leaves to the host. */
function checkPrompt({ maxPrompt }: Family, { prompt, fit }: ImageRequest, adaptations: Adaptation[]): void {
  const length = [...prompt].length;
  if (maxPrompt === undefined || length <= maxPrompt) return;
  const reason = `the host documents at most ${maxPrompt} characters`;
  if (fit === 'exact')
    throw new Unfit('prompt', `it has ${length} characters, ${reason}; shorten it or give fit: 'nearest'`);
  adaptations.push({ option: 'prompt', asked: `${length} characters`, sent: 'all of them', reason });
}

function checkImages({ accepts }: Family, { images }: ImageRequest): void {
  const { min, max } = accepts.images ?? { min: 0, max: 0 };
  if (images.length > max) {
    throw new Unfit(
      'images',
      max === 0 ? 'the model takes none' : `${images.length} given, the model takes ${max} at most`,
    );
  }
  if (images.length < min) throw new Unfit('images', 'this is an edit model; it needs at least one reference picture');
}

/** Neutral options and provider options in the host's words, each field checked against the table. */
function toFields(family: Family, resolved: ResolvedRequest, extra: JsonObject): JsonObject {
  const asked = withoutUndefined(family.toWire(resolved)) as Record<string, Json>;
  for (const [name, value] of Object.entries(extra)) {
    if (Object.hasOwn(asked, name) && JSON.stringify(asked[name]) !== JSON.stringify(value)) {
      throw new Unfit(`providerOptions.${name}`, 'a neutral option says something else; give one of the two', true);
    }
  }
  const defaults = withoutUndefined(family.toDefaults?.(resolved) ?? {}) as Record<string, Json>;
  const fields = { ...defaults, ...asked, ...extra };
  if (family.fields === 'any') return fields;
  for (const [name, value] of Object.entries(fields)) check(family.fields, name, value);
  const problem = family.check?.(fields);
  if (problem) throw new Unfit('providerOptions', problem, true);
  return fields;
}

function check(specs: Readonly<Record<string, FieldSpec>>, name: string, value: Json): void {
  const spec = specs[name];
  const option = `providerOptions.${name}`;
  if (!spec) throw new Unfit(option, `the model has no such field; it has ${Object.keys(specs).join(', ')}`, true);
  const problem = checkField(spec, value);
  if (problem) throw new Unfit(option, problem, true);
}
