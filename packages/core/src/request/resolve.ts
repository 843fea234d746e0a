import type { Adapter, NativeRequest } from '../contract/adapter.ts';
import type { Family, FieldSpec, Gone, ModelRow, ResolvedRequest } from '../contract/family.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { Adaptation, ImageRequest } from '../contract/request.ts';
import type { Cost } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import { changed, Unfit } from './extent.ts';
import { checkField, describeField } from './fields.ts';
import { type FoundModel, findModel } from './find-model.ts';
import { resolveGeometry } from './geometry.ts';
import { checkImages, checkPrompt } from './inputs.ts';
import { nearTo } from './near.ts';
import { optionOf } from './option-of.ts';
import { nearest } from './ratio.ts';
import { withoutUndefined } from './without-undefined.ts';

/** A request in one host's words, ready to be sent, with what it will probably cost. */
export interface Prepared {
  readonly native: NativeRequest;
  readonly adaptations: readonly Adaptation[];
  readonly price: Cost;
  readonly family: Family;
  /** In words: what a caller should know before paying. */
  readonly warnings: readonly string[];
  readonly gone?: Gone;
}

/**
 * Translates a neutral request for one model, or refuses it. Pure, and before anything is spent: an option that
 * changes the picture and that the model cannot honour is `unsupported`, never dropped.
 */
