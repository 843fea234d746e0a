import type { Job } from '../contract/job.ts';
import { forgetOldest } from '../ledger/forget-oldest.ts';

/** Jobs of which it is kept where they are; the oldest go first. */
const mostKept = 10_000;
const places = new Map<string, string>();

const keyOf = ({ provider, id }: Pick<Job, 'provider' | 'id'>): string => `${provider}:${id}`;

/** Remembers where a job was accepted that an account of this process has to do with. */
export function notePlace(job: Job): void {
  if (job.origin === undefined) return;
  const key = keyOf(job);
  places.delete(key);
  places.set(key, job.origin);
  forgetOldest(places, mostKept);
}

/** Whether a job can be at an address: none of the accounts of this process knows it to be at another. */
export const mayBeThere = (job: Pick<Job, 'provider' | 'id'>, origin: string): boolean =>
  (places.get(keyOf(job)) ?? origin) === origin;
