import type { ImageEvent, Job } from '@imageport/core';

/** What this run has sent for one row, read from the events of its call. */
export interface RowTrack {
  onEvent(event: ImageEvent): void;
  /** Jobs that a host has accepted in this run and is not known to have given back. */
  accepted(): readonly Job[];
  /** How many of its pictures wait for the answer to a submit. */
  unanswered(): number;
  /** Which of the row's pictures a job makes, from 0. */
  pictureOf(job: Job): number;
}

export function followRow(): RowTrack {
  const sent = new Set<number>();
  const submitted = new Set<number>();
  const jobs = new Map<number, Job>();
  const numbers = new Map<string, number>();
  return {
    onEvent(event) {
      const { type, picture } = event;
      if ('job' in event && event.job) numbers.set(event.job.id, picture);
      if (type === 'submitting') sent.add(picture);
      else sent.delete(picture);
      if (type === 'submitting') submitted.add(picture);
      // What an earlier run has submitted is found without a submit of this one.
      if (type === 'accepted' && submitted.has(picture)) jobs.set(picture, event.job);
      if (type === 'fallback' || (type === 'settled' && event.billed === 'no')) jobs.delete(picture);
    },
    accepted: () => [...jobs.values()],
    unanswered: () => sent.size,
    pictureOf: ({ id }) => numbers.get(id) ?? 0,
  };
}
