import { type GenerateImageOptions, parseCall } from '../call.ts';
import { invalid, toObject } from '../errors/invalid.ts';
import type { GenerateImagesOptions, ImageBatchItem } from '../generate-images.ts';
import { isMaxCost } from '../picture/budget.ts';
import { checkRuntime } from '../runtime.ts';

/** A batch in one form, checked. */
export interface Plan extends Pick<GenerateImagesOptions, 'signal' | 'maxCost' | 'deliver' | 'onEvent'> {
  readonly concurrency: number;
  readonly intentId: string;
  /** The caller named the batch: an earlier run may have spent something on its items. */
  readonly isNamed: boolean;
  /** What every call gets that does not have it itself. */
  readonly common: ImageBatchItem;
}

const fallbackConcurrency = 16;

/** Checks what is common to all items. Throws `invalid_request`; nothing is spent. */
export function parsePlan(options: GenerateImagesOptions | undefined, intentId: string): Plan {
  checkRuntime();
  const { concurrency = fallbackConcurrency, intentId: given, ...rest } = toObject(options ?? {});
  const { signal, maxCost, deliver, onEvent, ...others } = rest;
  if (!Number.isInteger(concurrency) || concurrency < 1) throw invalid('`concurrency` must be a whole number above 0');
  if (typeof intentId !== 'string' || !/^[\x21\x22\x24-\x7e]{1,180}$/.test(intentId)) {
    throw invalid('`intentId` of a batch must be 1 to 180 visible ASCII characters without "#"');
  }
  if (maxCost !== undefined && !isMaxCost(maxCost)) {
    throw invalid('`maxCost` must be amounts of 0 or more by currency, like { USD: 0.1, credit: 10 }');
  }
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw invalid('`signal` must be an AbortSignal');
  }
  for (const [name, value] of Object.entries({ deliver, onEvent })) {
    if (value !== undefined && typeof value !== 'function') throw invalid(`\`${name}\` must be a function`);
  }
  const common: ImageBatchItem = defined(others);
  // Of what needs a model nothing can be said before an item brings one, nor of a verb without its picture.
  if (common.model !== undefined && (common.task ?? 'generate') === 'generate')
    parseCall({ prompt: 'the same', ...common } as GenerateImageOptions);
  return { concurrency, intentId, isNamed: given !== undefined, signal, maxCost, deliver, onEvent, common };
}

/** An option that is undefined is not given, and hides nothing. */
export const defined = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
