import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Ledger } from '@imageport/core';
import { createFileBookStore, type FileBookStore, type FileLedger } from '@imageport/core/node';
import type { Io } from '../io.ts';
import { isBusy, openFile } from '../ledger/keeper.ts';
import { findPlace } from '../ledger/place.ts';
import { usage } from '../usage.ts';

/** What a server keeps on the disk. */
export interface Records {
  readonly ledger: Ledger;
  readonly store: FileBookStore;
  close(): Promise<void>;
}

/** So many servers at once; every window of a client may start one. */
const mostServers = 100;

/**
 * Opens the ledger of this server: beside those of other commands, where `imageport jobs` and `resume` find it. Each server that
 * runs at the same time has one of its own, and the first that comes after a crash has the first one again.
 */
export async function openRecords(given: string | undefined, io: Io): Promise<Records> {
  const place = await findPlace(given, io);
  for (let number = 1; ; number += 1) {
    const base = place.isFolder ? join(place.path, `mcp-${number}`) : place.path.replace(/\.jsonl$/, '');
    const ledger = openFile(place, place.isFolder ? `${base}.jsonl` : place.path, io);
    try {
      await ready(ledger);
      const store = createFileBookStore(`${base}.budgets`);
      return { ledger, store, close: () => close(ledger, store) };
    } catch (error) {
      await ledger.close();
      if (!isBusy(error) || !place.isFolder || number === mostServers) throw error;
    }
  }
}

async function ready(ledger: FileLedger): Promise<void> {
  await ledger.find({ words: '' });
}

async function close(ledger: FileLedger, store: FileBookStore): Promise<void> {
  await ledger.close();
  await store.close();
}

/** Where pictures go: clients start servers in folders of their own choice, so by default it is one that the user finds. */
export async function picturesFolder(out: string | undefined, io: Io): Promise<string> {
  const folder = out === undefined ? join(homeOf(io), 'imageport-pictures') : resolve(io.cwd, out);
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw usage(`--out ${folder}: the folder cannot be made (${error.code}); give another one`);
  });
  return folder;
}

const homeOf = ({ env }: Pick<Io, 'env'>): string => env.HOME || env.USERPROFILE || homedir();
