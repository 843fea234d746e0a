import { readFileSync } from 'node:fs';
import type { RecordedModel } from '../src/live/record.ts';

/** What was read of the host's lists of models, one file for all copies. */
export interface Recorded {
  /** Where each copy is from, by its date. */
  readonly copies: Readonly<Record<string, string>>;
  /** In the order of their ids. */
  readonly models: readonly RecordedModel[];
}

export const readRecorded = (): Recorded =>
  JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8')) as Recorded;
