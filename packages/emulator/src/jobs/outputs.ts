import { extensionOf } from '../picture/request.ts';
import type { Job } from './job.ts';
import { outputCount, phaseOf } from './progress.ts';

/** The name of the n-th file of a job, counted from 1. */
export function outputName(job: Job, nth: number | 'grid'): string {
  return `${job.id}-${nth}.${extensionOf(job.pictures.format)}`;
}

/** The addresses of the finished files as seen from an origin. */
export function outputUrls(job: Job, origin = job.origin): string[] {
  if (phaseOf(job) !== 'completed') return [];
  return Array.from({ length: outputCount(job) }, (_, index) => `${origin}/outputs/${outputName(job, index + 1)}`);
}
