import type { Accounts } from './accounts.ts';
import type { Interrupted } from './interrupt.ts';
import { type Io, note, printJson } from './io.ts';
import { describeOpenJobs, type OpenJobs } from './open-jobs.ts';

interface Left {
  readonly open: OpenJobs;
  readonly accounts: Accounts;
  readonly json: boolean;
}

/** Says what an interruption leaves behind at the hosts, and how to get it. Returns the exit code. */
export function reportInterruption(io: Io, { exitCode }: Interrupted, { open, accounts, json }: Left): number {
  for (const line of describe(open, accounts)) note(io, line);
  const jobs = open.jobs().map(({ job }) => job);
  const unanswered = open.unanswered();
  const billed = jobs.length > 0 ? 'yes' : unanswered.length > 0 ? 'unknown' : 'no';
  const message = 'The command was interrupted';
  if (json) printJson(io, { error: { code: 'interrupted', message, billed, jobs, unanswered } });
  return exitCode;
}

function describe(open: OpenJobs, accounts: Accounts): string[] {
  const jobs = open.jobs();
  const unanswered = open.unanswered();
  if (accounts.emulated) return ['Interrupted. The emulator ended with this command; nothing was charged.'];
  if (jobs.length + unanswered.length === 0) return ['Interrupted; nothing was charged.'];
  return [
    'Interrupted.',
    ...describeOpenJobs(jobs, accounts),
    ...unanswered.map(
      (host) =>
        `A request was on its way to ${host}; it may have been accepted and charged. Look at the host's job list.`,
    ),
    'Asking again would pay again.',
  ];
}
