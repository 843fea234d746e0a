import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Billed } from '../contract/result.ts';
import type { ErrorCode } from '../errors/error-traits.ts';
import type { LedgerEvent, Proof } from './facts.ts';

export type Of<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { type: Type }>;
export type Sending = Of<'sending'>;
export type Settled = Of<'settled'>;

/** Why an attempt went no further. `detail` is for the error that the caller sees; no decision reads it. */
export interface Ending {
  readonly code: ErrorCode;
  /** The same request may be sent again: it was surely not accepted. */
  readonly repeatable?: boolean;
  /** An open send that must not be repeated even under its key. */
  readonly final?: boolean;
  /** Another host would hide a problem that somebody must see. */
  readonly nowhere?: boolean;
  /** Nothing was sent to the model. */
  readonly early?: boolean;
  /** But for a job id in it, the answer was a refusal. */
  readonly refused?: boolean;
  /** Milliseconds the host asked to wait. */
  readonly retryAfter?: number | undefined;
  /** What it means for the money, where the log cannot know: a job that may never have been. */
  readonly billed?: Billed;
  readonly detail?: unknown;
}

/** What one process learned and need not survive it, besides the durable events. */
export type Fact =
  | (Of<'rejected'> & { readonly ending?: Ending })
  | (Of<'unsent'> & { readonly ending?: Ending })
  | Exclude<LedgerEvent, { type: 'rejected' | 'unsent' }>
  /** The model at this place of the route is asked now; `because`: why the one before was not enough. */
  | { readonly type: 'asking'; readonly model: number; readonly because?: Ending | undefined }
  /** A model was not asked after all: nothing was sent to it. */
  | { readonly type: 'declined'; readonly ending: Ending }
  /** A job that was settled as failed is looked at once more: its refund has not been seen, and it may have been reversed. */
  | { readonly type: 'reopened'; readonly jobId: string }
  /** An intent is taken up again: what this process tried before says nothing any more. */
  | { readonly type: 'resumed'; readonly model: number }
  /** No answer that settles the send. `salvaged`: a job id found in it, to be looked up. */
  | {
      readonly type: 'unanswered';
      readonly send: string;
      readonly ending: Ending;
      readonly salvaged?: string | undefined;
    }
  /** The id found in an answer that was no success led to no job. */
  | { readonly type: 'looked_up' }
  /** An answer about a job; without a snapshot it said nothing, with an ending nothing more will come. */
  | {
      readonly type: 'answered';
      readonly jobId: string;
      readonly snapshot?: JobSnapshot | undefined;
      readonly ending?: Ending | undefined;
      /** Milliseconds the host asked to wait before the next poll. */
      readonly retryAfter?: number | undefined;
    };

/** One submit, from the moment it was written down. Without an `end` nobody knows what became of it. */
export interface SendState {
  readonly token: string;
  readonly fact: Sending;
  /** `counted`: a job was adopted for it that cannot be proved to be its own. */
  readonly end: 'refused' | 'unsent' | 'answered' | 'counted' | undefined;
  /** A person says that the host never accepted it. It may still be. */
  readonly absent?: boolean;
}

/** One job that this intent owns. */
export interface OwnedJob {
  readonly job: Job;
  readonly attempt: number;
  readonly proof: Proof;
  /** What the last poll of this process said. */
  readonly snapshot: JobSnapshot | undefined;
  /** Polls in a row that found it failed: one is not believed. */
  readonly failures: number;
  readonly settled: Settled | undefined;
  /** The caller has its picture. */
  readonly delivered: boolean;
}

