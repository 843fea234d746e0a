import type { Family, ImageModel, RouteOption, RouteTarget } from '@imageport/core';

type Entry = Partial<RouteTarget> & { readonly model: ImageModel };

const entriesOf = (route: RouteOption): readonly Entry[] =>
  (Array.isArray(route) ? route : [route]).map((each) => ('model' in each ? each : { model: each }));

/** Where a route leads, as plain data. */
export const describeRoute = (route: RouteOption): readonly object[] =>
  entriesOf(route).map(({ model, ...differences }) => ({
    ...differences,
    provider: model.provider.adapter.name,
    model: model.modelId,
  }));

/** Whether a model of the route takes reference pictures, or a mask; undefined where the tables cannot be read. */
export async function takes(route: RouteOption, what: 'images' | 'mask'): Promise<boolean | undefined> {
  try {
    const families = await Promise.all(entriesOf(route).map(({ model }) => familiesOf(model)));
    return families.flat().some(({ accepts, task = 'generate' }) => task === 'generate' && accepts[what] !== undefined);
  } catch {
    return undefined;
  }
}

/** The families that have the model: those of the adapter, else of its catalogue, which is loaded for that. */
async function familiesOf({ provider: { adapter }, modelId }: ImageModel): Promise<readonly Family[]> {
  const having = (families: readonly Family[] = []): readonly Family[] =>
    families.filter(({ models }) => models.some(({ native, ids }) => native === modelId || ids.includes(modelId)));
  const own = having(adapter.families);
  return own.length > 0 ? own : having(await adapter.catalogue?.load());
}
