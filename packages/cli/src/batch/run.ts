import { type GenerateImageOptions, generateImages, type ImageBatchResult } from '@imageport/core';
import { type Accounts, firstRun, noteDetours, openAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { configuredOut } from '../configured-out.ts';
import { findDestination, planDestination } from '../destination.ts';
import { Interrupted, watchSignals } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { findPlace } from '../ledger/place.ts';
import { prune } from '../ledger/prune.ts';
import { followJobs, type OpenJobs } from '../open-jobs.ts';
import { listen, type QuietFlag } from '../quiet-flag.ts';
import type { RequestFlags } from '../request-flags.ts';
import { note, warn } from '../terminal/write.ts';
import { openLedgers, type RowLedgers } from './ledgers.ts';
import { type PlannedRow, planRows } from './plan-rows.ts';
import { showBatch } from './progress.ts';
import { readRows } from './read-rows.ts';
import { createReport, type Report } from './report.ts';
import { openPictures, type SavedPictures } from './saved-pictures.ts';

export interface BatchFlags extends RequestFlags, QuietFlag {
  readonly concurrency?: number;
  /** False after `--no-emulate`. */
  readonly emulate: boolean;
  readonly caption?: boolean;
}

export async function runBatch(file: string, flags: BatchFlags, streams: Io): Promise<number> {
  const io = listen(streams, flags);
  const table = await readRows(file, io.cwd);
  const config = await loadConfig(flags.config, io);
  const accounts = await openAccounts(io, config, flags);
  const interruption = watchSignals(io);
  try {
    const rows = await planRows(file, table, { flags, config, accounts, io });
    const out = flags.out ?? (await configuredOut(config)) ?? '.';
    const destination = await findDestination(`${out}/`, io.cwd);
    await planDestination(destination, io.cwd, { n: 1 });
    tellWho(io, accounts, rows);
    const pictures = await openPictures(destination.folder, interruption.signal);
    const report = createReport(io, { json: flags.json ?? false, emulated: accounts.emulated });
    const work = { io, rows, flags, pictures, report, signal: interruption.signal };
    // The jobs of this emulator end with the command, so there is nothing to record.
    if (accounts.emulated) return await make(work, undefined);
    const place = await findPlace(flags.ledger, io);
    const ledgers = openLedgers(place, io);
    try {
      return await make(work, ledgers);
    } finally {
      await ledgers.close();
      await prune(place, io);
    }
  } finally {
    interruption.stop();
    await accounts.close();
  }
}

function tellWho(io: Io, accounts: Accounts, rows: readonly PlannedRow[]): void {
  if (accounts.emulated) for (const line of firstRun) warn(io, line);
  noteDetours(
    io,
    rows.flatMap(({ hosts }) => hosts),
    accounts,
  );
  const blank = Object.entries(accounts.lacking).filter(([, why]) => why.endsWith('is blank'));
  for (const [host, why] of blank) warn(io, `warning: ${why}, so ${host} is not asked.`);
  for (const line of new Set(rows.flatMap(({ notes }) => notes))) note(io, line);
}

interface Work {
  readonly io: Io;
  readonly rows: readonly PlannedRow[];
  readonly flags: BatchFlags;
  readonly pictures: SavedPictures;
  readonly report: Report;
  readonly signal: AbortSignal;
}

async function make(work: Work, ledgers: RowLedgers | undefined): Promise<number> {
  const { io, rows, pictures, report } = work;
  const progress = showBatch(
    io,
    rows.reduce((sum, { n }) => sum + n, 0),
  );
  const unfinished = await ledgers?.unfinished();
  const left: PlannedRow[] = [];
  try {
    for (const row of rows) {
      // A picture that is there and not noted as delivered is taken up once more, so that nothing stays open.
      const paths = unfinished?.has(row.intentId) ? undefined : pictures.find(row);
      if (!paths) left.push(row);
      else {
        report.row({ row, paths, result: undefined });
        progress.ended(row.n);
      }
    }
    for await (const { row, result, paths } of ask(left, work, ledgers, progress.onEvent)) {
      report.row({ row, result, paths });
      progress.ended(row.n);
    }
    progress.stop();
    return report.finish(rows.length);
  } catch (error) {
    progress.stop();
    if (!(error instanceof Interrupted)) throw error;
    note(io, 'Interrupted.');
    report.finish(rows.length);
    return error.exitCode;
  } finally {
    progress.stop();
  }
}

interface Ended {
  readonly row: PlannedRow;
  readonly result: ImageBatchResult;
  readonly paths: readonly string[];
}

/** Asks for the pictures of these rows, and saves each before it counts as delivered. */
async function* ask(
  rows: readonly PlannedRow[],
  { flags, pictures, signal }: Work,
  ledgers: RowLedgers | undefined,
  onEvent: OpenJobs['onEvent'],
): AsyncGenerator<Ended> {
  const states = rows.map(() => ({ jobs: followJobs(), parts: new Map<number, number>(), paths: [] as string[] }));
  const { concurrency, maxCost } = flags;
  const batch = generateImages(itemsOf(rows, ledgers), {
    ...{ concurrency, maxCost, signal },
    onEvent(event, { index }) {
      states[index]?.jobs.onEvent(event);
      onEvent(event);
    },
    async deliver(image, { index }) {
      const [row, state] = [rows[index], states[index]];
      if (!row || !state) throw new TypeError('there is no such row');
      const picture = state.jobs.pictureOf(image.job);
      const part = state.parts.get(picture) ?? 0;
      state.parts.set(picture, part + 1);
      state.paths.push(await pictures.save(image, row, { picture, part }));
    },
  });
  for await (const result of batch) {
    const [row, state] = [rows[result.index], states[result.index]];
    if (!row || !state) throw new TypeError('there is no such row');
    await ledgers?.done(row.intentId);
    yield { row, result, paths: state.paths.sort() };
  }
}

async function* itemsOf(
  rows: readonly PlannedRow[],
  ledgers: RowLedgers | undefined,
): AsyncGenerator<GenerateImageOptions> {
  for (const { options, intentId } of rows) yield { ...(await options()), ledger: ledgers?.of(intentId) };
}
