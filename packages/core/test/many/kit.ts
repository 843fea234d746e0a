import {
  type GenerateImageOptions,
  type GenerateImagesOptions,
  generateImages,
  type ImageBatch,
  type ImageBatchItem,
  type ImageBatchResult,
} from '../../src/index.ts';

/** So many different items. */
export const prompts = (count: number): { prompt: string }[] =>
  Array.from({ length: count }, (_, index) => ({ prompt: `a lighthouse, number ${index}` }));

/** Everything that a batch gives. */
export async function take(batch: ImageBatch): Promise<ImageBatchResult[]> {
  const results: ImageBatchResult[] = [];
  for await (const result of batch) results.push(result);
  return results;
}

export const takeAll = (
  items: Iterable<ImageBatchItem & { prompt: string }> | AsyncIterable<ImageBatchItem & { prompt: string }>,
  options: GenerateImagesOptions & Pick<GenerateImageOptions, 'model'>,
): Promise<ImageBatchResult[]> => take(generateImages(items, options));

export const outcomes = (results: readonly ImageBatchResult[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(results.map(({ outcome }) => outcome))].map((each) => [
      each,
      results.filter(({ outcome }) => outcome === each).length,
    ]),
  );

export const indexes = (results: readonly ImageBatchResult[]): number[] => results.map(({ index }) => index);

/** A source that says what was read of it, and whether it was closed. */
export function watched<Item>(items: readonly Item[]): Iterable<Item> & { reads: number; isClosed: boolean } {
  const source = {
    reads: 0,
    isClosed: false,
    *[Symbol.iterator]() {
      try {
        for (const item of items) {
          source.reads += 1;
          yield item;
        }
      } finally {
        source.isClosed = true;
      }
    },
  };
  return source;
}

/** Lets so much virtual time pass. */
export const pass = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));
