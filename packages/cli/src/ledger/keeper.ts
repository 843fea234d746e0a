import { setTimeout as sleep } from 'node:timers/promises';
import { ImageError, type Ledger, type LedgerRecord } from '@imageport/core';
import { createFileLedger, type FileLedger } from '@imageport/core/node';
import { type Io, note } from '../io.ts';
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
    const file = files.get(path) ?? openFile(path, io);
    files.set(path, file);
    return file;
  };
  const at = (intentId: string): FileLedger => open(homes.get(intentId) ?? fileOf(place, intentId));
  return {
    durability: 'disk',
    skipped,
    async begin(intent) {
      for (let waits = 0; ; waits += 1) {
        try {
          return await at(intent.id).begin(intent);
        } catch (error) {
          if (!isBusy(error) || closed) throw error;
          if (waits === 0) note(io, 'Another imageport has this ledger file; waiting for it.');
          await sleep(gap);
        }
      }
    },
    claim: (intentId, owner, lease) => at(intentId).claim(intentId, owner, lease),
    append: (intentId, fence, event) => at(intentId).append(intentId, fence, event),
    async *open() {
      skipped.length = 0;
      for (const content of await readPlace(place)) {
        if (isDone(content)) continue;
        const { path } = content;
        const records = await listOpen(open(path)).catch((error: unknown) => {
          if (!ImageError.is(error)) throw error;
          skipped.push({ path, error, busy: isBusy(error) });
          return [];
        });
        for (const record of records) homes.set(record.intent.id, path);
        yield* records;
      }
    },
    async close() {
      closed = true;
      await Promise.all([...files.values()].map((file) => file.close()));
    },
  };
}

export const openFile = (path: string, io: Io): FileLedger =>
  createFileLedger(path, {
    onDamage: ({ pieces, savedAs }) =>
      note(io, `warning: ${pieces} damaged records of the ledger ${path} were put aside in ${savedAs}`),
  });

export async function listOpen(ledger: Ledger): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.open()) records.push(record);
  return records;
}

/** Core has no reason of its own for a lock that somebody holds. */
export const isBusy = (error: unknown): boolean => ImageError.is(error) && error.reason === 'ledger_locked';
