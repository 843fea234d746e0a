import { constants } from 'node:fs';
import {
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { ImageError } from '../errors/image-error.ts';

/** The part of `node:fs/promises` that a file ledger needs; tests put failures in between. */
export const disk = { copyFile, link, lstat, mkdir, open, readFile, readlink, realpath, rename, stat, unlink };
export type Disk = typeof disk;
export type DiskFile = Awaited<ReturnType<Disk['open']>>;

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** How files are opened: never through a symbolic link, and never waiting for the other end of a pipe. */
export const flags = {
  read: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
  append: O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK,
  update: O_RDWR | O_NOFOLLOW | O_NONBLOCK,
  create: O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW,
} as const;

/** The system's own name of a failure, such as ENOSPC. */
export const codeOf = (error: unknown): string | undefined => {
  const code: unknown = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
};

/** Makes a name in a folder durable: syncing a file does not. */
export async function syncFolder(io: Disk, folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await io.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whoever may write in the folder of a ledger can remove it, and what it knows of is paid again. */
const privateFolder = 0o700;

/**
 * Makes a folder and all above it for this user alone, durably; those that are there stay as they are. Not `mkdir` with `recursive`, which never ends where the system says that a
 * folder's parent is there and that the folder cannot be, as below /proc.
 */
export async function makeFolder(io: Disk, folder: string): Promise<void> {
  const error = await io.mkdir(folder, privateFolder).catch((error: unknown) => error);
  if (error !== undefined && (await isFolder(io, folder))) return;
  if (error !== undefined && (codeOf(error) !== 'ENOENT' || dirname(folder) === folder)) throw error;
  if (error !== undefined) {
    await makeFolder(io, dirname(folder));
    await io.mkdir(folder, privateFolder).catch(async (again: unknown) => {
      if (!(await isFolder(io, folder))) throw again;
    });
  }
  await syncFolder(io, dirname(folder));
}

const isFolder = (io: Disk, path: string): Promise<boolean> =>
  io.stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Opens a regular file, and leaves its permissions as they are: it may turn out to be something else than a ledger. */
export async function openRegular(io: Disk, path: string, how: number): Promise<DiskFile> {
  const file = await io.open(path, how, 0o600);
  try {
    if ((await file.stat()).isFile()) return file;
    throw ledgerError(path, 'is not a regular file. Give the path of a file of its own');
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The same for a file that is known to be ours: only its owner may read it. */
export async function openPrivate(io: Disk, path: string, how: number): Promise<DiskFile> {
  const file = await openRegular(io, path, how);
  try {
    await makePrivate(file, path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Tightens a file that others may read. It is refused where that fails because it is somebody else's: what is written
 * there would be theirs to read and to change. A file of our own on a disk that knows no permissions is as private as
 * that disk.
 */
export async function makePrivate(file: DiskFile, path: string): Promise<void> {
  const { mode, uid } = await file.stat();
  if (!(mode & 0o077)) return;
  await file.chmod(0o600).catch((error: unknown) => {
    if (uid !== process.geteuid?.()) throw ledgerError(path, foreign, error);
  });
}

const foreign =
  'belongs to another user, and others may read it. Give the path of a file of your own, or let its owner `chmod 600` it';

/** Writes every byte; the system may take fewer at once. */
export async function writeAll(file: DiskFile, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}

/** Writes a new file beside `path` that can take its place, durably. What a crash left under that name goes. */
export async function writeDraft(io: Disk, path: string, parts: Iterable<string>): Promise<DiskFile> {
  const draft = draftOf(path);
  await io.unlink(draft).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  const file = await io.open(draft, flags.create, 0o600);
  try {
    for (const part of parts) await writeAll(file, Buffer.from(part));
    await file.sync();
    return file;
  } catch (error) {
    await dropDraft(io, path, file);
    throw error;
  }
}

export const draftOf = (path: string): string => `${path}.new`;

export async function dropDraft(io: Disk, path: string, file: DiskFile): Promise<void> {
  await file.close().catch(() => undefined);
  await io.unlink(draftOf(path)).catch(() => undefined);
}

/** Gives a file new content in one step: whoever reads it, at any time, sees all of the old or all of the new. */
export async function replaceFile(io: Disk, path: string, parts: Iterable<string>): Promise<void> {
  const draft = await writeDraft(io, path, parts);
  try {
    await io.rename(draftOf(path), path);
  } catch (error) {
    await dropDraft(io, path, draft);
    throw error;
  }
  await draft.close();
  await syncFolder(io, dirname(path));
}

/** Writes at the end of a side file, durably. A hard link could lead to any file of the user's, and is refused. */
export async function appendFile(io: Disk, path: string, parts: Iterable<string | Buffer>): Promise<void> {
  const file = await openRegular(io, path, flags.append);
  try {
    if ((await file.stat()).nlink > 1) throw ledgerError(path, 'has a second name (hard link). Remove or rename it');
    await makePrivate(file, path);
    for (const part of parts) await writeAll(file, Buffer.from(part));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Why a ledger cannot be used. Nothing has been sent when it is thrown before a `sending` is on the disk. */
export function ledgerError(path: string, problem: string, cause?: unknown): ImageError {
  const code = codeOf(cause);
  return new ImageError({
    code: 'unavailable',
    reason: 'ledger_unavailable',
    message: `The ledger ${path} ${problem}${code ? ` (${code})` : ''}`,
    billed: 'no',
    stage: 'ledger',
    cause,
  });
}
