import type { Setting } from './types.ts';
import { worlds } from './worlds.ts';

const small = [
  'one intent',
  'one intent, repeats',
  'one intent, odd ids',
  'equal words, reads told apart',
  'equal words, an old job',
] as const;

/** Worlds that are walked to their end in a second or two: those of `npm test`. */
export const smallWorlds: readonly (readonly [name: string, setting: Setting])[] = small.map((name) => {
  const setting = worlds[name];
  if (!setting) throw new Error(`there is no world "${name}"`);
  return [name, setting];
});
