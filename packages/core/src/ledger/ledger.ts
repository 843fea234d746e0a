import type { HttpRequest } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { ImageRequest } from '../contract/request.ts';
import type { Billed, Cost } from '../contract/result.ts';
import type { ErrorCode } from '../errors/error-traits.ts';
import { shorten } from './wish.ts';

/** A model by name, as a ledger keeps it. */
export interface Target {
  readonly provider: string;
  readonly modelId: string;
}

/** A model of an intent's route, with what shall differ there. */
export interface Stop extends Target {
  readonly overrides?: Partial<ImageRequest>;
}

/** The wish for one picture, which must be paid once. Plain data without credentials. */
export interface Intent {
  readonly id: string;
  /** Epoch milliseconds, like every `at` below. */
  readonly createdAt: number;
  readonly request: ImageRequest;
  readonly route: readonly Stop[];
}

export type LedgerEvent =
  /** Durable before the first byte leaves: from here on a crash means "perhaps paid". */
  | {
      readonly type: 'sending';
      readonly at: number;
      readonly attempt: number;
      readonly target: Stop;
      readonly request: HttpRequest;
      readonly key?: string;
      /** Drawn for the caller, to recognise the job. */
      readonly seed?: number;
    }
  | { readonly type: 'accepted'; readonly at: number; readonly job: Job }
  | { readonly type: 'rejected'; readonly at: number; readonly code: ErrorCode }
  | { readonly type: 'unknown'; readonly at: number; readonly candidates: readonly Job[] }
  | {
      readonly type: 'settled';
      readonly at: number;
      readonly outcome: 'completed' | 'failed';
      readonly billed: Billed;
      readonly cost: Cost;
      /** Where the pictures were, until the host removes them. */
      readonly urls: readonly string[];
      readonly code?: ErrorCode;
    }
  /** The caller has the picture, or knows that there is none. */
  | { readonly type: 'delivered'; readonly at: number }
  /** Somebody has looked at the host and knows what became of the parked attempts. */
  | { readonly type: 'resolved'; readonly at: number };

/** What a ledger knows of one intent. */
export interface LedgerRecord {
  readonly intent: Intent;
  readonly events: readonly LedgerEvent[];
}

/**
 * Where intents and paid jobs are written before and after money moves. If a method rejects, nothing is sent.
 * `testLedger` in `@imageport/core/testing` is the suite that an implementation must pass.
 */
export interface Ledger {
  readonly durability: 'none' | 'disk' | 'replicated';
  /** Creates the intent if there is none of this id; durable when it resolves. */
  begin(intent: Intent): Promise<{ readonly created: boolean; readonly record: LedgerRecord }>;
  /** Takes the intent for `lease` milliseconds, or null while somebody else has it. A lease of 0 gives it back. */
  claim(intentId: string, owner: string, lease: number): Promise<{ readonly fence: number } | null>;
  /** Durable when it resolves; a fence older than the newest claim is refused. */
  append(intentId: string, fence: number, event: LedgerEvent): Promise<void>;
  /** Every intent that is not delivered, parked ones included. */
  open(): AsyncIterable<LedgerRecord>;
}

/** Where an intent stands: what a crash at this point means. */
export interface Standing {
  /** `closed`: delivered without a picture and without cost, so that the wish may be tried anew. */
  readonly phase: 'new' | 'sending' | 'accepted' | 'unknown' | 'settled' | 'delivered' | 'closed';
  /** Attempts begun so far. */
  readonly attempts: number;
  readonly sending?: Extract<LedgerEvent, { type: 'sending' }>;
  readonly job?: Job;
  readonly settled?: Extract<LedgerEvent, { type: 'settled' }>;
  /** Earlier attempts of which nobody knows whether they were accepted, left behind by `onAmbiguous: 'proceed'`. */
  readonly parked: readonly Extract<LedgerEvent, { type: 'sending' }>[];
}

/** Something is left to do or to find out. */
export function isOpen(record: LedgerRecord): boolean {
  const { phase, parked } = foldRecord(record);
  return parked.length > 0 || (phase !== 'delivered' && phase !== 'closed');
}

/** Reads where an intent stands from its events. Pure; the same for every ledger. */
export function foldRecord({ events }: LedgerRecord): Standing {
  let standing: Standing = { phase: 'new', attempts: 0, parked: [] };
  for (const event of events) standing = advance(standing, event);
  return standing;
}

function advance(standing: Standing, event: LedgerEvent): Standing {
  const { attempts, parked, job, settled } = standing;
  // Nothing that comes later makes a paid job unpaid.
  const paid = job !== undefined && settled?.billed !== 'no';
  if (paid && (event.type === 'sending' || event.type === 'rejected' || event.type === 'unknown')) return standing;
  switch (event.type) {
    case 'sending':
      return { phase: 'sending', attempts: event.attempt, sending: event, parked: leaveBehind(standing) };
    case 'accepted':
      return { ...withoutEnd(standing), phase: 'accepted', job: event.job };
    case 'rejected':
      return { phase: 'new', attempts, parked };
    case 'unknown':
      return { ...standing, phase: 'unknown' };
    case 'settled':
      return { ...standing, phase: 'settled', settled: event };
    case 'delivered':
      return { ...standing, phase: settled?.billed === 'no' || standing.phase === 'new' ? 'closed' : 'delivered' };
    case 'resolved':
      return { ...standing, parked: [] };
  }
}

/** A new attempt after an unknown one leaves the question open. */
const leaveBehind = ({ phase, sending, parked }: Standing): Standing['parked'] =>
  phase === 'unknown' && sending ? [...parked, sending] : parked;

/** What must be kept of an intent that is done: enough to recognise it and to find its picture, no picture data. */
export function closeRecord(record: LedgerRecord): LedgerRecord {
  const { intent, events } = record;
  // Closed without a picture, the wish may be tried anew: then all of it is needed.
  if (foldRecord(record).phase !== 'delivered') return record;
  const { request } = intent;
  const slim = { ...intent, route: intent.route.map(withoutPictures), request: slimmed(request) };
  return {
    intent: slim,
    events: events.map((event) =>
      event.type === 'sending'
        ? { ...event, target: withoutPictures(event.target), request: { ...event.request, body: {} } }
        : event,
    ),
  };
}

const withoutPictures = ({ overrides, ...target }: Stop): Stop =>
  overrides ? { ...target, overrides: slimmed(overrides) } : target;

const slimmed = <Wish extends Partial<ImageRequest>>(wish: Wish): Wish =>
  wish.images ? { ...wish, images: wish.images.map(shorten) } : wish;

/** A job that was accepted after an earlier one ended has not ended itself. */
function withoutEnd({ settled: _, ...standing }: Standing): Standing {
  return standing;
}
