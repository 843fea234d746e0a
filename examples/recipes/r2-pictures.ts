// One picture for one request, kept in R2. Isolates share no memory and no file: what keeps them from paying twice is
// Apiframe's idempotency key, which is made of the id of the request.
import { createApiframe } from '@imageport/apiframe';
import { type GeneratedImage, generateImage, ImageError } from '@imageport/core';
import type { Order } from './order.ts';

interface Stored {
  readonly body: ReadableStream;
  readonly httpMetadata?: { readonly contentType?: string | undefined } | undefined;
  text(): Promise<string>;
}

/** What is used of an R2 bucket. */
export interface Bucket {
  head(key: string): Promise<object | null>;
  get(key: string): Promise<Stored | null>;
  put(key: string, value: string | Uint8Array, options?: { httpMetadata: { contentType: string } }): Promise<unknown>;
  delete(key: string): Promise<void>;
  list(options: { prefix: string }): Promise<{ readonly objects: readonly { readonly key: string }[] }>;
}

export interface Env {
  readonly PICTURES: Bucket;
  readonly APIFRAME_API_KEY: string;
  readonly APIFRAME_BASE_URL?: string;
}

/** Apiframe forgets a key after 24 hours. From then on the same request would be paid again. */
const safe = 20 * 60 * 60 * 1000;

/** Where a browser finds the picture. A note under `open/` says what is begun, until it is saved or there is none. */
export async function makeOnce({ PICTURES, ...env }: Env, { intentId, prompt }: Order): Promise<string> {
  const [open, picture, url] = [`open/${intentId}`, `pictures/${intentId}`, `/images/${encodeURIComponent(intentId)}`];
  if (await PICTURES.head(picture)) return url;
  const known = await PICTURES.get(open);
  const begun: number = known ? JSON.parse(await known.text()).begun : Date.now();
  if (Date.now() - begun > safe) throw tooOld(intentId);
  await PICTURES.put(open, JSON.stringify({ intentId, prompt, begun })); // before anything is spent
  const deliver = async (image: GeneratedImage): Promise<void> => {
    const bytes = await image.bytes();
    const { mediaType: contentType = 'application/octet-stream' } = image;
    await PICTURES.put(picture, bytes, { httpMetadata: { contentType } });
  };
  const apiframe = createApiframe({ apiKey: env.APIFRAME_API_KEY, baseUrl: env.APIFRAME_BASE_URL });
  try {
    await generateImage({ model: apiframe('seedream-4'), intentId, prompt, deliver });
  } catch (error) {
    const isOver = ImageError.is(error) && error.billed !== 'unknown' && !error.resumable;
    if (isOver) await PICTURES.delete(open);
    throw error;
  }
  await PICTURES.delete(open);
  return url;
}

const tooOld = (intentId: string): ImageError =>
  new ImageError({
    ...{ code: 'submission_unknown', billed: 'unknown', stage: 'submit', intentId },
    message: `Request ${intentId} may be paid and is too old to be sent again. Look at Apiframe's job list, then delete its note`,
  });
