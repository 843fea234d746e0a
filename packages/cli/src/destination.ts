import { randomUUID } from 'node:crypto';
import { lstat, open, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { isFolder, makeFolder } from './make-folder.ts';
import { usage } from './usage.ts';

/** Where pictures go: into a folder under names of their own, or to one file. */
export interface Destination {
  readonly folder: string;
  /** The name the caller gave. */
  readonly file?: string;
}

/** Bytes that common file systems allow for a name. */
const longestName = 255;

export interface PlanOptions {
  /** How many pictures. */
  readonly n: number;
  /** Files that stand in the way are replaced. */
  readonly force?: boolean | undefined;
  /** Files of the names may be pictures of this very request: they are compared when the pictures are here. */
  readonly mayBeOurs?: boolean | undefined;
  /** The names that pictures get where the caller gave none, as long as they can be. */
  readonly names?: readonly string[] | undefined;
  /** Paths of pictures of this very request that are saved already: they stay. */
  readonly saved?: readonly string[] | undefined;
}

/** Makes sure, before anything is spent, that the pictures can be written and that no file is in their way. */
export async function planDestination(
  destination: Destination,
  cwd: string,
  { n, force = false, mayBeOurs = false, names = [], saved = [] }: PlanOptions,
): Promise<void> {
  const { folder, file } = destination;
  const given = file === undefined ? [] : fileNames(file, n);
  for (const name of given) {
    if (Buffer.byteLength(name) > longestName)
      throw usage(`--out ${name.slice(0, 40)}…: the name is longer than ${longestName} bytes, so nothing was sent`);
    const path = join(folder, name);
    if (!mayBeOurs && !saved.includes(path)) await refuseExisting(path, cwd, force);
  }
  await tryWriting(
    folder,
    cwd,
    Math.max(0, ...(file === undefined ? names : given).map((name) => Buffer.byteLength(name))),
  );
}

/** What `--out` names. A folder that ends with a slash is made. */
export async function findDestination(out: string | undefined, cwd: string): Promise<Destination> {
  if (out === undefined) return { folder: cwd };
  if (out.includes('\0'))
    throw usage(`--out ${JSON.stringify(out)} holds a NUL, so nothing was sent: no file can have such a name`);
  const path = resolve(cwd, out);
  if (/[\\/]$/.test(out)) {
    await makeFolder(path).catch((error: NodeJS.ErrnoException) => {
      throw usage(`--out ${out}: the folder cannot be made (${error.code}), so nothing was sent`);
    });
    return { folder: path };
  }
  return (await isFolder(path)) ? { folder: path } : { folder: dirname(path), file: basename(path) };
}

/** The names of `n` pictures where the caller gave one: hero.png, or hero-1.png, hero-2.png … */
export function fileNames(file: string, n: number): string[] {
  if (n === 1) return [file];
  const extension = extname(file);
  const stem = basename(file, extension);
  return Array.from({ length: n }, (_, index) => `${stem}-${index + 1}${extension}`);
}

async function refuseExisting(path: string, cwd: string, force: boolean): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  const name = show(path, cwd);
  const isFile = found.isFile() || found.isSymbolicLink();
  if (force && isFile) return;
  if (force) throw usage(`${name} is no file, so it cannot be replaced and nothing was sent: give --out another name`);
  throw usage(
    `${name} exists already, so nothing was sent: give --out another name, or a folder (${show(dirname(path), cwd)}/), or --force to replace it`,
  );
}

/** With a name of as many bytes as the longest that will be written: a whole path may be too long as well. */
async function tryWriting(folder: string, cwd: string, length: number): Promise<void> {
  const path = temporaryName(folder, Math.min(length, longestName));
  try {
    await (await open(path, 'wx')).close();
    await rm(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const name = show(folder, cwd);
    // Below /proc a folder is there, and a file in it cannot be.
    const isMissing = code === 'ENOENT' && !(await isFolder(folder));
    const problem = isMissing ? 'does not exist' : `cannot be written to (${code})`;
    const way = isMissing ? `make it, or end --out with a slash` : 'give --out another place';
    if (code === 'ENAMETOOLONG')
      throw usage(
        `The path ${name.slice(0, 40)}… with the picture's name behind it is too long (${code}), so nothing was sent: ${way}`,
      );
    throw usage(`The folder ${name} ${problem}, so nothing was sent: ${way}`);
  }
}

/** A name that no file has, of so many characters at least. */
export const temporaryName = (folder: string, length = 0): string =>
  join(folder, `${`.imageport-${randomUUID()}`.padEnd(length - '.part'.length, '-')}.part`);

/** A path as the user would write it: from here where it is below, else in full. */
export function show(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === '' ? '.' : near.startsWith('..') ? path : near;
}
