import { errorTraits, type GeneratedImage, ImageError, redact } from '@imageport/core';
import type { Accounts } from './accounts.ts';
import { withEmulated } from './emulated.ts';
import { toFlags } from './flag-words.ts';
import { Interrupted } from './interrupt.ts';
import type { Io } from './io.ts';
import { describeOpenJobs, type OpenJob, type OpenJobs } from './open-jobs.ts';
import { printPaths, type Saved, toJsonImage } from './report.ts';
import { debug, describeError, reportFailure } from './report-error.ts';
import { describeInterruption, toJsonInterruption } from './report-interruption.ts';
import { printJson, warn } from './terminal/write.ts';

/** What a call had come to when it ended early. */
export interface Left {
  readonly saved: ReadonlyMap<GeneratedImage, Saved>;
  readonly open: OpenJobs;
  readonly accounts: Accounts;
  /** The command that finishes unfinished jobs. */
  readonly resume: string;
  readonly json: boolean;
  /** The request has an id that the user gave: asking again pays nothing. */
  readonly isNamed: boolean;
}

/** Reports how a call ended that lacks pictures, and which jobs are unfinished. Returns the exit code. */
export function reportEnd(io: Io, error: unknown, left: Left): number {
  if (!left.json) printPaths(io, left.saved);
  if (error instanceof Interrupted) return reportInterruption(io, error, left);
  if (!ImageError.is(error)) return reportFailure(io, error, left.json);
  return reportError(io, left.accounts.emulated ? error.with({ billed: 'no' }) : error, left);
}

function reportError(io: Io, error: ImageError, left: Left): number {
  const lost = lostOf(left);
  const lines = lost.length > 0 ? lost.flatMap((each) => describeLost(each, left)) : describeError(error);
  for (const line of [...lines, ...describeOpenJobs(openJobsOf(left), left.accounts, left.resume)]) warn(io, line);
  if (error.billed === 'unknown' && !left.accounts.emulated) warn(io, `${left.resume} searches for it again.`);
  debug(io, error);
  const reported = error.with({ intentId: error.intentId ?? left.open.intentId() });
  if (left.json) printEnd(io, reported.toJSON(), left);
  // Paid and finished, but not on this disk: the same code as for files that are gone.
  return (lost.length > 0 ? errorTraits.result_expired : errorTraits[error.code]).exit;
}

function reportInterruption(io: Io, { exitCode }: Interrupted, left: Left): number {
  const { open } = left;
  const state = { ...left, jobs: openJobsOf(left), unanswered: open.unanswered(), intentId: open.intentId() };
  for (const line of describeInterruption(state)) warn(io, line);
  if (left.json) printEnd(io, toJsonInterruption(state), left);
  return exitCode;
}

const printEnd = (io: Io, error: object, left: Left): void =>
  printJson(io, withEmulated({ error, images: imagesOf(left) }, left.accounts.emulated));

const imagesOf = ({ saved }: Left): object[] => [...saved].map(([image, where]) => toJsonImage(image, where));

interface Lost {
  readonly image: GeneratedImage;
  readonly problem: string;
}

const lostOf = ({ saved }: Left): Lost[] =>
  [...saved].flatMap(([image, where]) => ('problem' in where ? [{ image, problem: where.problem }] : []));

/** Under way at a host, or finished there and not saved here. */
function openJobsOf(left: Left): OpenJob[] {
  const made = lostOf(left).map(({ image }) => ({ job: image.job, made: true }));
  const known = new Set(made.map(({ job }) => job.id));
  return [...left.open.jobs().filter(({ job }) => !known.has(job.id)), ...made];
}

function describeLost({ image: { url, job }, problem }: Lost, { accounts, resume, isNamed }: Left): string[] {
  const what = accounts.emulated ? 'made' : 'made and paid';
  // An address that only its signature opens is not printed, so it would lead nowhere.
  const isPublic = url !== undefined && redact(url) === url;
  const where = `It is job ${job.id} at ${job.provider}${isPublic ? `, and for a while it is here: ${url}` : ''}`;
  return [
    `error: The picture is ${what}, but it could not be saved: ${toFlags(problem)}`,
    ...(accounts.emulated
      ? ['The emulator that drew it ended with this command; nothing was charged.']
      : [where, `To save it elsewhere: ${resume} --out <folder>/${isNamed ? '' : ' (asking again would pay again)'}.`]),
  ];
}
