import type { Job } from '../jobs/job.ts';
import { outputName, outputUrls } from '../jobs/outputs.ts';
import { completedAt, isExpired, isFinished, phaseOf, progressOf } from '../jobs/progress.ts';
import type { World } from '../world.ts';
import { apiframeStatus } from './status.ts';

const failures = {
  moderated: 'Provider returned an error: content policy violation',
  denied: 'Provider returned an error: Image denied by the image filters (NSFW)',
  failed: 'Provider returned an error: the model could not generate a picture',
};

/** A job as GET /v2/jobs lists it; GET /v2/jobs/{id} adds the input. */
export function toView({ settings }: World, job: Job, origin = job.origin) {
  return {
    id: job.id,
    status: apiframeStatus(job),
    model: job.model,
    progress: progressOf(job),
    result: resultOf(job, origin),
    error: errorOf(job),
    creditCost: givesBack(job) ? 0 : job.price.amount,
    webhookStatus: job.webhookStatus,
    createdAt: new Date(job.createdAt).toISOString(),
    completedAt: isFinished(job) ? new Date(completedAt(job)).toISOString() : null,
    expired: isExpired(job, settings.retention.apiframe),
  };
}

/** A job that only seems to have failed says first that it cost nothing. */
const givesBack = (job: Job): boolean =>
  (job.refunds && isFinished(job)) || (job.ending === 'revived' && phaseOf(job) === 'failed');

export function resultOf(job: Job, origin: string) {
  if (phaseOf(job) !== 'completed') return null;
  const grid = job.pictures.grid ? { gridUrl: `${origin}/outputs/${outputName(job, 'grid')}` } : {};
  return { images: outputUrls(job, origin), ...grid };
}

export function errorOf(job: Job): string | null {
  const phase = phaseOf(job);
  if (phase === 'cancelled') return job.error ?? 'Cancelled';
  if (phase !== 'failed') return null;
  return job.error ?? failures[job.ending === 'moderated' || job.ending === 'denied' ? job.ending : 'failed'];
}
