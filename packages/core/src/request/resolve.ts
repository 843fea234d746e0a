import type { Adapter, NativeRequest } from '../contract/adapter.ts';
import type { Family, Gone, ModelRow, ResolvedRequest } from '../contract/family.ts';
import type { Adaptation, ImageRequest, Unchecked } from '../contract/request.ts';
import type { Cost } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import { changed, Unfit } from './extent.ts';
import { findModel } from './find-model.ts';
import { resolveGeometry } from './geometry.ts';
import { checkImages, checkPrompt } from './inputs.ts';
import { checkNativePictures, toFields } from './native-fields.ts';
import { nearest } from './ratio.ts';
import { toWarnings } from './warnings.ts';

/** A request in one host's words, ready to be sent, with what it will probably cost. */
export interface Prepared {
  readonly native: NativeRequest;
  readonly adaptations: readonly Adaptation[];
  readonly price: Cost;
  readonly family: Family;
  /** In words: what a caller should know before paying. */
  readonly warnings: readonly string[];
  readonly gone?: Gone;
  /** Absent: a table vouches for all of it. */
  readonly unchecked?: Unchecked;
}

/**
 * Translates a neutral request for one model, or refuses it. Pure, and before anything is spent: an option that
 * changes the picture and that the model cannot honour is `unsupported`, never dropped.
 */
export function prepareRequest(adapter: Adapter, modelId: string, request: ImageRequest): Prepared {
  const { family, row } = findModel(adapter, modelId, request);
  try {
    checkTold(family, request);
    const extra = request.providerOptions[adapter.name] ?? {};
    checkNativePictures(family, request, extra);
    const resolved = resolveOptions(family, request);
    checkVariation(adapter, request);
    checkParent(row, request);
    const { fields, ...sent } = toFields(family, resolved, { unchecked: request.unchecked, extra });
    const { prompt, webhookUrl } = request;
    const isOutside = family === adapter.generic && request.unchecked === true;
    const unchecked = isOutside || sent.unchecked.length > 0 ? { model: isOutside, fields: sent.unchecked } : undefined;
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
      price: price === undefined || unchecked ? { source: 'unknown' } : price,
      family,
      warnings: toWarnings(adapter, { family, row }, unchecked),
      ...(row.gone ? { gone: row.gone } : {}),
      ...(unchecked ? { unchecked } : {}),
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
  const { prompt, images, mask, vary, seed, promptExpansion, sync, responseFormat, outputFormat } = request;
  const resolved: { -readonly [Name in keyof ResolvedRequest]: ResolvedRequest[Name] } = {
    prompt,
    shape: geometry.shape,
    images,
    adaptations: adaptations.length === 0 ? geometry.adaptations : [...adaptations, ...geometry.adaptations],
  };
  if (mask !== undefined) resolved.mask = mask;
  if (scale !== undefined) resolved.scale = scale;
  if (vary !== undefined) resolved.vary = vary;
  if (seed !== undefined) resolved.seed = seed;
  if (promptExpansion !== undefined && accepts.promptExpansion) resolved.promptExpansion = promptExpansion;
  if (sync && accepts.sync) resolved.sync = true;
  if (responseFormat === 'base64' && accepts.base64) resolved.base64 = true;
  if (outputFormat) resolved.outputFormat = outputFormat;
  return resolved;
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

/** The actions on a job are those of the model that made it. */
function checkParent({ ids, native }: ModelRow, { vary }: ImageRequest): void {
  const modelId = vary?.job.modelId ?? native;
  if (modelId !== native && !ids.includes(modelId)) throw new Unfit('job', `it is a job of ${modelId}`, true);
}
