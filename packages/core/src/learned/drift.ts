import { type Survival, survivalAt } from '../schedule/cells.ts';
import type { Observation } from '../schedule/schedule.ts';

/** How many jobs ended lately and how many should have: apart for long, they say that the host has become another. */
export interface Drift {
  ended: number;
  expected: number;
}

export const noDrift = (): Drift => ({ ended: 0, expected: 0 });

/** How many jobs "lately" are. */
const lately = 10;
/** Square of how many standard deviations are no chance. */
const surprise = 4;

/** Counts what a poll told against what was to be expected. True when both have drifted apart; counting starts anew. */
export function hasDrifted(drift: Drift, survival: Survival, { from, to, done }: Observation): boolean {
  const before = survivalAt(survival, from);
  const after = survivalAt(survival, to);
  const expected = after > 0 ? Math.min(1, Math.log(before / after)) : 1;
  const kept = 1 - (expected + Number(done)) / (2 * lately);
  drift.ended = drift.ended * kept + Number(done);
  drift.expected = drift.expected * kept + expected;
  if ((drift.ended - drift.expected) ** 2 <= surprise * (drift.ended + drift.expected)) return false;
  Object.assign(drift, noDrift());
  return true;
}
