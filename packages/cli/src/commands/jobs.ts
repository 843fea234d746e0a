import { errorTraits, ImageError, isOpen, type LedgerRecord } from '@imageport/core';
import { describeAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { showAge } from '../duration.ts';
import type { Io } from '../io.ts';
import { describeRecord, type JobEntry } from '../ledger/describe.ts';
import { addLedgerFlag } from '../ledger/flag.ts';
import { isBusy, listOpen, openFile } from '../ledger/keeper.ts';
import { findPlace, type LedgerPlace } from '../ledger/place.ts';
import { checkNamed, type FileContent, isDone, readPlace } from '../ledger/read.ts';
import type { AddCommand } from '../program.ts';
import { note, print, printJson, warn } from '../terminal/write.ts';
import { describeCost } from '../words.ts';
import { addSettle } from './settle.ts';

interface JobsFlags {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly ledger?: string;
}

export const addJobs: AddCommand = (program, io, done) => {
  const jobs = addLedgerFlag(program.command('jobs'))
    .description(
      'unfinished jobs: submitted or paid without a saved picture, refunds not seen yet, and what to do; sends nothing',
    )
    .option('--all', 'finished ones too')
    .option('--json', 'print one JSON object')
    .enablePositionalOptions()
    .action(async (flags: JobsFlags) => done(await listJobs(flags, io)));
  addSettle(jobs, io, done);
};

async function listJobs({ json, all = false, ledger }: JobsFlags, io: Io): Promise<number> {
  const place = await findPlace(ledger, io);
  const { usable, addresses } = describeAccounts(io, await loadConfig(undefined, io));
  const contents = await readPlace(place);
  checkNamed(place, contents);
  const files = await Promise.all(contents.map((content) => readFile(content, place, io)));
  const entries = files
    .flatMap(({ records, running }) => records.map((record) => ({ record, running })))
    .filter(({ record }) => all || isOpen(record))
    .map(({ record, running }) =>
      describeRecord(record, { place, usable, addresses, running: running && isOpen(record) }),
    )
    .sort((a, b) => a.createdAt - b.createdAt);
  const unusable = files.flatMap(({ path, error }) => (error ? { path, error } : []));
  if (json)
    printJson(io, { jobs: entries, unusable: unusable.map((each) => ({ ...each, error: each.error.toJSON() })) });
  else for (const entry of entries) for (const line of describe(entry)) print(io, line);
  for (const { error } of unusable) warn(io, `error: ${error.message}`);
  if (!json && entries.length + unusable.length === 0) note(io, 'No unfinished jobs.');
  return Math.max(0, ...unusable.map(({ error }) => errorTraits[error.code].exit));
}

interface Listed {
  readonly path: string;
  readonly records: readonly LedgerRecord[];
  readonly running: boolean;
  /** Why it cannot be used: what is unfinished in it is not known for sure. */
  readonly error?: ImageError;
}

/** A file with unfinished jobs is opened, so that damage is repaired, unless a running command has it. */
async function readFile(content: FileContent, place: LedgerPlace, io: Io): Promise<Listed> {
  const { path, records } = content;
  if (isDone(content)) return { path, records, running: false };
  const file = openFile(place, path, io);
  try {
    const open = await listOpen(file);
    const ids = open.map(({ intent }) => intent.id);
    return { path, records: [...open, ...records.filter(({ intent }) => !ids.includes(intent.id))], running: false };
  } catch (error) {
    if (!ImageError.is(error)) throw error;
    return isBusy(error) ? { path, records, running: true } : { path, records, running: false, error };
  } finally {
    await file.close();
  }
}

function describe(entry: JobEntry): string[] {
  const { intentId, createdAt, provider, modelId, job, state, billed, cost, candidates, running, next } = entry;
  const what = [`${provider}:${modelId}`, ...(job ? [`job ${job.id}`] : []), showAge(Date.now() - createdAt)];
  return [
    `${intentId}  ${what.join(', ')}`,
    `  ${running ? 'a running command has it; ' : ''}${state}; billed: ${billed}, ${describeCost(cost)}`,
    ...(candidates.length > 0 ? [`  jobs that could be it: ${candidates.map(({ id }) => id).join(', ')}`] : []),
    ...next.map((line) => `    ${line}`),
  ];
}
