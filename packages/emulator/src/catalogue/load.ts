import { createRequire } from 'node:module';
import type { Ajv as AjvClass } from 'ajv';
import type jsonata from 'jsonata';
import type { ApiframeModel, CatalogueDocument, WavespeedModel } from './document.ts';

// Whoever only imports the emulator waits for none of these, and a submit that needs them is answered without a pause in
// which a test's own clock could run on.
const require = createRequire(import.meta.url);

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

export const wavespeedDocument = once(() => require('#catalogue/wavespeed.json') as CatalogueDocument<WavespeedModel>);

export const apiframeDocument = once(() => require('#catalogue/apiframe.json') as CatalogueDocument<ApiframeModel>);

export const loadAjv = once(() => (require('ajv') as { readonly Ajv: typeof AjvClass }).Ajv);

export const loadJsonata = once(() => require('jsonata') as typeof jsonata);
