import type { Adapter } from '../contract/adapter.ts';
import type { Family } from '../contract/family.ts';
import type { ImageModel } from '../host/provider.ts';
import { outsideTables } from './outside.ts';

/** What was loaded, by adapter: an account with a catalogue of its own has an adapter of its own. */
const loaded = new WeakMap<Adapter, readonly Family[]>();

/** All families that are at hand: those of the adapter, and of its catalogue once that is loaded. */
export const familiesOf = (adapter: Adapter): readonly Family[] => loaded.get(adapter) ?? adapter.families;

/**
 * Loads the catalogues of those models that are in no family of their adapters. Undefined where there is nothing to load, so that
 * most calls do not wait. Rejects with what `load` throws: without its table nothing is sent.
 */
export function loadCatalogues(models: readonly ImageModel[]): Promise<unknown> | undefined {
  const missing = outsideTables(models);
  if (missing.length === 0) return undefined;
  return Promise.all([...new Set(missing.map(({ provider }) => provider.adapter))].map(loadCatalogue));
}

/** Every model of a host, for who lists or describes them. */
export async function loadCatalogue(adapter: Adapter): Promise<readonly Family[]> {
  if (!adapter.catalogue) return adapter.families;
  const more = await adapter.catalogue.load();
  const known = loaded.get(adapter);
  if (known && known.length === adapter.families.length + more.length && known.at(-1) === more.at(-1)) return known;
  const all = [...adapter.families, ...more];
  loaded.set(adapter, all);
  return all;
}
