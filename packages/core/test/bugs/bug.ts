/** A place of the sources by its text, which stands there once, and what somebody could have written instead. */
export type Edit = readonly [file: string, find: string, replace: string];

/** A bug that breaks a promise. */
export interface Bug {
  readonly id: string;
  /** The test file that notices it, below `packages`. */
  readonly by: string;
  readonly edits: readonly Edit[];
}

export const bug = (id: string, by: string, ...edits: readonly Edit[]): Bug => ({ id, by, edits });

const core = 'packages/core/src';
export const classify = `${core}/errors/classify.ts`;
export const owners = `${core}/ledger/owners.ts`;
export const memory = `${core}/ledger/memory.ts`;
export const reducer = `${core}/ledger/reduce.ts`;
export const rules = `${core}/ledger/rules.ts`;
export const state = `${core}/ledger/state.ts`;
export const adoption = `${core}/picture/adoption.ts`;
export const attempt = `${core}/picture/attempt.ts`;
export const enter = `${core}/picture/enter.ts`;
export const log = `${core}/picture/log.ts`;
export const next = `${core}/picture/next.ts`;
export const prepare = `${core}/picture/prepare.ts`;
export const reading = `${core}/picture/reading.ts`;
export const search = `${core}/picture/search.ts`;
export const writing = `${core}/picture/writing.ts`;
export const src = (path: string): string => `${core}/${path}`;
