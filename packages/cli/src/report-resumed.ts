import {
  awaitsRefund,
  type Cost,
  currentJob,
  errorTraits,
  foldRecord,
  type GeneratedImage,
  type Job,
  type LedgerRecord,
  type ResumedIntent,
} from '@imageport/core';
import type { Accounts } from './accounts.ts';
import type { Io } from './io.ts';
import { missingHost } from './ledger/describe.ts';
import type { Keeper } from './ledger/keeper.ts';
import { toJsonImage } from './report.ts';
import { describeError } from './report-error.ts';
import { note, printJson, warn } from './terminal/write.ts';
import { describeCost, describePicture, describeSum, nameOfJob } from './words.ts';

export interface Finished {
  readonly resumed: readonly ResumedIntent[];
  /** What is on the disk now, and where. */
  readonly saved: ReadonlyMap<GeneratedImage, string>;
  /** What the pictures of an intent cost. */
  readonly costs: ReadonlyMap<string, Cost>;
  /** Above 0 when the user ended it. */
  readonly exitCode: number;
}

export interface Outcome extends Finished {
  /** The unfinished intents that were found. */
  readonly before: readonly LedgerRecord[];
  /** What the ledger says now. */
  readonly after: readonly LedgerRecord[];
  readonly keyless: readonly LedgerRecord[];
  readonly keeper: Keeper;
  readonly accounts: Accounts;
}

/** One resumed intent, and what became of the refund that it waited for. */
interface Entry extends ResumedIntent {
  readonly refund?: { readonly job: Job; readonly state: 'done' | 'pending' | 'forgotten' };
}

/** Reports what was done for every intent. Returns the highest exit code. */
export function reportResumed(io: Io, outcome: Outcome, json: boolean): number {
  const { saved, costs, keyless, keeper, accounts } = outcome;
  const entries = outcome.resumed.map((each) => toEntry(each, outcome));
  const failed = entries.flatMap(({ error, refund }) => (error && !refund ? [error] : []));
  const without = keyless.map((record) => ({
    intentId: record.intent.id,
    job: currentJob(foldRecord(record))?.job,
    provider: missingHost(record, accounts.usable) ?? '',
  }));
  for (const entry of entries) for (const line of describe(entry, outcome)) (entry.error ? warn : note)(io, line);
  for (const { intentId, provider, job } of without) {
    const key = accounts.providers.find(({ adapter }) => adapter.name === provider)?.adapter.env.apiKey;
    warn(io, `${intentId}${job ? ` (job ${job.id})` : ''} waits for a key of ${provider}: set ${key ?? 'it'}.`);
  }
  for (const { error, busy, path } of keeper.skipped) {
    warn(io, busy ? `A running command has ${path}.` : `error: ${error.message}`);
  }
  if (failed.length > 0) warn(io, 'imageport jobs says what to do about what is still unfinished.');
  if (saved.size > 0) note(io, summary(entries, costs));
  if (json) printJson(io, toJson({ entries, saved, costs, without, keeper }));
  const broken = keeper.skipped.flatMap(({ error, busy }) => (busy ? [] : error));
  return Math.max(
    0,
    ...[...failed, ...broken].map((error) => exitOf(error)),
    without.length > 0 ? errorTraits.unauthenticated.exit : 0,
  );
}

/** That a job failed is no news to whoever waited for its refund. */
function toEntry(resumed: ResumedIntent, { before, after, accounts }: Outcome): Entry {
  const stateIn = (records: readonly LedgerRecord[]) => {
    const record = records.find(({ intent }) => intent.id === resumed.intentId);
    return record && awaitsRefund(foldRecord(record)).at(-1);
  };
  const job = stateIn(before)?.job;
  const { error, images } = resumed;
  // Then nobody was asked about it.
  if (error?.reason === 'other_address') return resumed;
  if (!job || images.length > 0 || (error && error.billed !== 'no')) return resumed;
  const { retention = 0 } = accounts.providers.find(({ adapter }) => adapter.name === job.provider)?.adapter ?? {};
  const isForgotten = Date.now() - (job.submittedAt ?? 0) > retention;
  const state = stateIn(after) ? 'pending' : isForgotten ? 'forgotten' : 'done';
  return { ...resumed, refund: { job, state } };
}

/** All that was saved, and what it cost when it was made: fetching it is free. */
function summary(entries: readonly Entry[], costs: Outcome['costs']): string {
  const brought = entries.filter(({ images }) => images.length > 0);
  const pictures = brought.reduce((sum, { images }) => sum + images.length, 0);
  const money = describeSum(brought.map(({ intentId }) => costs.get(intentId) ?? { source: 'unknown' }));
  return `${pictures} ${pictures === 1 ? 'picture' : 'pictures'} saved, ${money} in all.`;
}

function describe({ intentId, images, error, refund }: Entry, { costs }: Outcome): string[] {
  if (refund) return [`${intentId}: ${refundWords[refund.state](`job ${refund.job.id} (${refund.job.provider})`)}`];
  if (error) return [`${intentId}:`, ...describeError(error)];
  const [image] = images;
  if (!image) return [`${intentId}: dropped, it was never submitted.`];
  const facts = [...images.map(describePicture), describeCost(costs.get(intentId) ?? { source: 'unknown' })];
  return [`${intentId}: ${facts.join(', ')}, job ${image.job.id} (${nameOfJob(image.job)}).`];
}

const refundWords = {
  done: (job: string) => `${job} failed and was refunded; nothing was charged.`,
  pending: (job: string) => `${job} failed, and its refund was not seen yet.`,
  forgotten: (job: string) => `${job} failed; its refund was never seen, and the host has forgotten the job.`,
} as const;

/** Made and paid, but not on this disk: the same code as for files that are gone. */
const exitOf = ({ code, reason }: NonNullable<ResumedIntent['error']>): number =>
  reason === 'not_saved' ? errorTraits.result_expired.exit : errorTraits[code].exit;

interface Parts extends Pick<Outcome, 'saved' | 'costs' | 'keeper'> {
  readonly entries: readonly Entry[];
  readonly without: readonly object[];
}

const toJson = ({ entries, saved, costs, without, keeper }: Parts): object => ({
  resumed: entries.map(({ intentId, images, error, refund }) => ({
    intentId,
    images: images.map((image) => toJsonImage(image, { path: saved.get(image) ?? '' })),
    ...(images.length > 0 ? { cost: costs.get(intentId) ?? { source: 'unknown' } } : {}),
    ...(refund ? { refund: refund.state, job: refund.job } : error ? { error: error.toJSON() } : {}),
  })),
  paths: [...saved.values()],
  withoutKey: without,
  running: keeper.skipped.filter(({ busy }) => busy).map(({ path }) => path),
  unusable: keeper.skipped.filter(({ busy }) => !busy).map(({ path, error }) => ({ path, error: error.toJSON() })),
});
