import type { Job } from './job.ts';

export type Phase = 'queued' | 'processing' | 'completed' | 'failed' | 'cancelled';

const queuedShare = 0.2;

export const age = (job: Job): number => performance.now() - job.born;

/** Where a job stands now. Nothing runs for a job: its state follows from its age. */
export function phaseOf(job: Job): Phase {
  const elapsed = age(job);
  if (elapsed < job.duration * queuedShare) return 'queued';
  if (elapsed < job.duration || job.ending === 'never') return 'processing';
  if (['failed', 'moderated', 'denied'].includes(job.ending)) return 'failed';
  if (job.ending === 'revived') return job.toldFailed ? 'completed' : 'failed';
  return job.ending === 'cancelled' || job.ending === 'deleted' ? 'cancelled' : 'completed';
}

export const isFinished = (job: Job): boolean => job.ending !== 'never' && age(job) >= job.duration;

/** Removed by somebody at the host, by its own endpoint or under a fault. */
export const isDeleted = (job: Job): boolean => job.deleted || (job.ending === 'deleted' && isFinished(job));

/** Notes that a look has reported the job as it stands now. */
export function wasTold(job: Job): void {
  if (phaseOf(job) === 'failed') job.toldFailed = true;
}

/** 0 to 99 while the job runs, 100 once it is completed. */
export function progressOf(job: Job): number {
  if (phaseOf(job) === 'completed') return 100;
  const done = Math.floor((100 * age(job)) / Math.max(job.duration, 1));
  return phaseOf(job) === 'processing' ? Math.min(99, done) : 0;
}

export const completedAt = (job: Job): number => job.createdAt + job.duration;

export const outputCount = (job: Job): number => (job.ending === 'empty' ? 0 : job.pictures.count);

/** Whether the files of a completed job are gone. */
export function isExpired(job: Job, retention: number): boolean {
  return phaseOf(job) === 'completed' && (job.ending === 'expired' || age(job) > job.duration + retention);
}

export function isRefunded(job: Job, refundDelay: number): boolean {
  return job.refunds && age(job) >= job.duration + refundDelay;
}
