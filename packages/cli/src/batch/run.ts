import { dirname, resolve } from 'node:path';
import { type GenerateImageOptions, generateImages, type ImageBatchResult, ImageError } from '@imageport/core';
import { type Accounts, firstRun, noteDetours, openAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { Interrupted, watchSignals } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { prune } from '../ledger/prune.ts';
import { listen, type QuietFlag } from '../quiet-flag.ts';
import type { RequestFlags } from '../request-flags.ts';
import { note, warn } from '../terminal/write.ts';
import { openFolder } from './folder.ts';
import { followRow, type RowTrack } from './follow-row.ts';
import { createHalt, type Halt } from './halt.ts';
import { findLedgers, openLedgers, type RowLedgers } from './ledgers.ts';
import { type PlannedRow, planRows } from './plan-rows.ts';
import { type BatchProgress, showBatch } from './progress.ts';
import { readRows } from './read-rows.ts';
import { createReport, type Report, type RowEnd } from './report.ts';
import { longestNameOf, openPictures, type SavedPictures } from './saved-pictures.ts';

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
    const rows = await planRows(file, table, { flags, config, accounts, io, folder: dirname(resolve(io.cwd, file)) });
    const folder = await openFolder(flags.out, { config, cwd: io.cwd, names: rows.map(longestNameOf) });
    // The jobs of this emulator end with the command, so there is nothing to record.
    const place = accounts.emulated ? undefined : await findLedgers(flags.ledger, io);
    tellWho(io, accounts, rows);
    const pictures = await openPictures(folder, interruption.signal);
    const report = createReport(io, { json: flags.json ?? false, emulated: accounts.emulated });
    const work = { io, rows, flags, pictures, report, signal: interruption.signal };
    if (!place) return await make(work, undefined);
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
  const halt = createHalt(io);
  try {
    for (const row of rows) {
      // A picture that is there and not noted as delivered is taken up once more, so that nothing stays open.
      const paths = unfinished?.has(row.intentId) ? undefined : await pictures.find(row);
      if (!paths) left.push(row);
      else {
        report.row({ row, paths, result: undefined, accepted: [] });
        progress.ended(row.n);
      }
    }
    for await (const end of ask(left, { ...work, halt }, ledgers, progress)) {
      report.row(end);
      progress.ended(end.row.n);
    }
    progress.stop();
    const words = halt.words(ledgers !== undefined);
    if (words !== undefined) warn(io, words);
    return report.finish(rows.length);
  } catch (error) {
    progress.stop();
    if (!(error instanceof Interrupted)) throw error;
    note(io, 'Interrupted.');
    report.finish(rows.length);
    return error.exitCode;
  } finally {
    halt.close();
    progress.stop();
  }
}

interface RowState {
  /** Ends the row before it has begun. */
  readonly dropped: AbortController;
  readonly track: RowTrack;
  /** How many pictures each of its jobs has made so far. */
  readonly parts: Map<number, number>;
  readonly paths: string[];
}

/** Asks for the pictures of these rows, and saves each before it counts as delivered. */
async function* ask(
  rows: readonly PlannedRow[],
  { io, flags, pictures, signal, halt }: Work & { readonly halt: Halt },
  ledgers: RowLedgers | undefined,
  progress: BatchProgress,
): AsyncGenerator<RowEnd> {
  const states = rows.map(
    (): RowState => ({ dropped: new AbortController(), track: followRow(), parts: new Map(), paths: [] }),
  );
  const at = (index: number): readonly [PlannedRow, RowState] => {
    const [row, state] = [rows[index], states[index]];
    if (!row || !state) throw new TypeError('there is no such row');
    return [row, state];
  };
  const { concurrency, maxCost } = flags;
  const batch = generateImages(itemsOf(rows, states, ledgers, halt.signal), {
    ...{ concurrency, maxCost, signal },
    onEvent(event, { index }) {
      const [, state] = at(index);
      state.track.onEvent(event);
      progress.onEvent(event);
      if (halt.signal.aborted) drop(state);
    },
    async deliver(image, { index }) {
      const [row, { track, parts, paths }] = at(index);
      const picture = track.pictureOf(image.job);
      const part = parts.get(picture) ?? 0;
      parts.set(picture, part + 1);
      paths.push(await pictures.save(image, row, { picture, part }).catch(stopAt(halt)));
    },
  });
  const tell = (): void => {
    progress.stop();
    tellWaiting(io, states);
  };
  const dropAll = (): void => states.forEach(drop);
  signal.addEventListener('abort', tell, { once: true });
  halt.signal.addEventListener('abort', dropAll, { once: true });
  try {
    for await (const result of batch) {
      const [row, state] = at(result.index);
      const { track, paths } = state;
      await ledgers?.done(row.intentId);
      if (wasDropped(result, state)) continue;
      yield { row, result, paths: paths.sort(), accepted: track.accepted() };
    }
  } finally {
    signal.removeEventListener('abort', tell);
    halt.signal.removeEventListener('abort', dropAll);
  }
}

const notBegun = new Error('no more rows are started');

/** A row that was read waits for its turn, or after a refusal: then nothing of it is lost. */
function drop({ track, dropped }: RowState): void {
  if (track.isIdle()) dropped.abort(notBegun);
}

/** Nothing of it came in this run, and nothing was spent. */
const wasDropped = (result: ImageBatchResult, { track, paths }: RowState): boolean =>
  result.outcome === 'aborted' &&
  result.reason === notBegun &&
  paths.length === 0 &&
  (result.billed === 'no' || !track.hasSubmitted());

/** Where one picture cannot be saved the next cannot either: no more rows are paid for. */
const stopAt =
  ({ halt }: Halt) =>
  (error: unknown): never => {
    if (ImageError.is(error) && error.reason === 'not_saved') halt('unsaved');
    throw error;
  };

/** Ctrl-C was pressed, and the end must wait: nobody would know what became of the money. */
function tellWaiting(io: Io, states: readonly RowState[]): void {
  const count = states.reduce((sum, { track }) => sum + track.unanswered(), 0);
  if (count === 0) return;
  const what = count === 1 ? 'the answer to 1 submit' : `the answers to ${count} submits`;
  warn(io, `Interrupted: waiting for ${what}, which may be charged. Ctrl-C again ends it at once.`);
}

async function* itemsOf(
  rows: readonly PlannedRow[],
  states: readonly RowState[],
  ledgers: RowLedgers | undefined,
  halted: AbortSignal,
): AsyncGenerator<GenerateImageOptions> {
  for (const [index, { options, intentId }] of rows.entries()) {
    const given = await options();
    if (halted.aborted) return;
    yield { ...given, ledger: ledgers?.of(intentId), signal: states[index]?.dropped.signal };
  }
}
