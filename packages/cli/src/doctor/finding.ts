import { type ErrorCode, errorTraits, ImageError } from '@imageport/core';

/** What one check found. */
export interface Finding {
  /** What was looked at: "node", "config", "wavespeed", "clock", "ledger". */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem';
  /** In words, with the way out. */
  readonly says: string;
  /** The code of the error that a call would end with. */
  readonly code?: ErrorCode;
}

export const ok = (check: string, says: string): Finding => ({ check, state: 'ok', says });
export const warning = (check: string, says: string): Finding => ({ check, state: 'warning', says });
export const problem = (check: string, code: ErrorCode, says: string): Finding => ({
  check,
  state: 'problem',
  says,
  code,
});

/** An error that a call would end with, as a finding. What is no such error is thrown on. */
export function toProblem(check: string, error: unknown): Finding {
  if (!ImageError.is(error)) throw error;
  return problem(check, error.code, error.message);
}

export const exitOf = (findings: readonly Finding[]): number =>
  Math.max(0, ...findings.map(({ code }) => (code ? errorTraits[code].exit : 0)));
