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
}

export function toCharge(job: Job, { refundDelay }: Settings): Charge {
  const { host, id, model, price, createdAt } = job;
  return { host, jobId: id, model, ...price, refunded: isRefunded(job, refundDelay), at: createdAt };
}

export function toRecord(job: Job): JobRecord {
  const { host, id, model, input, createdAt, idempotencyKey, webhook } = job;
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
  };
}
