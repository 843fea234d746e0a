import { rm, stat } from 'node:fs/promises';
import type { Io } from '../io.ts';
import { forgetReceipts } from '../receipt.ts';
import { listOpen, openFile } from './keeper.ts';
import { forgetOwners } from './owners.ts';
import { type LedgerPlace, listFiles } from './place.ts';

/** As long as a ledger file remembers: longer than any host keeps a picture. */
const retention = 8 * 24 * 60 * 60 * 1000;
const mostAtOnce = 50;

/** Removes files of calls that ended long ago. Whatever stands in the way is left for the next time. */
export async function prune(place: LedgerPlace, io: Io): Promise<void> {
  if (!place.isFolder) return;
  const files = await listFiles(place).catch(() => []);
  const old: string[] = [];
  for (const path of files) {
    const changed = await stat(path).catch(() => undefined);
    if (changed && Date.now() - changed.mtimeMs > retention) old.push(path);
  }
  for (const path of old.slice(0, mostAtOnce)) await removeDone(place, path, io).catch(() => undefined);
  await forgetOwners(place, retention).catch(() => undefined);
  await forgetReceipts(io, retention).catch(() => undefined);
}

/** Under its lock, so that nobody writes to it meanwhile. */
async function removeDone(place: LedgerPlace, path: string, io: Io): Promise<void> {
  const ledger = openFile(place, path, io);
  try {
    if ((await listOpen(ledger)).length === 0) await rm(path);
  } finally {
    await ledger.close();
  }
}
