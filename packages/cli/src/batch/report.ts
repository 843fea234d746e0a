import { errorTraits, type ImageBatchResult, type ImageError, type Job } from '@imageport/core';
import { show } from '../destination.ts';
import { withEmulated } from '../emulated.ts';
import { toFlags } from '../flag-words.ts';
import type { Io } from '../io.ts';
import { describeError } from '../report-error.ts';
import { note, print, printJsonLine, warn } from '../terminal/write.ts';
import { nameOfJob } from '../words.ts';
import type { PlannedRow } from './plan-rows.ts';
import { billedOf, describeSpent, spentOn } from './spent.ts';

/** How a row ended: by its call, or because its pictures were there already. */
export interface RowEnd {
  readonly row: PlannedRow;
  readonly result: ImageBatchResult | undefined;
  readonly paths: readonly string[];
  /** Jobs that a host has accepted for it in this run. */
  readonly accepted: readonly Job[];
}

export interface Report {
  /** Prints the line of a row as soon as it has ended. */
  row(end: RowEnd): void;
  /** Says what all rows came to. Returns the exit code: that of the first row, as they stand in the file, that failed. */
  finish(total: number): number;
}

interface Options {
  readonly json: boolean;
  readonly emulated: boolean;
}

export function createReport(io: Io, options: Options): Report {
  const ends: RowEnd[] = [];
  const warned = new Set<string>();
  return {
    row(end) {
      ends.push(end);
      if (options.json) printJsonLine(io, toJson(end, options));
      else print(io, toLine(end, io, options));
      for (const warning of end.result?.result?.warnings ?? []) {
        // What is true of a thousand rows is said once.
        if (!warned.has(warning)) warn(io, `warning, row ${end.row.number}: ${toFlags(warning)}`);
        warned.add(warning);
      }
    },
    finish(total) {
      note(io, summary(ends, total, options));
      if (ends.length < total || ends.some(isFailed)) note(io, options.emulated ? anew : again);
      const [first] = ends.filter(isFailed).sort((a, b) => a.row.number - b.row.number);
      if (!first) return ends.length < total ? unfinishedExit : 0;
      return exitOf(first);
    },
  };
}

/** Rows have no pictures, and no error says why. */
const unfinishedExit = 1;

const again = 'The same command again goes on: what is paid is fetched and not paid again.';
const anew = 'The same command again draws the rest.';

type Word = 'saved' | 'fetched' | 'there' | 'failed' | 'not started' | 'interrupted';

function wordOf({ result }: RowEnd): Word {
  if (!result) return 'there';
  const { outcome } = result;
  if (outcome === 'completed') return result.earlier ? 'fetched' : 'saved';
  return outcome === 'failed' ? 'failed' : outcome === 'aborted' ? 'interrupted' : 'not started';
}

/** Pictures that did not come: of the row, or of several that it asked for. */
const errorsOf = ({ row, result }: RowEnd): readonly ImageError[] =>
  (result?.error ? [result.error] : (result?.result?.failures ?? [])).map((error) => inTable(error, row));

/** The row's own id was used before: what to change stands in the table, not on the command line. */
function inTable(error: ImageError, { intent }: PlannedRow): ImageError {
  if (error.reason !== 'intent_conflict' || intent === undefined) return error;
  return error.with({
    message: `column intent: "${intent}" already stands for another request. Give this row another intent, or the options it had before`,
  });
}

const isFailed = (end: RowEnd): boolean => errorsOf(end).length > 0 || end.result?.outcome === 'aborted';

function toLine(end: RowEnd, io: Io, { emulated }: Options): string {
  const { row, paths } = end;
  const facts = [
    ...paths.map((path) => show(path, io.cwd)),
    ...errorsOf(end).map((error) =>
      describeError(error)
        .join(' ')
        .replace(/^error: /, ''),
    ),
    ...(emulated ? [] : openJobs(end)).map(
      (job) => `job ${job.id} (${nameOfJob(job)}) is paid, its picture can be fetched`,
    ),
    ...(emulated || unknownOf(end) === 0 ? [] : [`${unknownOf(end)} of its pictures may be charged: no answer came`]),
  ];
  return [row.number, wordOf(end), ...facts].join('  ');
}

/** Submits of an interrupted row that nobody answered. */
const unknownOf = ({ result }: RowEnd): number => (result?.outcome === 'aborted' ? result.unknown : 0);

/** Paid, and not lost: the next run fetches what they make. */
function openJobs(end: RowEnd): readonly Job[] {
  if (end.result?.outcome === 'aborted') return end.result.jobs;
  return errorsOf(end).flatMap(({ job, resumable }) => (job && resumable ? [job] : []));
}

function toJson(end: RowEnd, { emulated }: Options): object {
  const { row, result, paths } = end;
  const { number, intentId, prompt } = row;
  const [error, ...others] = errorsOf(end);
  const facts = {
    ...{ row: number, outcome: wordOf(end).replace(' ', '_'), intentId, prompt, paths },
    ...{ billed: billedOf(end), spent: emulated ? {} : spentOn([end]) },
    ...(result?.outcome === 'aborted' ? { unknown: emulated ? 0 : result.unknown } : {}),
    jobs: result?.outcome === 'aborted' ? result.jobs : (result?.result?.jobs ?? (error?.job ? [error.job] : [])),
    warnings: (result?.result?.warnings ?? []).map(toFlags),
    ...(error ? { error: error.toJSON() } : {}),
    ...(others.length > 0 ? { failures: others.map((each) => each.toJSON()) } : {}),
  };
  return withEmulated(facts, emulated);
}

function summary(ends: readonly RowEnd[], total: number, { emulated }: Options): string {
  const counts = new Map<Word, number>();
  for (const end of ends) counts.set(wordOf(end), (counts.get(wordOf(end)) ?? 0) + 1);
  const left = total - ends.length;
  const words = [...counts].map(([word, count]) => `${count} ${word}`);
  const money = emulated ? 'nothing charged' : describeSpent(ends);
  return `${total} rows: ${[...words, ...(left > 0 ? [`${left} not begun`] : []), money].join(', ')}`;
}

function exitOf(end: RowEnd): number {
  const [error] = errorsOf(end);
  if (!error) return unfinishedExit;
  // Paid and finished, but not on this disk: the same code as for files that are gone.
  const isLost = error.stage === 'download' && error.billed === 'yes';
  return isLost ? errorTraits.result_expired.exit : errorTraits[error.code].exit;
}