/** Where an intent stands. Everything that is told about it is read off this. */
export interface IntentState {
  /** Events of the ledger among the facts. */
  readonly length: number;
  /** The place in the route that is asked now. */
  readonly model: number;
  /** Attempts begun so far: one for each model asked, or for each time it was asked anew. */
  readonly attempts: number;
  readonly sends: readonly SendState[];
  readonly jobs: readonly OwnedJob[];
  /** How the current attempt ended, where it did not end in a job that goes on. */
  readonly end: Ending | undefined;
  readonly salvaged: string | undefined;
  /** Why the first model that could have done it did not, for the error that the last one leaves. */
  readonly first: Ending | undefined;
  /** Of the current attempt in this process: sends after the first, searches in vain, polls that failed in a row, polls that found it done and empty. */
  readonly repeats: number;
  readonly searches: number;
  readonly misses: number;
  readonly empty: number;
  readonly retryAfter: number;
  /** The open send of the current attempt was given up on by itself, with jobs that could be its. */
  readonly parked: readonly Job[] | undefined;
  /** The caller has what there is. */
  readonly done: boolean;
}

const none: readonly never[] = [];
/** Every member is there from the start: states are copied often, and copies of one shape cost least. */
export const fresh: IntentState = {
  length: 0,
  model: 0,
  attempts: 0,
  sends: none,
  jobs: none,
  end: undefined,
  salvaged: undefined,
  first: undefined,
  repeats: 0,
  searches: 0,
  misses: 0,
  empty: 0,
  retryAfter: 0,
  parked: undefined,
  done: false,
};

const isOpenSend = (send: SendState): boolean => send.end === undefined;

/** Open sends that nobody has declared absent, of one attempt or of all. */
export const inDoubt = (state: IntentState, attempt?: number): readonly SendState[] =>
  state.sends.filter(
    (send) => isOpenSend(send) && !send.absent && (attempt ?? send.fact.attempt) === send.fact.attempt,
  );

/** A failure counts from the second poll that shows it, or once it was settled. */
export const hasFailed = ({ failures, settled }: OwnedJob): boolean =>
  settled?.outcome === 'failed' || (failures > 1 && settled === undefined);

/** The job that can still bring a picture, else one that has, else the last one. */
export const currentJob = ({ jobs }: IntentState): OwnedJob | undefined =>
  jobs.find((job) => !hasFailed(job) && !job.delivered) ?? jobs.find((job) => !hasFailed(job)) ?? jobs.at(-1);

const billedByRefund = { done: 'no', pending: 'no', none: 'yes', unknown: 'unknown' } as const;

const billedOfJob = (job: OwnedJob): Billed => {
  if (!hasFailed(job)) return 'yes';
  return job.settled?.billed ?? billedByRefund[job.snapshot?.refund ?? 'unknown'];
};

/** The one place that says what was spent: on all of an intent, or on one attempt of it. */
export function billedOf(state: IntentState, attempt?: number): Billed {
  const isIn = (each: number): boolean => attempt === undefined || each === attempt;
  const jobs = state.jobs.filter((job) => isIn(job.attempt)).map(billedOfJob);
  if (jobs.includes('yes')) return 'yes';
  const open = state.sends.some((send) => isOpenSend(send) && isIn(send.fact.attempt));
  return open || jobs.includes('unknown') ? 'unknown' : 'no';
}

/** `closed`: ended with no picture and no charge; the request may be retried. */
export type Phase = 'new' | 'sending' | 'accepted' | 'unknown' | 'settled' | 'delivered' | 'closed';

export function phaseOf(state: IntentState): Phase {
  const job = currentJob(state);
  const isOver = !job || (hasFailed(job) && billedOfJob(job) === 'no');
  // A submit in doubt is never closed.
  if (state.done && !(isOver && inDoubt(state).length > 0)) return isOver ? 'closed' : 'delivered';
  if (job && !hasFailed(job)) return job.settled ? 'settled' : 'accepted';
  if (inDoubt(state, state.attempts).length > 0) return state.parked ? 'unknown' : 'sending';
  if (job) return 'settled';
  return state.sends.some(({ absent }) => absent) ? 'closed' : 'new';
}

/** A refund that the host documents and has not shown yet: until then the job may still turn out completed. */
export const awaitsRefund = (state: IntentState): readonly OwnedJob[] =>
  state.jobs.filter(({ settled }) => settled?.refund === 'pending');
