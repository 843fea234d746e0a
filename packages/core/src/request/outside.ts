import type { ImageModel } from '../host/provider.ts';
import { rowsOf } from './rows-of.ts';

/** The models that are in no family of their adapter, and that a catalogue may have. */
export const outsideTables = <Model extends ImageModel>(models: readonly Model[]): Model[] =>
  models.filter(({ provider: { adapter }, modelId }) => {
    return adapter.catalogue && rowsOf(adapter.families, modelId).length === 0;
  });
