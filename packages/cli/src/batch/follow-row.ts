import type { ImageEvent, Job } from '@imageport/core';

/** What this run has sent for one row, read from the events of its call. */
export interface RowTrack {
  onEvent(event: ImageEvent): void;
  /** Jobs that a host has accepted in this run and is not known to have given back. */
  accepted(): readonly Job[];
  /** None of its pictures is under way: nothing was sent, what was has come to an end, or the host wants none now. */
  isIdle(): boolean;
  /** Whether this run has sent a submit. */
  hasSubmitted(): boolean;
  /** How many of its pictures wait for the answer to a submit. */
  unanswered(): number;
  /** Which of the row's pictures a job makes, from 0. */
  pictureOf(job: Job): number;
}

export function followRow(): RowTrack {
  const sent = new Set<number>();
  const busy = new Set<number>();
  const submitted = new Set<number>();
  const jobs = new Map<number, Job>();
  const numbers = new Map<string, number>();
  return {
    onEvent(event) {
      const { type, picture } = event;
      if ('job' in event && event.job) numbers.set(event.job.id, picture);
      if (type === 'settled' || isRefused(event)) busy.delete(picture);
      else if (type !== 'queued' && type !== 'warning') busy.add(picture);
      if (type === 'submitting') sent.add(picture);
      else sent.delete(picture);
      if (type === 'submitting') submitted.add(picture);
      // What an earlier run has submitted is found without a submit of this one.
      if (type === 'accepted' && submitted.has(picture)) jobs.set(picture, event.job);
      if (type === 'fallback' || (type === 'settled' && event.billed === 'no')) jobs.delete(picture);
    },
    accepted: () => [...jobs.values()],
    isIdle: () => busy.size === 0,
    hasSubmitted: () => submitted.size > 0,
    unanswered: () => sent.size,
    pictureOf: ({ id }) => numbers.get(id) ?? 0,
  };
}

/** The submit was not accepted, and is sent again later. */
const isRefused = (event: ImageEvent): boolean => event.type === 'retrying' && event.code === 'rate_limited';
