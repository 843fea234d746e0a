import { ImageError, isOpen, type Ledger } from '@imageport/core';
import { readLedgerFile } from '@imageport/core/node';
import type { Io } from '../io.ts';
import { type Keeper, openPlace } from '../ledger/keeper.ts';
import { findPlace, type LedgerPlace, unreadable } from '../ledger/place.ts';
import { readPlace } from '../ledger/read.ts';
import { usage } from '../usage.ts';

/** The ledgers of the rows: in a folder each row has a file of its own, which is open only while the row runs. */
export interface RowLedgers {
  /** The ids of calls that are not done, as the files say before anything is sent. */
  unfinished(): Promise<ReadonlySet<string>>;
  of(intentId: string): Ledger;
  done(intentId: string): Promise<void>;
  close(): Promise<void>;
}

/** Where the rows are recorded. Throws `invalid_request` for a file that is no ledger, before any row finds out. */
export async function findLedgers(given: string | undefined, io: Io): Promise<LedgerPlace> {
  const place = await findPlace(given, io);
  if (place.isFolder) return place;
  await readLedgerFile(place.path).catch((cause: NodeJS.ErrnoException) => {
    const error = ImageError.is(cause) ? cause : unreadable(place.path, cause.code ?? 'unknown');
    const name = given === undefined ? 'IMAGEPORT_LEDGER' : `--ledger ${given}`;
    throw usage(
      `${name}: ${error.message}. Nothing was sent: give the path of a ledger, of a new file, or of a folder`,
    );
  });
  return place;
}

export function openLedgers(place: LedgerPlace, io: Io): RowLedgers {
  const open = new Map<string, Keeper>();
  const nameOf = (intentId: string): string => (place.isFolder ? intentId : '');
  return {
    async unfinished() {
      const records = (await readPlace(place)).flatMap((content) => content.records);
      return new Set(records.filter(isOpen).map(({ intent }) => intent.id.replace(/#\d+$/, '')));
    },
    of(intentId) {
      const name = nameOf(intentId);
      const keeper = open.get(name) ?? openPlace(place, io);
      open.set(name, keeper);
      return keeper;
    },
    async done(intentId) {
      if (!place.isFolder) return;
      const keeper = open.get(intentId);
      open.delete(intentId);
      await keeper?.close();
    },
    async close() {
      await Promise.all([...open.values()].map((keeper) => keeper.close()));
    },
  };
}
