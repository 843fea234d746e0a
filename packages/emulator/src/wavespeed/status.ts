import type { Job } from '../jobs/job.ts';
import { phaseOf } from '../jobs/progress.ts';

const words = {
  queued: 'created',
  processing: 'processing',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;

export const wavespeedStatus = (job: Job): string => (job.deleted ? 'deleted' : words[phaseOf(job)]);
