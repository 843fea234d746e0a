import type { ErrorCode } from '../errors/error-traits.ts';
import type { Job } from './job.ts';

/** Money with its provenance: `reported` by the host for a job, `quoted` by it for a request, `listed` in its price list. Unknown is never 0. */
export type Cost =
  | {
      readonly amount: number;
      readonly currency: 'USD' | 'credit';
      readonly source: 'reported' | 'listed' | 'quoted';
      /** The day of the price list, as YYYY-MM-DD. */
      readonly asOf?: string;
    }
  | { readonly source: 'unknown'; readonly amount?: never; readonly currency?: never };

export type Billed = 'no' | 'yes' | 'unknown';

/** One thing that was tried for one picture, with what came of it. */
export interface Attempt {
  readonly provider: string;
  readonly modelId: string;
  readonly outcome: 'completed' | 'refused' | 'failed' | 'unknown' | 'timeout' | 'aborted';
  readonly billed: Billed;
  readonly cost: Cost;
  /** The code of the error that ended it, unless it completed. */
  readonly code?: ErrorCode;
  /** Why the route went on or ended here. */
  readonly reason?: string;
  readonly job?: Job;
  /** The host gives the money of a failed job back by itself, but it is not visible yet. */
  readonly refund?: 'pending';
  /** How often the host was asked to make the picture: more than 1 only for refusals and keyed repeats. */
  readonly submits: number;
  /** Milliseconds. */
  readonly duration: number;
}
