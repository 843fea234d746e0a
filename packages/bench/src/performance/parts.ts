import { cpuPart } from './cpu-part.ts';
import { detectionPart } from './detection-part.ts';
import { fallbackPart } from './fallback-part.ts';
import { insidePart } from './inside-part.ts';
import { manyPart } from './many-part.ts';
import type { Part } from './part.ts';
import { profilePart } from './profile.ts';
import { sizePart } from './size-part.ts';

/** The parts in the order of the page. */
export const parts: readonly Part[] = [
  cpuPart,
  insidePart,
  detectionPart,
  manyPart,
  sizePart,
  fallbackPart,
  profilePart,
];
