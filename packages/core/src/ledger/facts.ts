import type { HttpRequest } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { ImageRequest } from '../contract/request.ts';
import type { Billed, Cost } from '../contract/result.ts';
import type { ErrorCode } from '../errors/error-traits.ts';

/** A model by name, as a ledger keeps it. */
export interface Target {
  readonly provider: string;
  readonly modelId: string;
  /** Which of several accounts at this host, counted in the order of the models; absent: the first. Since format 2. */
  readonly account?: number;
}

/** A model of an intent's route, with what differs there from the request. */
export interface RouteEntry extends Target {
  readonly overrides?: Partial<ImageRequest>;
}

/** The request for one picture, which must be paid once. Plain data without credentials. */
export interface Intent {
  readonly id: string;
  /** Epoch milliseconds, like every `at` below. */
  readonly createdAt: number;
  readonly request: ImageRequest;
  readonly route: readonly RouteEntry[];
}

/**
 * How a job is known to be this intent's. `answer`: the submit's own answer named it. `mark`: the host lists it with
 * what only this submit carried. `count`: as many unclaimed jobs as open submits of these words. `human`: by hand.
 */
export type Proof = 'answer' | 'mark' | 'count' | 'human';

/**
 * What happened to an intent, in order: the log from which everything else is read (`reduce`). A fact is durable
 * before it counts. Members marked "since format 2" are absent in files of the first version.
 */
export type LedgerEvent =
  /** Durable before the first byte leaves: from here on a crash means "perhaps paid". */
  | {
      readonly type: 'sending';
      readonly at: number;
      readonly attempt: number;
      readonly target: RouteEntry;
      readonly request: HttpRequest;
      readonly key?: string;
      /** Drawn for the caller, to recognise the job. */
      readonly seed?: number;
      /** Names this one send within the intent. Since format 2. */
      readonly send?: string;
      /** Host, model and body as one short text: equal for submits that a host's list cannot tell apart. Since format 2. */
      readonly words?: string;
      /** The body carries something that no other send carries. Since format 2. */
      readonly marked?: true;
      /** The base URL it goes to. Records of earlier versions hold its scheme, host and port alone, or nothing. */
      readonly origin?: string;
    }
  | {
      readonly type: 'accepted';
      readonly at: number;
      readonly job: Job;
      readonly send?: string;
      readonly proof?: Proof;
    }
  | { readonly type: 'rejected'; readonly at: number; readonly code: ErrorCode; readonly send?: string }
  /** The send surely did not leave this process. Since format 2. */
  | { readonly type: 'unsent'; readonly at: number; readonly send: string }
  /** The host was searched for the job of an open send, in vain. Since format 2. */
  | { readonly type: 'searched'; readonly at: number }
  /** The outcome of a send is unknown, and nothing more is done automatically. */
  | { readonly type: 'unknown'; readonly at: number; readonly candidates: readonly Job[] }
  /** The job was seen failed; only a second poll, later, makes it so. Since format 2. */
  | { readonly type: 'polled'; readonly at: number; readonly jobId: string; readonly state: 'failed' }
  | {
      readonly type: 'settled';
      readonly at: number;
      readonly outcome: 'completed' | 'failed';
      readonly billed: Billed;
      readonly cost: Cost;
      /** Where the pictures were, until the host removes them. */
      readonly urls: readonly string[];
      readonly code?: ErrorCode;
      /** Which job. Absent: the intent's latest. Since format 2. */
      readonly jobId?: string;
      /** The host documents that the money comes back, and nothing showed it yet. Since format 2. */
      readonly refund?: 'pending';
    }
  /** The caller has the picture, or knows that there is none. */
  | { readonly type: 'delivered'; readonly at: number }
  /** A person has checked the host and says that it never accepted the open sends. They stay on record. */
  | { readonly type: 'resolved'; readonly at: number };

/** What a ledger knows of one intent. */
export interface LedgerRecord {
  readonly intent: Intent;
  readonly events: readonly LedgerEvent[];
}
