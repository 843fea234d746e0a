import type { Job } from '../jobs/job.ts';
import { isDeleted, phaseOf } from '../jobs/progress.ts';

const words = {
  queued: 'created',
  processing: 'processing',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;

export const wavespeedStatus = (job: Job): string => (isDeleted(job) ? 'deleted' : words[phaseOf(job)]);
