import type { Job } from '../jobs/job.ts';
import { type Phase, phaseOf } from '../jobs/progress.ts';

export const apiframeStatus = (job: Job): Uppercase<Phase> => phaseOf(job).toUpperCase() as Uppercase<Phase>;
