import type { Cost, GeneratedImage, GenerateImageResult } from '@imageport/core';
import { toBase64 } from './base64.ts';
import type { Order, Task } from './to-order.ts';

/** One picture as an entry of `data`. */
export interface Shown {
  readonly b64_json?: string;
  readonly url?: string;
  /** What the picture is, where its bytes are known. */
  readonly facts: { readonly output_format?: string; readonly size?: string };
}

/** The pictures of a result, downloaded unless only addresses were asked for. `timeout`: milliseconds for all downloads. */
export async function showPictures(
  { images }: GenerateImageResult,
  { format }: Order,
  addressOf: (place: number) => Promise<string>,
  timeout: number,
): Promise<Shown[]> {
  const show = async (image: GeneratedImage, place: number): Promise<Shown> => {
    if (format === 'url') return { url: await addressOf(place), facts: {} };
    const bytes = await image.bytes({ timeout });
    return { b64_json: toBase64(bytes), facts: factsOf(image) };
  };
  return Promise.all(images.map(show));
}

function factsOf({ mediaType, width, height }: GeneratedImage): Shown['facts'] {
  return {
    ...(mediaType === undefined ? {} : { output_format: mediaType.replace(/^image\//, '').replace(/\+.*$/, '') }),
    ...(width === undefined || height === undefined ? {} : { size: `${width}x${height}` }),
  };
}

const seconds = (): number => Math.floor(Date.now() / 1000);

/** The body of an answer. There is no `usage`: hosts report no tokens. */
export const toBody = (shown: readonly Shown[]): object => ({
  created: seconds(),
  background: 'opaque',
  ...shown[0]?.facts,
  data: shown.map(({ facts: _, ...picture }) => picture),
});

/** A finished picture as an event of a stream. */
export const toEvent = (task: Task, { facts, ...picture }: Shown): object => ({
  type: task === 'edits' ? 'image_edit.completed' : 'image_generation.completed',
  created_at: seconds(),
  background: 'opaque',
  ...facts,
  ...picture,
});

/** What is said about a result besides its pictures, as headers. */
export function headersOf({ applied, cost, warnings, failures }: GenerateImageResult): Record<string, string> {
  return {
    'x-imageport-provider': visible(applied.provider),
    'x-imageport-cost': describe(cost),
    ...(warnings.length > 0 ? { 'x-imageport-warnings': visible(JSON.stringify(warnings)) } : {}),
    ...(failures.length > 0 ? { 'x-imageport-failures': failures.map(({ code }) => code).join(', ') } : {}),
  };
}

const describe = (cost: Cost): string =>
  cost.source === 'unknown' ? 'unknown' : `${cost.amount} ${cost.currency}; ${cost.source}`;

const longest = 2_000;

/** Nothing in a header ends its line, and nothing is so long that a proxy drops the answer. */
const visible = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, longest);
