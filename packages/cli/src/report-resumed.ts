import { errorTraits, foldRecord, type GeneratedImage, type LedgerRecord, type ResumedIntent } from '@imageport/core';
import type { Accounts } from './accounts.ts';
import { type Io, note, printJson } from './io.ts';
import { missingHost } from './ledger/describe.ts';
import type { Keeper } from './ledger/keeper.ts';
import { toJsonImage } from './report.ts';
import { describeError } from './report-error.ts';

export interface Brought {
  readonly resumed: readonly ResumedIntent[];
  /** What is on the disk now, and where. */
  readonly saved: ReadonlyMap<GeneratedImage, string>;
  /** Above 0 when the user ended it. */
  readonly exitCode: number;
}

export interface Outcome extends Brought {
  readonly keyless: readonly LedgerRecord[];
  readonly keeper: Keeper;
  readonly accounts: Accounts;
}

/** Says what became of every intent. Returns the highest exit code. */
export function reportResumed(io: Io, { resumed, saved, keyless, keeper, accounts }: Outcome, json: boolean): number {
  const failed = resumed.flatMap((each) => each.error ?? []);
  const without = keyless.map((record) => ({
    intentId: record.intent.id,
    job: foldRecord(record).job,
    provider: missingHost(record, accounts.usable) ?? '',
  }));
  for (const { intentId, error } of resumed) {
    if (error) for (const line of [`${intentId}:`, ...describeError(error)]) note(io, line);
  }
  for (const { intentId, provider, job } of without) {
    const key = accounts.providers.find(({ adapter }) => adapter.name === provider)?.adapter.env.apiKey;
    note(io, `${intentId}${job ? ` (job ${job.id})` : ''} waits for a key of ${provider}: set ${key ?? 'it'}.`);
  }
  for (const { error, busy, path } of keeper.skipped) {
    note(io, busy ? `A running command has ${path}.` : `error: ${error.message}`);
  }
  if (failed.length > 0) note(io, 'imageport jobs says what to do about what is still open.');
  if (json) printJson(io, toJson({ resumed, saved, without, keeper }));
  const broken = keeper.skipped.flatMap(({ error, busy }) => (busy ? [] : error));
  return Math.max(
    0,
    ...[...failed, ...broken].map((error) => exitOf(error)),
    without.length > 0 ? errorTraits.unauthenticated.exit : 0,
  );
}

/** Made and paid, but not on this disk: the same code as for files that are gone. */
const exitOf = ({ code, reason }: NonNullable<ResumedIntent['error']>): number =>
  reason === 'not_saved' ? errorTraits.result_expired.exit : errorTraits[code].exit;

interface Parts extends Pick<Outcome, 'resumed' | 'saved' | 'keeper'> {
  readonly without: readonly object[];
}

const toJson = ({ resumed, saved, without, keeper }: Parts): object => ({
  resumed: resumed.map(({ intentId, images, error }) => ({
    intentId,
    images: images.map((image) => toJsonImage(image, { path: saved.get(image) ?? '' })),
    ...(error ? { error: error.toJSON() } : {}),
  })),
  paths: [...saved.values()],
  withoutKey: without,
  running: keeper.skipped.filter(({ busy }) => busy).map(({ path }) => path),
  unusable: keeper.skipped.filter(({ busy }) => !busy).map(({ path, error }) => ({ path, error: error.toJSON() })),
});
