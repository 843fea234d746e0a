import type { JobFault } from '../faults/fault.ts';
import type { Host } from '../options.ts';
import type { PictureRequest } from '../picture/request.ts';

export type Ending =
  | 'completed'
  | 'nsfw'
  | 'empty'
  | 'expired'
  | 'failed'
  | 'moderated'
  | 'denied'
  | 'cancelled'
  | 'deleted'
  | 'revived'
  | 'never';

export interface Price {
  readonly amount: number;
  readonly currency: 'USD' | 'credit';
}

/** What a host knows of a job when it accepts one. */
export interface JobRequest {
  readonly host: Host;
  readonly id: string;
  readonly model: string;
  /** The request body as it was received. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly apiKey: string;
  readonly origin: string;
  readonly price: Price;
  readonly pictures: PictureRequest;
  readonly base64?: boolean;
  readonly idempotencyKey?: string;
  readonly webhook?: string;
  /** Somebody else who has the same key asked for it. */
  readonly foreign?: true;
}

export interface Job extends JobRequest {
  /** The host's wall-clock time, for the answers. */
  readonly createdAt: number;
  /** Monotonic time, for the progress: a jump of the clock does not age a job. */
  readonly born: number;
  readonly duration: number;
  readonly ending: Ending;
  readonly refunds: boolean;
  readonly error?: string;
  deleted: boolean;
  /** Somebody was told that it failed, which is what a revived job waits for. */
  toldFailed: boolean;
  webhookStatus: 'pending' | 'delivered' | 'failed' | null;
}

/** How a job goes that was submitted under a fault. */
export function destiny(host: Host, fault: JobFault | undefined): Pick<Job, 'ending' | 'refunds'> {
  if (fault === undefined || fault === 'completed-at-once') return { ending: 'completed', refunds: false };
  if (fault === 'fail') return { ending: 'failed', refunds: true };
  if (fault === 'fail-unrefunded') return { ending: 'failed', refunds: false };
  if (fault === 'failed-then-completed') return { ending: 'revived', refunds: false };
  if (fault === 'cancelled-unrefunded') return { ending: 'cancelled', refunds: false };
  // Apiframe has no flag for it: its filters deny the picture.
  if (fault === 'nsfw' && host === 'apiframe') return { ending: 'denied', refunds: true };
  return { ending: fault, refunds: fault === 'moderated' || fault === 'cancelled' };
}
