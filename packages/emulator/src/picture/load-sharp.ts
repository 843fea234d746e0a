import { createRequire } from 'node:module';
import type sharp from 'sharp';

const require = createRequire(import.meta.url);
let loaded: typeof sharp | undefined;

/** What draws, loaded with the first picture: it takes as long as all of the emulator, and most who import that draw none. */
export function loadSharp(): typeof sharp {
  loaded ??= require('sharp') as typeof sharp;
  return loaded;
}
