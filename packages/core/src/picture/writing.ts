import type { Adapter } from '../contract/adapter.ts';
import type { Billed, Cost } from '../contract/result.ts';
import type { Reason } from '../errors/error-traits.ts';
import type { LedgerRecord } from '../ledger/facts.ts';
import { foldRecord, reduce } from '../ledger/reduce.ts';
import {
  awaitsRefund,
  billedOf,
  currentJob,
  type Ending,
  type Fact,
  hasFailed,
  type IntentState,
  inDoubt,
  type OwnedJob,
  phaseOf,
  type Sending,
  type Settled,
} from '../ledger/state.ts';

/** What one process knows of an intent, and whether another has taken it over. */
export interface Known {
  readonly state: IntentState;
  readonly lost: boolean;
}

const volatile = ['asking', 'reopened', 'resumed', 'looked_up', 'declined', 'unanswered', 'answered'] as const;
export type Durable = Exclude<Fact, { type: (typeof volatile)[number] }>;
export const isDurable = (fact: Fact): fact is Durable => !(volatile as readonly string[]).includes(fact.type);

/** Where a process goes on that has taken an intent up. */
export interface TakenUp {
  readonly state: IntentState;
  /** Delivered before: it is only looked up again, and nothing is written. */
  readonly replayed: boolean;
  /** The send with which it was left; absent where the request begins anew. */
  readonly sending: Sending | undefined;
}

/** Folds a record for a process that goes on with it. `refunds`: a job that failed is looked at again. */
export function takenUp(record: LedgerRecord, refunds: boolean): TakenUp {
  const folded = foldRecord(record);
  // One at a time: another can be at another host.
  const [due] = refunds ? awaitsRefund(folded) : [];
  const state = due ? reduce(folded, { type: 'reopened', jobId: due.job.id }) : folded;
  const phase = phaseOf(state);
  const left = due ? state.sends.findLast(({ fact }) => fact.attempt === due.attempt) : state.sends.at(-1);
  const sending = phase === 'new' || phase === 'closed' ? undefined : left?.fact;
  return { state, replayed: phase === 'delivered', sending };
}

/** What a failed append means: which fact counts all the same, if any, and whether the intent is somebody else's. */
export interface FailedAppend {
  readonly counts: Fact | undefined;
  readonly lost: boolean;
}

/** `interrupted`: the write goes on without us. Without a reason the ledger failed. */
export function readFailedAppend(
  fact: Durable,
  reason: Reason | 'interrupted' | undefined,
  detail?: unknown,
): FailedAppend {
  const lost = reason === 'ledger_stale' || reason === 'ledger_conflict';
  // What is not written down beforehand is not sent; a job that the new holder of the intent counts with is not ours.
  if (fact.type === 'sending' || (fact.type === 'accepted' && reason === 'ledger_stale'))
    return { counts: undefined, lost };
  if (fact.type !== 'accepted' || (reason !== 'job_taken' && fact.proof !== 'count')) return { counts: fact, lost };
  // A job that somebody else owns is no answer to our send; one taken by count is ours only once that is written.
  return {
    counts: { type: 'unanswered', send: fact.send ?? '', ending: { code: 'submission_unknown', detail } },
    lost,
  };
}

/** Milliseconds before the host forgets a key in which it is not used any more. */
const keyMargin = 3_600_000;
/** Milliseconds by which a send may lie in the future because a clock was corrected. */
const clockMargin = 300_000;

/** Whether the host still remembers the key of the open send, counted from its first use. */
export function isKeyGood(state: IntentState, idempotency: Adapter['idempotency'], now: number): boolean {
  const open = inDoubt(state, state.attempts).at(-1)?.fact;
  if (!idempotency || open?.key === undefined) return false;
  const age = now - Math.min(...state.sends.filter(({ fact }) => fact.key === open.key).map(({ fact }) => fact.at));
  return age > -clockMargin && age < idempotency.lifetime - keyMargin;
}

/** A last look after `sending` was written. Time has passed: the caller may have gone, the host may have forgotten the key. */
export interface LastLook {
  /** The state before `sending` was written. */
  readonly before: IntentState;
  readonly state: IntentState;
  readonly sending: Sending;
  readonly isInterrupted: boolean;
  readonly keyIsGood: boolean;
  readonly at: number;
}

/** What is written instead of sending, or undefined: then the bytes leave. */
export function unsentInstead({ before, state, sending, isInterrupted, keyIsGood, at }: LastLook): Durable | undefined {
  const isReplay = inDoubt(before, sending.attempt).length > 0;
  const isForgotten = sending.key === undefined ? isReplay : !keyIsGood;
  if (!isInterrupted && !isForgotten) return undefined;
  const ending = isReplay ? state.end : { code: 'timeout' as const, early: true };
  return { type: 'unsent', at, send: sending.send ?? '', ...(ending ? { ending } : {}) };
}

/** The job that must be settled when nothing more comes of it. */
export function toSettle(state: IntentState, { code }: Ending): OwnedJob | undefined {
  const failed = state.jobs.find((job) => !job.settled && hasFailed(job));
  if (failed) return failed;
  const job = currentJob(state);
  return job?.attempt === state.attempts && !job.settled && code === 'result_expired' ? job : undefined;
}

/** How a job that brought no picture is written down. `isRefundDue`: the host documents a refund that nothing shows. */
export function settledAs(
  state: IntentState,
  owned: OwnedJob,
  { code }: Ending,
  facts: { readonly at: number; readonly cost: Cost; readonly isRefundDue: boolean },
): Settled {
  const { job } = owned;
  const billed = failedBilled(state, owned, code);
  const cost: Cost = billed === 'yes' ? facts.cost : { source: 'unknown' };
  const refund = billed === 'no' && facts.isRefundDue ? { refund: 'pending' as const } : {};
  return { type: 'settled', at: facts.at, outcome: 'failed', billed, cost, urls: [], code, jobId: job.id, ...refund };
}

export const failedBilled = (state: IntentState, { attempt }: OwnedJob, code: Ending['code']): Billed =>
  code === 'result_expired' ? 'yes' : billedOf(state, attempt);

/** What was spent on everything that was tried, as far as this caller may say so. */
export function billedBy({ state, lost }: Known): Billed {
  const billed = billedOf(state);
  // Whoever holds the intent now may be spending.
  return billed === 'no' && lost ? 'unknown' : billed;
}

/** What the caller is told was spent when a call ends like this. */
export function billedAtEnd(known: Known, ending: Ending): Billed {
  const billed = billedBy(known);
  return ending.billed && billed === 'yes' ? ending.billed : billed;
}

/** Whether an intent that ends without a picture is closed: all that was spent is known, and nothing can still come. */
export const closesAtEnd = (
  { billed, resumable }: { readonly billed: Billed; readonly resumable: boolean },
  lost: boolean,
  isUndoing: boolean,
): boolean => billed !== 'unknown' && !resumable && !lost && !isUndoing;
