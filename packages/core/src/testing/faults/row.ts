/**
 * What an event means for money. N: not accepted, nothing spent. A: ambiguous, outcome unknown. P: refused for good,
 * nothing spent. B: accepted and paid, go on with it. R: ended and refunded.
 */
export type FaultClass = 'N' | 'A' | 'P' | 'B' | 'R';

/** A fault as an emulator plays it: which request, and what happens to it. */
export interface PlayedFault {
  readonly on: 'submit' | 'poll' | 'output';
  readonly [action: string]: unknown;
}

/** One row of the failure model: what can go wrong, what it means and what is done about it. */
export interface FaultRow {
  readonly id: string;
  readonly stage: 'submit' | 'poll' | 'output' | 'webhook' | 'process';
  readonly fault: string;
  /** Absent on rows that a rule of `classifySubmit` decides: it is derived from the rule. */
  readonly class?: FaultClass;
  readonly action: string;
  /** How the exhaustive suite makes it happen; several ways where the row names several faults. */
  readonly play?: readonly PlayedFault[];
  /** The test that plays it, from the root of the repository, where one call at an emulator is not enough. */
  readonly test?: string;
  /** Only where the host has it. */
  readonly host?: 'wavespeed' | 'apiframe';
}

export const ambiguousAction =
  'with an idempotency key: the same bytes again, at most 3 times; without: search for the job, then park';
export const retryAction = 'again after a pause, at most 2 times; with another model left on the route, there at once';
export const pollAgain = 'poll again until the deadline; never submit again';
export const gatewayPage = '<html>502</html>';
