import { checkImage } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '../src/index.ts';
import { liveCatalogue } from '../src/live/index.ts';
import type { CatalogueCache } from '../src/live/live-catalogue.ts';

export interface Field {
  default?: unknown;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  maxItems?: number;
}
export interface Entry {
  model_id: string;
  type: string;
  base_price: number;
  formula?: string;
  api_schema?: { api_schemas: { request_schema: { properties: Record<string, Field> } }[] };
}
const prompt = 'a lighthouse';

/** An account whose host answers with its list as `change` leaves it, and what was asked of the list. */
export function open(change: (list: Entry[]) => Entry[] | Response = (list) => list, cache?: CatalogueCache) {
  const emulator = createEmulator({ generationTime: { fixed: 0 } });
  const asked: Request[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!request.url.endsWith('/api/v3/models')) return emulator.fetch(input, init);
    asked.push(request);
    const answer = await emulator.fetch(request);
    const { data } = (await answer.json()) as { data: Entry[] };
    const changed = change(structuredClone(data));
    return changed instanceof Response ? changed : Response.json({ code: 200, message: 'success', data: changed });
  };
  const wavespeed = createWavespeed({ ...emulator.wavespeed, fetch, catalogue: liveCatalogue({ cache }) });
  const check = async (modelId: string, options: object = {}) => {
    const [found] = await checkImage({ model: wavespeed(modelId), prompt, ...options });
    if (!found) throw new Error('nothing was checked');
    return found;
  };
  return { emulator, wavespeed, asked, check };
}

/** The entry of a model, to be changed. */
export function entryOf(list: Entry[], id: string): Entry {
  const found = list.find(({ model_id }) => model_id === id);
  if (!found) throw new Error(`${id} is not listed`);
  return found;
}

export const fieldOf = (list: Entry[], id: string, name: string): Field =>
  entryOf(list, id).api_schema?.api_schemas[0]?.request_schema.properties[name] ?? {};

export function dropField(list: Entry[], id: string, name: string): void {
  delete entryOf(list, id).api_schema?.api_schemas[0]?.request_schema.properties[name];
}

/** The list with a model that no table has. */
export const withNewest = (list: Entry[]): Entry[] => [
  ...list,
  { ...entryOf(list, 'wavespeed-ai/flux-dev'), model_id: 'acme/newest', base_price: 0.07 },
];
