import {
  type DownloadPictureOptions,
  type GeneratedImage,
  type GenerateImageOptions,
  type GenerateImageResult,
  generateImage,
  ImageError,
} from '@imageport/core';
import type { Ticket } from '@imageport/core/book';

const defaultTimeout = 120_000;

export interface Fetched {
  readonly result: GenerateImageResult;
  /** The pictures that are there, with their files. */
  readonly files: ReadonlyMap<GeneratedImage, Uint8Array>;
  /** Why the others are not. */
  readonly failures: readonly ImageError[];
}

/** Makes the pictures and reads each as soon as it is there; all of it by the deadline of the call. */
export async function fetchImages(asked: GenerateImageOptions, { replayed }: Ticket): Promise<Fetched> {
  const { timeout = defaultTimeout, signal } = asked;
  const end = performance.now() + timeout;
  const reads = new Map<GeneratedImage, Promise<Read>>();
  const deliver = (image: GeneratedImage): void => {
    reads.set(image, read(image, { signal, timeout: Math.max(0, end - performance.now()) }));
  };
  const result = await generateImage({ ...asked, deliver });
  const files = new Map<GeneratedImage, Uint8Array>();
  const broken: ImageError[] = [];
  for (const image of result.images) {
    const { bytes, error } = (await reads.get(image)) ?? {};
    if (bytes) files.set(image, bytes);
    // What is not read yet is never given up, nor is it told from an abort.
    else if (!ImageError.is(error) || error.resumable) throw error;
    else broken.push(error);
  }
  // The first time a job that is paid is worth another wait. Later the other pictures are not kept back for it.
  const unfinished = replayed ? undefined : result.failures.find(({ resumable }) => resumable);
  const hopeless = files.size === 0 ? broken[0] : undefined;
  if (unfinished ?? hopeless) throw unfinished ?? hopeless;
  return { result, files, failures: [...result.failures, ...broken] };
}

type Read =
  | { readonly bytes: Uint8Array; readonly error?: never }
  | { readonly error: unknown; readonly bytes?: never };

const read = (image: GeneratedImage, options: DownloadPictureOptions): Promise<Read> =>
  image.bytes(options).then(
    (bytes) => ({ bytes }),
    (error: unknown) => ({ error }),
  );
