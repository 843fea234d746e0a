/** The host's own list of models, for ids that are newer than the tables: `createWavespeed({ catalogue: liveCatalogue() })`. */
export type { CachedList, CatalogueCache, LiveCatalogue } from './live-catalogue.ts';
export { type LiveCatalogueOptions, liveCatalogue } from './load.ts';
