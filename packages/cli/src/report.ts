import { basename } from 'node:path';
import { type Attempt, type Billed, errorTraits, type GeneratedImage, type GenerateImageResult } from '@imageport/core';
import type { Accounts } from './accounts.ts';
import { show } from './destination.ts';
import { showDuration } from './duration.ts';
import { withEmulated } from './emulated.ts';
import { toFlags } from './flag-words.ts';
import { formatOf } from './format-of-name.ts';
import type { Io } from './io.ts';
import { describeOpenJobs, type OpenJob } from './open-jobs.ts';
import { describeError } from './report-error.ts';
import { note, print, printJson, warn } from './terminal/write.ts';
import { describeCost, describePicture, nameOfJob } from './words.ts';

/** What became of one picture on this machine. */
export type Saved = { readonly path: string } | { readonly problem: string };

export interface Outcome {
  readonly result: GenerateImageResult;
  readonly saved: ReadonlyMap<GeneratedImage, Saved>;
  readonly accounts: Accounts;
  /** Paid jobs without a picture yet. */
  readonly left: readonly OpenJob[];
  /** The command that fetches them. */
  readonly resume: string;
  /** Warnings that were shown while it ran. */
  readonly told: ReadonlySet<string>;
}

/** Prints what came and what it cost. Returns the exit code. */
export function reportResult(io: Io, outcome: Outcome, json: boolean): number {
  const { result, saved } = outcome;
  if (json) printJson(io, withEmulated(toJson(outcome), outcome.accounts.emulated));
  else printPaths(io, new Map(result.images.flatMap((image) => toEntry(image, saved.get(image)))));
  if (pathsOf(saved).length > 0) note(io, summary(outcome));
  for (const warning of warningsOf(outcome)) if (!outcome.told.has(warning)) warn(io, `warning: ${warning}`);
  for (const failure of result.failures) for (const line of describeError(failure)) warn(io, line);
  for (const line of describeOpenJobs(outcome.left, outcome.accounts, outcome.resume)) warn(io, line);
  const [failure] = result.failures;
  return failure ? errorTraits[failure.code].exit : 0;
}

const toEntry = (image: GeneratedImage, saved: Saved | undefined): [GeneratedImage, Saved][] =>
  saved ? [[image, saved]] : [];

export function printPaths(io: Io, saved: Outcome['saved']): void {
  for (const path of pathsOf(saved)) print(io, show(path, io.cwd));
}

const pathsOf = (saved: Outcome['saved']): string[] =>
  [...saved.values()].flatMap((each) => ('path' in each ? each.path : []));

/** Core's own, and files whose names say something else than what is in them. */
function warningsOf({ result, saved }: Outcome): string[] {
  const misnamed = [...saved].flatMap(([{ mediaType, job }, where]) => {
    const name = 'path' in where ? basename(where.path) : '';
    const wanted = formatOf(name);
    return mediaType === undefined || wanted === undefined || mediaType === `image/${wanted}`
      ? []
      : [`${name} is a file of the type ${mediaType}: ${nameOfJob(job)} made no ${wanted}, and nothing is converted`];
  });
  return [...result.warnings.map(toFlags), ...misnamed];
}

function summary({ result, accounts }: Outcome): string {
  const { images, cost, timings } = result;
  const [image] = images;
  if (!image) return '';
  const money = accounts.emulated ? 'nothing charged' : describeCost(cost);
  const facts = [describePicture(image), money, nameOfJob(image.job), showDuration(timings.total)];
  return [...(images.length > 1 ? [`${images.length} pictures`] : []), ...facts].join(', ');
}

function toJson(outcome: Outcome): object {
  const { result, saved } = outcome;
  const { intentId, images, cost, applied, jobs, attempts, failures, timings } = result;
  return {
    billed: billedOf(attempts),
    intentId,
    images: images.map((image) => toJsonImage(image, saved.get(image))),
    cost,
    applied,
    warnings: warningsOf(outcome),
    jobs,
    attempts,
    failures: failures.map((failure) => failure.toJSON()),
    timings,
  };
}

/** What the call as a whole has cost. */
const billedOf = (attempts: readonly Attempt[]): Billed =>
  (['yes', 'unknown'] as const).find((each) => attempts.some(({ billed }) => billed === each)) ?? 'no';

export function toJsonImage(image: GeneratedImage, saved: Saved | undefined): object {
  const { url = null, mediaType = null, width = null, height = null, cut, flagged, seed = null, job } = image;
  const path = saved && 'path' in saved ? saved.path : null;
  const problem = saved && 'problem' in saved ? { problem: saved.problem } : {};
  return { path, url, mediaType, width, height, cut, flagged, seed, job, ...problem };
}
