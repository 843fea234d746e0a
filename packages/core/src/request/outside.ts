import type { ImageModel } from '../host/provider.ts';

/** The models that are in no family of their adapter, and that a catalogue may have. */
export const outsideTables = <Model extends ImageModel>(models: readonly Model[]): Model[] =>
  models.filter(({ provider: { adapter }, modelId }) => {
    const { catalogue, families } = adapter;
    return (
      catalogue &&
      !families.some((family) => family.models.some((row) => row.native === modelId || row.ids.includes(modelId)))
    );
  });
