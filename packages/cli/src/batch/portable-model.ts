import { type GenerateImageOptions, ImageError, type ImageModel, parseRequest } from '@imageport/core';
import { findModel } from '@imageport/core/catalogue';

type Asked = Omit<GenerateImageOptions, 'model'>;

/**
 * The model under the id that every host knows it by, where another one was given for the very same: then a row is the same
 * however its model is called. A native id stays where the portable one would lead to another, as with reference pictures.
 */
export function toPortable(model: ImageModel, asked: Asked): ImageModel {
  const { provider, modelId } = model;
  const row = rowOf(model, asked);
  const [id] = row?.ids ?? [];
  return id !== undefined && id !== modelId && rowOf(provider(id), asked) === row ? provider(id) : model;
}

/** Undefined where the request is refused, which is said when it is checked. */
function rowOf({ provider, modelId }: ImageModel, { prompt, images, mask }: Asked) {
  try {
    return findModel(provider.adapter, modelId, parseRequest({ prompt, images, mask })).row;
  } catch (error) {
    if (ImageError.is(error)) return undefined;
    throw error;
  }
}
