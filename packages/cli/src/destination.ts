import { randomUUID } from 'node:crypto';
import { lstat, open, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { usage } from './usage.ts';

/** Where pictures go: into a folder under names of their own, or to one file. */
export interface Destination {
  readonly folder: string;
  /** The name the caller gave. */
  readonly file?: string;
}

/** Bytes that common file systems allow for a name. */
const longestName = 255;

/** Makes sure, before anything is spent, that the pictures can be written and that no file is in their way. */
export async function planDestination(out: string | undefined, cwd: string, n: number): Promise<Destination> {
  const destination = await locate(out, cwd);
  const { folder, file } = destination;
  if (file !== undefined) {
    for (const name of fileNames(file, n)) {
      if (Buffer.byteLength(name) > longestName)
        throw usage(`--out ${out}: the name is longer than ${longestName} bytes, so nothing was sent`);
      await refuseExisting(join(folder, name), cwd);
    }
  }
  await tryWriting(folder, cwd);
  return destination;
}

async function locate(out: string | undefined, cwd: string): Promise<Destination> {
  if (out === undefined) return { folder: cwd };
  const path = resolve(cwd, out);
  if (/[\\/]$/.test(out)) {
    await makeFolder(path).catch((error: NodeJS.ErrnoException) => {
      throw usage(`--out ${out}: the folder cannot be made (${error.code}), so nothing was sent`);
    });
    return { folder: path };
  }
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? { folder: path } : { folder: dirname(path), file: basename(path) };
}

/** The names of `n` pictures where the caller gave one: hero.png, or hero-1.png, hero-2.png … */
export function fileNames(file: string, n: number): string[] {
  if (n === 1) return [file];
  const extension = extname(file);
  const stem = basename(file, extension);
  return Array.from({ length: n }, (_, index) => `${stem}-${index + 1}${extension}`);
}

async function refuseExisting(path: string, cwd: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  const name = show(path, cwd);
  throw usage(
    `${name} exists already and is never overwritten, so nothing was sent: give --out another name, or a folder (${show(dirname(path), cwd)}/)`,
  );
}

async function tryWriting(folder: string, cwd: string): Promise<void> {
  const path = temporaryName(folder);
  try {
    await (await open(path, 'wx')).close();
    await rm(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const name = show(folder, cwd);
    const problem = code === 'ENOENT' ? 'does not exist' : `cannot be written to (${code})`;
    const way = code === 'ENOENT' ? `make it, or end --out with a slash` : 'give --out another place';
    throw usage(`The folder ${name} ${problem}, so nothing was sent: ${way}`);
  }
}

export const temporaryName = (folder: string): string => join(folder, `.imageport-${randomUUID()}.part`);

/** A path as the user would write it: from here where it is below, else in full. */
export function show(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === '' ? '.' : near.startsWith('..') ? path : near;
}
