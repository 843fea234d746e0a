import type { Job } from '../contract/job.ts';
import type { Intent, LedgerEvent, LedgerRecord } from './facts.ts';

export type { Intent, LedgerEvent, LedgerRecord, Proof, RouteEntry, Target } from './facts.ts';

/** Who takes an intent, and for how long. */
export interface Lease {
  readonly owner: string;
  /** Milliseconds. 0 gives the intent back. */
  readonly duration: number;
}

/** Which open intents. */
export interface OpenQuery {
  /** Only those that nobody holds at the moment. @default false */
  readonly unclaimed?: boolean | undefined;
  /** Only those whose last event is older than this, in epoch milliseconds. */
  readonly before?: number | undefined;
  /**
   * Only those after this intent id in the ledger's own order: where the page before ended. An id that the ledger does
   * not know means from the start, so that none is missed.
   */
  readonly after?: string | undefined;
}

/** `job`: whose it is. `words`: who submitted them (see `LedgerEvent`), delivered intents included. */
export type FindQuery =
  | { readonly job: Pick<Job, 'provider' | 'id'>; readonly words?: never }
  | { readonly words: string; readonly job?: never };

/**
 * Where intents and paid jobs are written before and after money moves. If a method rejects, nothing is sent.
 * `testLedger` in `@imageport/core/testing` is the suite that an implementation must pass.
 */
export interface Ledger {
  readonly durability: 'none' | 'disk' | 'replicated';
  /** Several processes may use it at the same time. @default false */
  readonly shared?: boolean;
  /**
   * Creates the intent if there is none of this id, and takes it for `lease` unless somebody else holds it: `fence` is
   * there only when it was taken. Durable when it resolves.
   */
  begin(
    intent: Intent,
    lease?: Lease,
  ): Promise<{ readonly created: boolean; readonly record: LedgerRecord; readonly fence?: number }>;
  /** Takes an intent, or null while somebody else has it. A lease of 0 gives it back. */
  claim(
    intentId: string,
    owner: string,
    lease: number,
  ): Promise<{ readonly fence: number; readonly record: LedgerRecord } | null>;
  /**
   * Durable when it resolves. `length` is the number of events that the writer knows of: another number is refused
   * (`ledger_conflict`), unless the event stands at that place already, because the answer to an earlier call was lost.
   * A fence older than the newest claim is refused too (`ledger_stale`), but for what an answer proved: `accepted` and
   * `rejected` that name a send of the record, and `unsent`, unless a count has ended that send. `accepted` for a job that any intent has is refused (`job_taken`).
   * `judgeAppend` decides all of this for every ledger.
   */
  append(intentId: string, fence: number, event: LedgerEvent, length?: number): Promise<void>;
  /** Every intent with something left to do or to find out (`isOpen`), parked ones included; in pages for large ledgers. */
  open(query?: OpenQuery): AsyncIterable<LedgerRecord>;
  /**
   * The owners of jobs are kept as long as hosts list jobs: seven days. Of an owner that was forgotten there is a record
   * that says whose the job is, and that it was delivered (`ownerRecord`).
   */
  find(query: FindQuery): Promise<readonly LedgerRecord[]>;
  /**
   * What is known of an intent, or undefined; takes nothing and waits for nobody. Optional: without it an intent is
   * looked at by taking it for a moment.
   */
  read?(intentId: string): Promise<LedgerRecord | undefined>;
  /** Calls back when an intent may have changed; returns how to stop. Present where the store can tell. */
  watch?(intentId: string, changed: () => void): () => void;
}
