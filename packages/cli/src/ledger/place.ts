import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Io } from '../io.ts';
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
  if (!named) return { path: defaultFolder(io.env, process.platform), isFolder: true, flag: '' };
  const path = resolve(io.cwd, named);
  const flag = given === undefined ? '' : ` --ledger ${quote(given)}`;
  return { path, isFolder: /[\\/]$/.test(named) || (await isDirectory(path)), flag };
}

/** The folder in which programs of this system keep what they must not forget. */
export function defaultFolder(env: Io['env'], platform: NodeJS.Platform): string {
  const home = env.HOME || env.USERPROFILE || homedir();
  const own = (): string => {
    if (platform === 'win32') return env.LOCALAPPDATA || join(home, 'AppData', 'Local');
    return platform === 'darwin' ? join(home, 'Library', 'Application Support') : join(home, '.local', 'state');
  };
  const { XDG_STATE_HOME: given = '' } = env;
  return join(isAbsolute(given) ? given : own(), 'imageport', 'ledgers');
}

/** The file of an intent. The pictures of one call share it; its name is a hash, as an id can hold any sign. */
export function fileOf({ path, isFolder }: LedgerPlace, intentId: string): string {
  if (!isFolder) return path;
  const call = intentId.replace(/#\d+$/, '');
  return join(path, `${createHash('sha256').update(call).digest('hex').slice(0, 32)}.jsonl`);
}

/** Every ledger file that is there. */
export async function listFiles({ path, isFolder }: LedgerPlace): Promise<string[]> {
  if (!isFolder) return (await isThere(path)) ? [path] : [];
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return [];
  });
  return names.filter((name) => name.endsWith('.jsonl')).map((name) => join(path, name));
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
