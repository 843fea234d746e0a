import { copyFile, link, mkdir, open, readFile, realpath, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { ImageError } from '../errors/image-error.ts';

/** The part of `node:fs/promises` that a file ledger needs; tests put failures in between. */
export const disk = { copyFile, link, mkdir, open, readFile, realpath, rename, unlink };
export type Disk = typeof disk;
export type DiskFile = Awaited<ReturnType<Disk['open']>>;

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

/** Makes a folder and all above it, durably. */
export async function makeFolder(io: Disk, folder: string): Promise<void> {
  const first = await io.mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(io, dirname(made));
}

/** Writes every byte; the system may take fewer at once. */
export async function writeAll(file: DiskFile, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}

/** Gives a file new content in one step: whoever reads it, at any time, sees all of the old or all of the new. */
export async function replaceFile(io: Disk, path: string, parts: Iterable<string>): Promise<void> {
  const draft = `${path}.new`;
  try {
    await writeFile(io, draft, 'w', parts);
    await io.rename(draft, path);
  } catch (error) {
    await io.unlink(draft).catch(() => undefined);
    throw error;
  }
  await syncFolder(io, dirname(path));
}

/** Writes a file, or on at its end, durably. */
export async function writeFile(
  io: Disk,
  path: string,
  flags: 'w' | 'a',
  parts: Iterable<string | Buffer>,
): Promise<void> {
  const file = await io.open(path, flags, 0o600);
  try {
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
