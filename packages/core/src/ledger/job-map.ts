import type { Job } from '../contract/job.ts';
import { forgetOldest } from './forget-oldest.ts';

type JobName = Pick<Job, 'provider' | 'id'>;

/** Values by job; of each host the newest are kept. */
export interface JobMap<Value> {
  get(job: JobName): Value | undefined;
  set(job: JobName, value: Value): void;
}

/** `most` values of a host at least. The key is the id itself, so that a job that waits weighs no text of its own here. */
export function createJobMap<Value>(most: number): JobMap<Value> {
  const hosts = new Map<string, Map<string, Value>>();
  return {
    get: ({ provider, id }) => hosts.get(provider)?.get(id),
    set({ provider, id }, value) {
      const jobs = hosts.get(provider) ?? new Map<string, Value>();
      hosts.set(provider, jobs);
      jobs.delete(id);
      jobs.set(id, value);
      forgetOldest(jobs, most);
    },
  };
}
