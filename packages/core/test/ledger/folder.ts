import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import type { Ledger, LedgerEvent, LedgerRecord } from '../../src/ledger/ledger.ts';
import type { FileLedger } from '../../src/node/file-ledger.ts';
import { toIntent } from './events.ts';

export * from './events.ts';

/** A folder for the ledgers of one test file. They are closed after each test, and all is removed at the end. */
export function useFolder() {
  const root = mkdtempSync(join(tmpdir(), 'imageport-ledger-'));
  const open = new Set<FileLedger>();
  let count = 0;
  afterEach(async () => {
    await Promise.all([...open].map((ledger) => ledger.close()));
    open.clear();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return {
    /** A new name in a folder of its own that is not there yet. */
    path: (): string => join(root, `${++count}`, 'ledger.jsonl'),
    keep(ledger: FileLedger): FileLedger {
      open.add(ledger);
      return ledger;
    },
    close: async (ledger: Ledger): Promise<void> => (ledger as FileLedger).close(),
  };
}

/** Writes one intent with its events. */
export async function write(ledger: Ledger, id: string, events: readonly LedgerEvent[]): Promise<void> {
  await ledger.begin(toIntent(id));
  const { fence } = (await ledger.claim(id, 'test', 60_000)) ?? { fence: -1 };
  for (const event of events) await ledger.append(id, fence, event);
}

export async function listOpen(ledger: Ledger): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.open()) records.push(record);
  return records;
}
