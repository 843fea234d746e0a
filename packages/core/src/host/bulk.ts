import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Host } from './host.ts';

/** Polls many jobs of one account with one request. */
export interface BulkPoller {
  /**
   * Takes over the wait for the next poll of a job, due at `at` (monotonic milliseconds), or refuses with `undefined`:
   * then the job is polled by itself. `found` is called once and never before `add` has returned; without a snapshot
   * the job must be polled by itself at once. Returns how to stop waiting.
   */
  add(job: Job, at: number, found: (snapshot: JobSnapshot | undefined) => void): (() => void) | undefined;
}

/** A value that a provider is given; called once for the account. */
export interface BulkPoll {
  (host: Pick<Host, 'adapter' | 'ask' | 'clockOffset' | 'scheduler'>): BulkPoller;
  /** Tells the value from the function that makes it. */
  readonly '~bulkPoll': true;
}
