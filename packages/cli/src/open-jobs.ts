import { ImageError, type ImageEvent, type Job } from '@imageport/core';
import type { Accounts } from './accounts.ts';
import { quote } from './words.ts';

export interface OpenJob {
  readonly job: Job;
  /** The picture is made already. */
  readonly made: boolean;
}

/** What is under way at the hosts, read from the events, to say truthfully what an early end leaves behind. */
export interface OpenJobs {
  onEvent(event: ImageEvent): void;
  /** Paid, and not known to have ended without a picture. */
  jobs(): readonly OpenJob[];
  /** Hosts to which something was sent without an answer. */
  unanswered(): readonly string[];
  /** The call's id, once anything has happened. */
  intentId(): string | undefined;
  /** Which of the call's pictures a job makes, from 0. */
  pictureOf(job: Job): number;
}

type Picture = OpenJob | { readonly sentTo: string };

export function followJobs(): OpenJobs {
  const pictures = new Map<number, Picture>();
  const numbers = new Map<string, number>();
  let id: string | undefined;
  return {
    onEvent(event) {
      const { picture, intentId } = event;
      id ??= intentId.replace(/#\d+$/, '');
      if ('job' in event && event.job) numbers.set(event.job.id, picture);
      if (event.type === 'submitting') pictures.set(picture, { sentTo: event.provider });
      if (event.type === 'accepted' || event.type === 'polling') pictures.set(picture, { job: event.job, made: false });
      if (event.type === 'progress') pictures.set(picture, { job: event.job, made: event.state === 'completed' });
      if (event.type === 'fallback' || (event.type === 'settled' && isOver(event))) pictures.delete(picture);
    },
    jobs: () => [...pictures.values()].filter((each) => 'job' in each),
    intentId: () => id,
    pictureOf: ({ id }) => numbers.get(id) ?? 0,
    unanswered: () => [...new Set([...pictures.values()].flatMap((each) => ('sentTo' in each ? each.sentTo : [])))],
  };
}

/** The caller has the picture, or it can never be fetched. */
function isOver({ outcome, billed, code, job }: Extract<ImageEvent, { type: 'settled' }>): boolean {
  if (outcome === 'completed' || billed === 'no') return true;
  return (
    code !== undefined &&
    billed === 'yes' &&
    !new ImageError({ code, message: '', billed, stage: 'poll', job }).resumable
  );
}

/** How to poll a paid job without this program. The key stays where it is: in the environment. */
export function howToPoll(job: Job, { providers, addresses }: Accounts): string {
  const adapter = providers.find((each) => each.adapter.name === job.provider)?.adapter;
  if (!adapter) return `search for job ${job.id} at ${job.provider}`;
  const headers = Object.entries(adapter.authorize(`$${adapter.env.apiKey}`));
  const shown = headers.map(([name, value]) => `-H "${name}: ${value}"`).join(' ');
  return `curl ${shown} ${quote(`${addresses[job.provider] ?? adapter.baseUrl}${adapter.toPoll(job.id).path}`)}`;
}

/** The paid jobs, and how each picture can still be had. What an emulator has in its memory ends with the command. */
export function describeOpenJobs(jobs: readonly OpenJob[], accounts: Accounts, resume: string): string[] {
  if (accounts.emulated) return [];
  return jobs.flatMap(({ job, made }) => [
    `Job ${job.id} (${job.provider}:${job.modelId}) is paid and ${made ? 'finished' : `goes on at ${job.provider}`}. To fetch its picture:`,
    `  ${resume}`,
    'or, without imageport:',
    `  ${howToPoll(job, accounts)}`,
  ]);
}
