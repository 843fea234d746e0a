// Writes the documents that the emulator validates with, from what was recorded of both hosts. A test fails when they
// are behind: `npx node packages/emulator/catalogue/generate.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import type { CatalogueDocument } from '../src/catalogue/document.ts';
import { toApiframeModel } from './apiframe.ts';
import { onPagesOnly, overridden } from './overrides.ts';
import { dateOf, type Host, recorded } from './recorded.ts';
import { toWavespeedModel } from './wavespeed.ts';

/** Both documents as they have to be. */
export function documents(): Record<Host, string> {
  const [wavespeed, apiframe] = [recorded('wavespeed'), recorded('apiframe')];
  return {
    wavespeed: toText({
      date: dateOf(wavespeed),
      models: [...wavespeed.models.map(toWavespeedModel).map(overridden), ...onPagesOnly],
    }),
    apiframe: toText({
      date: dateOf(apiframe),
      models: apiframe.models.filter(({ goneBy }) => !goneBy).map(toApiframeModel),
    }),
  };
}

/** One model on a line, so that a change reads as one. */
function toText<Model extends { readonly id: string }>({ date, models }: CatalogueDocument<Model>): string {
  const lines = [...models].sort((one, other) => (one.id < other.id ? -1 : 1)).map((model) => JSON.stringify(model));
  return `{\n "date": ${JSON.stringify(date)},\n "models": [\n${lines.join(',\n')}\n ]\n}\n`;
}

const place = (host: Host) => new URL(`${host}.json`, import.meta.url);

/** A document as it is. */
export const written = (host: Host): string => readFileSync(place(host), 'utf8');

if (process.argv[1] === import.meta.filename) {
  const made = documents();
  writeFileSync(place('wavespeed'), made.wavespeed);
  writeFileSync(place('apiframe'), made.apiframe);
}
