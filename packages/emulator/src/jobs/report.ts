import { apiframeStatus } from '../apiframe/status.ts';
import type { Host, Settings } from '../options.ts';
import { wavespeedStatus } from '../wavespeed/status.ts';
import type { Job, Price } from './job.ts';
import { outputUrls } from './outputs.ts';
import { completedAt, isFinished, isRefunded } from './progress.ts';

/** What one accepted job cost. */
export interface Charge extends Price {
  readonly host: Host;
  readonly jobId: string;
  readonly model: string;
  readonly refunded: boolean;
  readonly at: number;
  /** Paid for somebody else who has the same key. */
  readonly foreign?: true;
}

/** A job as the host's own books show it. */
export interface JobRecord {
  readonly host: Host;
  readonly id: string;
  readonly model: string;
  /** In the words of the host. */
  readonly status: string;
  /** The request body as it was received. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly outputs: readonly string[];
  readonly createdAt: number;
  readonly completedAt?: number;
  readonly idempotencyKey?: string;
  readonly webhook?: string;
  /** Somebody else who has the same key asked for it. */
  readonly foreign?: true;
}

export function toCharge(job: Job, { refundDelay }: Settings): Charge {
  const { host, id, model, price, createdAt, foreign } = job;
  const refunded = isRefunded(job, refundDelay);
  return { host, jobId: id, model, ...price, refunded, at: createdAt, ...(foreign ? { foreign } : {}) };
}

export function toRecord(job: Job): JobRecord {
  const { host, id, model, input, createdAt, idempotencyKey, webhook, foreign } = job;
  return {
    host,
    id,
    model,
    status: host === 'wavespeed' ? wavespeedStatus(job) : apiframeStatus(job),
    input,
    outputs: outputUrls(job),
    createdAt,
    ...(isFinished(job) ? { completedAt: completedAt(job) } : {}),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(webhook === undefined ? {} : { webhook }),
    ...(foreign ? { foreign } : {}),
  };
}
