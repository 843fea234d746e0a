import type { HttpRequest, JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Attempt } from '../contract/result.ts';
import type { Intent, LedgerEvent } from '../ledger/ledger.ts';
import type { Host } from '../provider/host.ts';
import type { RouteModel } from '../provider/provider.ts';
import type { Prepared } from '../request/resolve.ts';
import type { Pace, Schedule } from '../schedule/schedule.ts';
import type { Deadline } from '../time/deadline.ts';
import type { Budget } from './budget.ts';
import type { Emit } from './events.ts';
import type { WebhookInbox } from './inbox.ts';

/** What the caller decided about this call. */
export interface Policy {
  /** After a submit of which nobody knows whether it was accepted: stop, or go on and perhaps pay twice. */
  readonly onAmbiguous: 'reconcile' | 'proceed';
  readonly schedule?: Schedule | undefined;
  readonly pace: Pace;
}

/** One picture on its way: everything that is shared by its attempts. */
export interface Run {
  readonly intent: Intent;
  /** Which of the `n` pictures, from 0. */
  readonly picture: number;
  readonly deadline: Deadline;
  readonly policy: Policy;
  readonly emit: Emit;
  /** Writes down what happened, durably; rejects if the ledger cannot. */
  readonly record: (event: LedgerEvent) => Promise<void>;
  /** What was tried so far, in order. */
  readonly attempts: Attempt[];
  /** What the caller should know although nothing failed. */
  readonly warnings: string[];
  /** Only one model of the route is asked here; whoever started this decides about the others. */
  readonly alone: () => boolean;
  /** Shared by the pictures of a call. */
  readonly budget: Budget;
  readonly webhooks: WebhookInbox | undefined;
}

/** A job that is being watched, or will be. */
export interface Watch {
  readonly run: Run;
  readonly model: RouteModel;
  readonly host: Host;
  readonly state: WatchState;
}

/** What changes on the way; read when the way is cut short, to say truthfully what was spent. */
export interface WatchState {
  submits: number;
  /** A send that may have been accepted is not settled yet. */
  doubt: boolean;
  job?: Job;
  last?: JobSnapshot;
  /** A job id found in an answer that did not arrive whole. */
  salvaged?: string;
  /** Milliseconds into the call when the job was accepted. */
  acceptedAfter?: number;
}

/** One attempt at one model: what is sent, word for word. */
export interface Submission extends Watch {
  readonly prepared: Prepared;
  readonly request: HttpRequest;
  readonly attempt: number;
  /** The idempotency key, where the host honours one. */
  readonly key?: string;
  /** What an submission that is taken up again must know besides the request. */
  readonly remembered: { readonly key?: string; readonly seed?: number };
  /** Another model of the route is left, so a refusal goes there at once instead of waiting here. */
  readonly hasNext: boolean;
  /** Epoch milliseconds of the first send, which may lie before a crash. */
  readonly since: number;
}
