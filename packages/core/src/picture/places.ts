import type { Job } from '../contract/job.ts';
import { createJobMap } from '../ledger/job-map.ts';

/** Jobs of a host of which it is kept where they are; the oldest go first. */
const mostKept = 10_000;
const places = createJobMap<string>(mostKept);

/** Remembers where a job was accepted that an account of this process has to do with. */
export function notePlace(job: Job): void {
  if (job.origin !== undefined) places.set(job, job.origin);
}

/** Whether a job can be at an address: none of the accounts of this process knows it to be at another. */
export const mayBeThere = (job: Pick<Job, 'provider' | 'id'>, origin: string): boolean =>
  (places.get(job) ?? origin) === origin;
