import { type GenerateImageOptions, imageOptions, type MaxCost, type ReferenceImage } from '@imageport/core';
import { fingerprintOf } from '@imageport/core/book';
import type { Door } from './door.ts';
import { invalid } from './options.ts';
import { toReference } from './references.ts';

/** What `generate_image`, `edit_image` and `check_image` are given, as the schemas let it through. */
export interface ToolInput {
  readonly prompt: string;
  readonly model?: string;
  readonly images?: readonly string[];
  readonly size?: string;
  readonly aspect_ratio?: string;
  readonly resolution?: string;
  readonly n?: number;
  readonly seed?: number;
  readonly output_format?: string;
  readonly max_cost?: MaxCost;
  readonly intent_id?: string;
}

/** The same as core takes it. */
export interface Asked {
  readonly options: GenerateImageOptions & { readonly n: number };
  /** Equal for equal requests. */
  readonly fingerprint: string;
  readonly maxCost: MaxCost | undefined;
  /** The id that the caller named. */
  readonly intentId: string | undefined;
}

/** Reads a request and the pictures it names. Throws `invalid_request`; sends nothing. */
export async function toAsked(door: Door, input: ToolInput): Promise<Asked> {
  const { prompt, n = 1, seed, max_cost: maxCost, intent_id: intentId } = input;
  const [first] = door.models;
  const { name, route } = door.models.find((each) => each.name === input.model) ?? first;
  const places = { pictures: door.pictures, files: door.settings.files };
  const images: ReferenceImage[] = await Promise.all((input.images ?? []).map((each) => toReference(each, places)));
  if (input.size !== undefined && (input.aspect_ratio !== undefined || input.resolution !== undefined)) {
    throw invalid('`size` goes with neither `aspect_ratio` nor `resolution`: give the pixels, or a ratio');
  }
  const plain = imageOptions({
    ...{ size: input.size, aspectRatio: input.aspect_ratio, resolution: input.resolution },
    ...{ outputFormat: input.output_format, seed, n },
  });
  return {
    options: { model: route, prompt, ...plain, images, n },
    fingerprint: await fingerprintOf({ model: name, prompt, ...plain, images, n }),
    maxCost: maxCost && Object.keys(maxCost).length > 0 ? maxCost : undefined,
    intentId,
  };
}
