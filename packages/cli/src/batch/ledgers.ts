import { isOpen, type Ledger } from '@imageport/core';
import type { Io } from '../io.ts';
import { type Keeper, openPlace } from '../ledger/keeper.ts';
import type { LedgerPlace } from '../ledger/place.ts';
import { readPlace } from '../ledger/read.ts';

/** The ledgers of the rows: in a folder each row has a file of its own, which is open only while the row runs. */
export interface RowLedgers {
  /** The ids of calls that are not done, as the files say before anything is sent. */
  unfinished(): Promise<ReadonlySet<string>>;
  of(intentId: string): Ledger;
  done(intentId: string): Promise<void>;
  close(): Promise<void>;
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