export function prepareRequest(adapter: Adapter, modelId: string, request: ImageRequest): Prepared {
  const { family, row } = findModel(adapter, modelId, request);
  try {
    checkTold(family, request);
    const resolved = resolveOptions(family, request);
    checkVariation(adapter, request);
    checkParent(row, request);
    const { fields, unchecked } = toFields(family, resolved, {
      unchecked: request.unchecked,
      extra: request.providerOptions[adapter.name] ?? {},
    });
    const { prompt, webhookUrl } = request;
    const price = typeof row.price === 'function' ? row.price(fields, prompt) : row.price;
    return {
      native: {
        model: row.native,
        prompt: hasOwnPrompt(family) ? '' : prompt,
        fields,
        ...(webhookUrl ? { webhookUrl } : {}),
        ...(row.endpoint ? { endpoint: row.endpoint } : {}),
      },
      adaptations: resolved.adaptations,
      // What is sent unchecked may cost more than any list says.
      price: price === undefined || unchecked.length > 0 ? { source: 'unknown' } : price,
      family,
      warnings: toWarnings(adapter, { family, row }, unchecked),
      ...(row.gone ? { gone: row.gone } : {}),
    };
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    const option = toAsked(error.option, request).replace(/^providerOptions/, `providerOptions.${adapter.name}`);
    const outside =
      family === adapter.generic ? `; for an id outside the tables use providerOptions.${adapter.name}` : '';
    const what = option === '' ? 'cannot do it' : `cannot honour \`${option}\``;
    const message = `${adapter.name}:${modelId} ${what}: ${error.message}${outside}`;
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

function toWarnings(
  adapter: Adapter,
  { family, row: { gone, native, note } }: FoundModel,
  unchecked: readonly string[],
): readonly string[] {
  const isBlind = family.partly && Object.keys(family.fields).join() === 'prompt';
  if (!gone && note === undefined && !isBlind && unchecked.length === 0) return none;
  const name = `${adapter.name}:${native}`;
  return [
    ...(gone ? [describeGone(name, gone)] : []),
    ...(note === undefined ? [] : [note]),
    ...(isBlind ? [`of the fields of ${name} only \`prompt\` is known`] : []),
    ...(unchecked.length > 0
      ? [`${name} is sent ${unchecked.join(', ')} unchecked: the host may ignore it and charge`]
      : []),
  ];
}

/** That a list has dropped a model, in words. */
export const describeGone = (name: string, { seen, by }: Gone): string =>
  `${name} was last in the host's list on ${seen} and not on ${by}`;

const none: readonly never[] = Object.freeze([]);

const hasOwnPrompt = ({ fields }: Family): boolean => fields !== 'any' && Object.hasOwn(fields, 'prompt');

/** The option by the name that it has for who gave it. */
const toAsked = (option: string, { task }: ImageRequest): string =>
  option === 'images' && task !== undefined && task !== 'vary' ? 'image' : option;

/** The host draws and charges whatever is missing. */
function checkTold({ untold }: Family, { unchecked }: ImageRequest): void {
  if (!untold || unchecked) return;
  const problem = 'which fields the model needs is not known, and without them it is charged for nothing';
  throw new Unfit('providerOptions', `${problem}; give them here, with \`unchecked: true\``);
}

/** An action on a job is possible only where the job is. */
function checkVariation({ name }: Adapter, { vary }: ImageRequest): void {
  if (vary && vary.job.provider !== name) throw new Unfit('job', `it is one of ${vary.job.provider}, and stays there`);
}

function resolveOptions(family: Family, request: ImageRequest): ResolvedRequest {
  const { accepts } = family;
  const adaptations: Adaptation[] = [];
  checkPrompt(family, request, adaptations);
  checkImages(family, request);
  const scale = toScale(family, request, adaptations);
  if (request.resolution && !accepts.geometry && accepts.scales)
    throw new Unfit('resolution', `the model takes a factor; give \`scale\`: ${accepts.scales.join(' or ')}`);
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
    prompt: request.prompt,
    shape: geometry.shape,
    images: request.images,
    adaptations: adaptations.length === 0 ? geometry.adaptations : [...adaptations, ...geometry.adaptations],
    ...(request.mask === undefined ? {} : { mask: request.mask }),
    ...(scale === undefined ? {} : { scale }),
    ...(request.vary === undefined ? {} : { vary: request.vary }),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(request.promptExpansion === undefined || !accepts.promptExpansion
      ? {}
      : { promptExpansion: request.promptExpansion }),
    ...(request.sync && accepts.sync ? { sync: true } : {}),
    ...(request.responseFormat === 'base64' && accepts.base64 ? { base64: true } : {}),
    ...(request.outputFormat ? { outputFormat: request.outputFormat } : {}),
  };
}

/** The factor that is sent. Distances are those of logarithms, as 4 is to 2 what 2 is to 1. */
function toScale(
  { accepts: { scales = [], geometry } }: Family,
  { scale, fit }: ImageRequest,
  adaptations: Adaptation[],
): number | undefined {
  if (scale === undefined || scales.includes(scale)) return scale;
  const instead = geometry?.resolutions ? `; give \`resolution\`: ${geometry.resolutions.join(' or ')}` : '';
  if (scales.length === 0) throw new Unfit('scale', `the model takes no factor${instead}`);
  if (fit === 'exact') throw new Unfit('scale', `the model takes ${scales.join(' or ')}; or give fit: 'nearest'`);
  const sent = nearest(scales, (each) => Math.abs(Math.log(each / scale)));
  adaptations.push(changed('scale', `${scale}`, `${sent}`, 'the nearest factor that the model takes'));
  return sent;
}

/** Neutral options and provider options in the host's words, each field checked against the table. */
function toFields(
  family: Family,
  resolved: ResolvedRequest,
  { unchecked = false, extra }: { readonly unchecked: boolean | undefined; readonly extra: JsonObject },
): { readonly fields: JsonObject; readonly unchecked: readonly string[] } {
  const asked = withoutUndefined(family.toWire(resolved)) as Record<string, Json>;
  for (const [name, value] of Object.entries(extra)) {
    if (Object.hasOwn(asked, name) && JSON.stringify(asked[name]) !== JSON.stringify(value)) {
      throw new Unfit(`providerOptions.${name}`, 'a neutral option says something else; give one of the two', true);
    }
  }
  const defaults = withoutUndefined(family.toDefaults?.(resolved) ?? {}) as Record<string, Json>;
  const fields = { ...defaults, ...asked, ...extra };
  if (family.fields === 'any') {
    checkUnknown(resolved, extra);
    return { fields, unchecked: unchecked ? Object.keys(extra) : none };
  }
  // What only this model cannot do is left to the next one; a mistake in its own fields is the caller's.
  const isNative = Object.keys(extra).length > 0 || resolved.vary !== undefined;
  const known = family.fields;
  const outside = Object.keys(fields).filter((name) => !Object.hasOwn(known, name));
  if (!unchecked && outside[0] !== undefined) throw unknownField(outside[0], family, known);
  for (const [name, value] of Object.entries(fields)) {
    const problem = problemOf(known, name, value);
    if (problem && resolved.vary && !Object.hasOwn(extra, name))
      throw new Unfit('action', `\`${name}\` ${problem}`, true);
    if (problem) throw new Unfit(`providerOptions.${name}`, problem, true);
  }
  const missing = family.required?.find((name) => !Object.hasOwn(fields, name));
  if (missing !== undefined) {
    throw new Unfit(optionOf(family, missing) ?? `providerOptions.${missing}`, needed(known[missing]), isNative);
  }
  const problem = family.check?.(fields);
  if (problem) throw new Unfit(resolved.vary ? 'action' : isNative ? 'providerOptions' : '', problem, isNative);
  return { fields, unchecked: outside };
}

function unknownField(name: string, { partly }: Family, known: Fields): Unfit {
  const near = nearTo(name, Object.keys(known));
  const names = Object.keys(known).join(', ');
  const has =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : names === '' ? 'none is known' : `it has ${names}`;
  const way = partly ? '; not all of its fields are known: `unchecked: true` sends it' : '';
  return new Unfit(`providerOptions.${name}`, `the model has no such field; ${has}${way}`, true);
}

/** Of an id outside the tables the prompt and the id stand beside the fields: two of them would not both be sent. */
function checkUnknown({ prompt }: ResolvedRequest, extra: JsonObject): void {
  if ('model' in extra) throw new Unfit('providerOptions.model', 'the model is named by its id', true);
  if (prompt !== '' && 'prompt' in extra && extra.prompt !== prompt) {
    throw new Unfit('providerOptions.prompt', '`prompt` says something else; give one of the two', true);
  }
}

type Fields = Readonly<Record<string, FieldSpec>>;

const needed = (spec: FieldSpec | undefined): string => `the model needs it${spec ? `: ${describeField(spec)}` : ''}`;

function problemOf(known: Fields, name: string, value: Json): string | undefined {
  const spec = Object.hasOwn(known, name) ? known[name] : undefined;
  return spec && checkField(spec, value);
}

/** The actions on a job are those of the model that made it. */
function checkParent({ ids, native }: ModelRow, { vary }: ImageRequest): void {
  const modelId = vary?.job.modelId ?? native;
  if (modelId !== native && !ids.includes(modelId)) throw new Unfit('job', `it is a job of ${modelId}`, true);
}
