import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, lstat, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ImageError } from '@imageport/core';
import type { Io } from '../io.ts';
import { stateFolder } from '../state-folder.ts';
import { refusal, usage } from '../usage.ts';
import { quote } from '../words.ts';

/** Where calls and paid jobs are recorded. */
export interface LedgerPlace {
  readonly path: string;
  /** A folder has one file for every call, so that several commands can run at once; a file is for one at a time. */
  readonly isFolder: boolean;
  /** The flag with which another command uses the same place. */
  readonly flag: string;
}

/** `--ledger`, else IMAGEPORT_LEDGER, else a folder of this user. */
export async function findPlace(given: string | undefined, io: Pick<Io, 'env' | 'cwd'>): Promise<LedgerPlace> {
  const named = given ?? io.env.IMAGEPORT_LEDGER?.trim();
  if (!named) {
    const path = defaultFolder(io.env, process.platform);
    for (const folder of [dirname(path), path]) await keepOthersOut(folder);
    return { path, isFolder: true, flag: '' };
  }
  const path = resolve(io.cwd, named);
  const flag = given === undefined ? '' : ` --ledger ${quote(given)}`;
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return { path, isFolder: true, flag };
  if (found) refuseOdd(found, given === undefined ? `IMAGEPORT_LEDGER ${named}` : `--ledger ${named}`);
  return { path, isFolder: /[\\/]$/.test(named), flag };
}

/** Whoever may write in our own folder can remove a ledger, and what it knows of would be paid again. */
async function keepOthersOut(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (!found?.isDirectory() || found.uid !== process.geteuid?.() || (found.mode & 0o022) === 0) return;
  // A disk that knows no permissions is as private as it is.
  await chmod(folder, found.mode & 0o700).catch(() => undefined);
}

/** Many times what a ledger of a hundred thousand calls takes. */
const mostBytes = 1024 * 1024 * 1024;

function refuseOdd(found: Stats, name: string): void {
  const way = 'give the path of a file of its own, or of a folder';
  if (!found.isFile()) throw usage(`${name}: this is not a regular file, so nothing was sent: ${way}`);
  if (found.size > mostBytes)
    throw usage(`${name}: a file of more than 1 GiB is no ledger, so nothing was sent: ${way}`);
}

export const defaultFolder = (env: Io['env'], platform: NodeJS.Platform): string =>
  join(stateFolder(env, platform), 'ledgers');

/** The file of an intent. The pictures of one call share it; its name is a hash, as an id can hold any sign. */
export function fileOf({ path, isFolder }: LedgerPlace, intentId: string): string {
  if (!isFolder) return path;
  const call = intentId.replace(/#\d+$/, '');
  return join(path, `${createHash('sha256').update(call).digest('hex').slice(0, 32)}.jsonl`);
}

/** Every ledger file that is there. Throws `unavailable` where nobody can say: it may hold paid jobs. */
export async function listFiles({ path, isFolder }: LedgerPlace): Promise<string[]> {
  try {
    if (!isFolder) return (await stat(path)) && [path];
    const names = await readdir(path);
    return names.filter((name) => name.endsWith('.jsonl')).map((name) => join(path, name));
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw unreadable(path, code);
  }
}

export const unreadable = (path: string, code: string): ImageError =>
  refusal(
    'unavailable',
    `The ledger ${path} cannot be read (${code}): make it readable, or give --ledger another place`,
  );
