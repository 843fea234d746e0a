import type { Target } from './servers/test-server.ts';

/** What a worker is sent to do. */
export interface Errand {
  /** By name. */
  readonly client: string;
  readonly target: Target;
  /** Milliseconds. */
  readonly deadline: number;
}

/** How a call ended, in words that can be searched for job ids. */
export interface Ending {
  /** Milliseconds since a bare timer of the same length went off in the same thread, or below 0 before it did. */
  readonly late: number;
  readonly outcome: string;
  /** All that the result or the error says. */
  readonly reported: string;
  /** All that stands in the ledger. */
  readonly kept: string;
  /** All that the library found out when it was asked to resume. */
  readonly resumed: string;
}

export type Message =
  | { readonly type: 'began' }
  | { readonly type: 'ended' }
  | { readonly type: 'reported'; readonly ending: Ending };
