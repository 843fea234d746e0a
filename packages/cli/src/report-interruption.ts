import type { Accounts } from './accounts.ts';
import { describeOpenJobs, type OpenJob } from './open-jobs.ts';
import { quote } from './words.ts';

interface Interruption {
  readonly jobs: readonly OpenJob[];
  /** Hosts to which something was sent without an answer. */
  readonly unanswered: readonly string[];
  readonly accounts: Accounts;
  readonly intentId: string | undefined;
  readonly resume: string;
  /** The request has an id that the user gave. */
  readonly isNamed: boolean;
}

/** What an interruption leaves behind at the hosts, and how to get it. */
export function describeInterruption({
  jobs,
  unanswered,
  accounts,
  resume,
  intentId,
  isNamed,
}: Interruption): string[] {
  if (accounts.emulated) return ['Interrupted. The emulator ended with this command; nothing was charged.'];
  if (jobs.length + unanswered.length === 0) return ['Interrupted; nothing was charged.'];
  return [
    'Interrupted.',
    ...describeOpenJobs(jobs, accounts, resume),
    ...unanswered.map(
      (host) =>
        `A request was on its way to ${host}; it may have been accepted and charged. ${resume} finds out, imageport jobs says more.`,
    ),
    isNamed
      ? `Asking again with --intent ${quote(intentId ?? '')} goes on with it and pays nothing more.`
      : 'Asking again would pay again.',
  ];
}

export function toJsonInterruption({ jobs, unanswered, intentId, accounts }: Interruption): object {
  const billed = accounts.emulated ? 'no' : jobs.length > 0 ? 'yes' : unanswered.length > 0 ? 'unknown' : 'no';
  const message = 'The command was interrupted';
  return { code: 'interrupted', message, billed, intentId, jobs: jobs.map(({ job }) => job), unanswered };
}
