import type { LedgerRecord } from '../ledger/facts.ts';
import type { FindQuery } from '../ledger/ledger.ts';
import { disk } from './disk.ts';
import { recordOf } from './ledger-entry.ts';
import { findRecords } from './ledger-index.ts';
import { readLedger } from './read-ledger.ts';

/** What a ledger file says at the moment. */
export interface LedgerFile {
  /** In the order in which they were begun, delivered ones included. */
  readonly records: readonly LedgerRecord[];
  /** As `find` of the ledger. */
  find(query: FindQuery): readonly LedgerRecord[];
  /** Every line could be read, and the last one is complete. */
  readonly whole: boolean;
}

/**
 * Reads a ledger file without its lock, also while another process has it: for display, not to act on. Throws
 * `ImageError` (`ledger_unavailable`) for what is no ledger, and for more than `maxBytes` (1 GiB).
 */
export async function readLedgerFile(path: string, { maxBytes }: { maxBytes?: number } = {}): Promise<LedgerFile> {
  const { index, uneven } = await readLedger(disk, path, maxBytes);
  return {
    records: [...index.entries.values()].map((entry) => recordOf(index, entry)),
    find: (query) => findRecords(index, query),
    whole: !uneven,
  };
}
