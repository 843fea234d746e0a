// What the servers share: a picture is made once for a request, and saved before it counts as delivered.
import {
  type CallOptions,
  type GeneratedImage,
  generateImage,
  type ImageModel,
  type Ledger,
  type ResumedIntent,
  resumeImages,
} from '@imageport/core';
import type { Order } from './order.ts';

/** Where pictures are kept. */
export interface PictureStore {
  /** Where a browser finds the picture of this name, if it is there. */
  find(name: string): Promise<string | undefined>;
  /** Keeps it, in place of the same one that is there, and returns where a browser finds it. May be called again. */
  save(name: string, image: GeneratedImage): Promise<string>;
}

export interface Pictures {
  /** One model, or a route. */
  readonly models: readonly [ImageModel, ...ImageModel[]];
  /** One that survives a crash, such as a file: it knows what was paid. */
  readonly ledger: Ledger;
  readonly store: PictureStore;
}

/** Where a browser finds the picture of an order: it is there already, or is made now. */
export async function makePicture(
  { models, ledger, store }: Pictures,
  { intentId, prompt }: Order,
  call: Pick<CallOptions, 'signal' | 'onEvent'> = {},
): Promise<string> {
  const known = await store.find(intentId);
  if (known !== undefined) return known;
  let url = '';
  const deliver = async (image: GeneratedImage): Promise<void> => {
    url = await store.save(intentId, image);
  };
  await generateImage({ ...{ model: models, ledger, intentId, prompt, deliver }, ...call });
  return url;
}

/** Saves what was paid and not saved. To be called when the process starts: what a crash interrupted goes on. */
export function finishOpen({ models, ledger, store }: Pictures): Promise<ResumedIntent[]> {
  return resumeImages({
    ...{ ledger, models },
    deliver: async (image, { intentId }) => void (await store.save(intentId, image)),
  });
}
