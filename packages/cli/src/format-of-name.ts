import { extname } from 'node:path';
import type { ImageModel, OutputFormat, RouteTarget, Task } from '@imageport/core';
import { findModel } from '@imageport/core/catalogue';

const formats: Readonly<Record<string, OutputFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
};

/** What decides between the variants of a model. */
export interface Asking {
  readonly images: readonly string[];
  readonly task?: Task | undefined;
}

/** The format that the name of the file asks for; undefined for a folder and for a name without one. */
export const formatOf = (out: string | undefined): OutputFormat | undefined =>
  out === undefined ? undefined : formats[extname(out).toLowerCase()];

/** Asks every model of the route for this format that has a choice. The others make what they make. */
export const inFormat = (
  route: readonly ImageModel[],
  format: OutputFormat | undefined,
  asking: Asking,
): readonly (ImageModel | RouteTarget)[] =>
  route.map((model) => (format && offers(model, asking).includes(format) ? { model, outputFormat: format } : model));

/** The formats of which a model makes the one that is asked for; empty where it has no choice. */
export function offers({ provider, modelId }: ImageModel, { images, task }: Asking): readonly OutputFormat[] {
  try {
    return (
      findModel(provider.adapter, modelId, { images, ...(task === undefined || task === 'generate' ? {} : { task }) })
        .family.accepts.outputFormats ?? []
    );
  } catch {
    // An unknown model is refused with the reason when it is asked.
    return [];
  }
}
