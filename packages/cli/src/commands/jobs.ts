import { ImageError, isOpen, type LedgerRecord } from '@imageport/core';
import { describeAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { showAge } from '../duration.ts';
import { type Io, note, print, printJson } from '../io.ts';
import { describeRecord, type JobEntry } from '../ledger/describe.ts';
import { addLedgerFlag } from '../ledger/flag.ts';
import { isBusy, listOpen, openFile } from '../ledger/keeper.ts';
import { findPlace } from '../ledger/place.ts';
import { type FileContent, isDone, readPlace } from '../ledger/read.ts';
import type { AddCommand } from '../program.ts';
import { describeCost } from '../words.ts';
import { addSettle } from './settle.ts';

interface JobsFlags {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly ledger?: string;
}

export const addJobs: AddCommand = (program, io, done) => {
  const jobs = addLedgerFlag(program.command('jobs'))
    .description('what was begun and has no saved picture yet, and what to do about it; sends nothing')
    .option('--all', 'also what is done')
    .option('--json', 'print one JSON object')
    .enablePositionalOptions()
    .action(async (flags: JobsFlags) => done(await listJobs(flags, io)));
  addSettle(jobs, io, done);
};

async function listJobs({ json, all = false, ledger }: JobsFlags, io: Io): Promise<number> {
  const place = await findPlace(ledger, io);
  const { usable } = describeAccounts(io, await loadConfig(undefined, io.cwd));
  const contents = await readPlace(place);
  const looked = await Promise.all(contents.map((content) => look(content, io)));
  const entries = looked
    .flatMap(({ records, running }) => records.map((record) => ({ record, running })))
    .filter(({ record }) => all || isOpen(record))
    .map(({ record, running }) => describeRecord(record, { place, usable, running: running && isOpen(record) }))
    .sort((a, b) => a.createdAt - b.createdAt);
  if (json) printJson(io, { jobs: entries });
  else for (const entry of entries) for (const line of describe(entry)) print(io, line);
  if (!json && entries.length === 0) note(io, 'Nothing is open.');
  return 0;
}

/** A file with something open is opened, so that its damage is mended, unless a running command has it. */
async function look(content: FileContent, io: Io): Promise<{ records: readonly LedgerRecord[]; running: boolean }> {
  const { path, records } = content;
  if (isDone(content)) return { records, running: false };
  const file = openFile(path, io);
  try {
    const open = await listOpen(file);
    const ids = open.map(({ intent }) => intent.id);
    return { records: [...open, ...records.filter(({ intent }) => !ids.includes(intent.id))], running: false };
  } catch (error) {
    if (!isBusy(error) && ImageError.is(error)) note(io, `warning: ${error.message}`);
    return { records, running: isBusy(error) };
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
