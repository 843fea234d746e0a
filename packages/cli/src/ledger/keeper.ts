import { setTimeout as sleep } from 'node:timers/promises';
import { type FindQuery, ImageError, type Ledger, type LedgerRecord, type OpenQuery } from '@imageport/core';
import { createFileLedger, type FileLedger } from '@imageport/core/node';
import type { Io } from '../io.ts';
import { note, warn } from '../terminal/write.ts';
import { takeJob } from './owners.ts';
import { fileOf, type LedgerPlace } from './place.ts';
import { isDone, readPlace } from './read.ts';

/** The ledger files of a place as one ledger. A file is opened, and locked, when it is first needed. */
export interface Keeper extends Ledger {
  /** Files that `open` left out: another command has them, or they cannot be used. */
  readonly skipped: readonly Skipped[];
  close(): Promise<void>;
}

export interface Skipped {
  readonly path: string;
  readonly error: ImageError;
  /** A running command has it. */
  readonly busy: boolean;
}

const gap = 200;

export function openPlace(place: LedgerPlace, io: Io): Keeper {
  const files = new Map<string, FileLedger>();
  const homes = new Map<string, string>();
  const skipped: Skipped[] = [];
  let closed = false;
  const open = (path: string): FileLedger => {
    const file = files.get(path) ?? openFile(place, path, io);
    files.set(path, file);
    return file;
  };
  const at = (intentId: string): FileLedger => open(homes.get(intentId) ?? fileOf(place, intentId));
  return {
    durability: 'disk',
    skipped,
    async begin(intent, lease) {
      for (let waits = 0; ; waits += 1) {
        try {
          return await at(intent.id).begin(intent, lease);
        } catch (error) {
          if (!isBusy(error) || closed) throw error;
          if (waits === 0) note(io, 'Another imageport has this ledger file; waiting for it.');
          await sleep(gap);
        }
      }
    },
    claim: (intentId, owner, lease) => at(intentId).claim(intentId, owner, lease),
    append: (intentId, fence, event, length) => at(intentId).append(intentId, fence, event, length),
    async *open({ after, ...query } = {}) {
      skipped.length = 0;
      const found: LedgerRecord[] = [];
      for (const content of await readPlace(place)) {
        if (isDone(content)) continue;
        const { path } = content;
        const records = await listOpen(open(path), query).catch((error: unknown) => {
          if (!ImageError.is(error)) throw error;
          skipped.push({ path, error, busy: isBusy(error) });
          return [];
        });
        for (const record of records) homes.set(record.intent.id, path);
        found.push(...records);
      }
      yield* found.slice(found.findIndex(({ intent }) => intent.id === after) + 1);
    },
    find: (query) => findRecords(place, query),
    async close() {
      closed = true;
      await Promise.all([...files.values()].map((file) => file.close()));
    },
  };
}

/** In every file, also in those that another command has. */
export async function findRecords(place: LedgerPlace, query: FindQuery): Promise<LedgerRecord[]> {
  const found = (await readPlace(place)).flatMap((content) => content.find(query));
  return [...new Map(found.map((record) => [record.intent.id, record])).values()];
}

/** One file of the place. In a folder, jobs are taken across all of its files. */
export function openFile(place: LedgerPlace, path: string, io: Io): FileLedger {
  const file = createFileLedger(path, {
    onDamage: ({ pieces, savedAs }) =>
      warn(io, `warning: ${pieces} damaged records of the ledger ${path} were put aside in ${savedAs}`),
  });
  return place.isFolder ? { ...file, append: takingJobs(place, file) } : file;
}

/** Appends in the order in which it was asked to, although the job of an `accepted` is taken first. */
function takingJobs(place: LedgerPlace, file: FileLedger): FileLedger['append'] {
  let last: Promise<void> | undefined;
  return async (intentId, fence, event, length) => {
    if (event.type !== 'accepted' && !last) return file.append(intentId, fence, event, length);
    const append = async (before?: Promise<void>): Promise<void> => {
      await before?.catch(() => undefined);
      if (event.type === 'accepted') await takeJob(place, event.job, intentId);
      return file.append(intentId, fence, event, length);
    };
    const appended = append(last);
    last = appended;
    return appended.finally(() => {
      if (last === appended) last = undefined;
    });
  };
}

export async function listOpen(ledger: Ledger, query: OpenQuery = {}): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.open(query)) records.push(record);
  return records;
}

/** A file whose lock a running command holds. */
export const isBusy = (error: unknown): boolean => ImageError.is(error) && error.reason === 'ledger_locked';
