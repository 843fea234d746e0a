import { createHash, randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Job } from '@imageport/core';
import type { Io } from './io.ts';
import { makeFolder } from './make-folder.ts';
import { writeNewFile } from './new-file.ts';
import { readBounded } from './read-bounded.ts';
import { stateFolder } from './state-folder.ts';

/** A picture that was saved for a request with an id of its own, as `--json` shows it. */
export interface SavedPicture {
  readonly path: string;
  readonly job?: Job;
}

/** What one request with an `--intent` has brought to one place, so that asking again neither pays nor saves again. */
export interface Receipt {
  /** What was saved for a picture, counted from 0, if it still lies there unchanged. */
  find(index: number): Promise<SavedPicture | undefined>;
  /** Whether a picture was ever saved, whatever became of the file. */
  has(index: number): Promise<boolean>;
  add(index: number, picture: SavedPicture): Promise<void>;
}

/** A receipt belongs to exactly this: the same id with another request or another place is something else. */
export interface ReceiptKey {
  readonly intentId: string;
  /** Which ledger, or the emulator, knows the intent. */
  readonly scope: string;
  /** All that tells what the pictures are and where they go, as plain data. */
  readonly request: unknown;
}

const mostPictureBytes = 256 * 1024 * 1024;
const mostNoteBytes = 64 * 1024;

interface Line extends SavedPicture {
  readonly sha256: string;
}

const hash = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

const folderOf = ({ env }: Pick<Io, 'env'>): string => join(stateFolder(env, process.platform), 'saved');

export function openReceipt(key: ReceiptKey, io: Pick<Io, 'env'>): Receipt {
  const folder = folderOf(io);
  const name = hash(JSON.stringify([key.scope, key.intentId, key.request], bytesAsHash)).slice(0, 32);
  const pathOf = (index: number): string => join(folder, `${name}.${index}`);
  return {
    async find(index) {
      const line = await readLine(pathOf(index));
      const bytes = line && (await readBounded(line.path, mostPictureBytes).catch(() => undefined));
      if (!line || !bytes || hash(bytes) !== line.sha256) return undefined;
      const { sha256: _, ...picture } = line;
      return picture;
    },
    has: async (index) => (await readLine(pathOf(index))) !== undefined,
    async add(index, picture) {
      try {
        await makeFolder(folder, 0o700);
        const line: Line = { ...picture, sha256: hash(await readBounded(picture.path, mostPictureBytes)) };
        const draft = join(folder, `.${randomUUID()}.new`);
        await writeNewFile(draft, JSON.stringify(line), 0o600);
        await rename(draft, pathOf(index));
      } catch {
        // The picture is saved, and its ledger says that it is paid. Only asking again is less convenient.
      }
    },
  };
}

async function readLine(path: string): Promise<Line | undefined> {
  try {
    const line = JSON.parse((await readBounded(path, mostNoteBytes)).toString('utf8')) as Line;
    return typeof line.path === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
}

/** Reference pictures may be large. */
const bytesAsHash = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? hash(value) : value);

/** Removes receipts that are older than `retention` milliseconds, which is as long as a ledger remembers. */
export async function forgetReceipts(io: Pick<Io, 'env'>, retention: number): Promise<void> {
  const folder = folderOf(io);
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > retention) await rm(path, { force: true });
  }
}
