import { createHash, randomUUID } from 'node:crypto';
import { lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Io } from './io.ts';
import { makeFolder } from './make-folder.ts';
import { writeNewFile } from './new-file.ts';
import { readBounded } from './read-bounded.ts';
import { stateFolder } from './state-folder.ts';

/**
 * Whether the addresses of a config may be used: `given` by the user on the command line, `remembered` from `imageport
 * trust`, `changed` since then, or `none`: the file merely lies there.
 */
export type Trust = 'given' | 'remembered' | 'changed' | 'none';

export const isTrusted = (trust: Trust): boolean => trust === 'given' || trust === 'remembered';

/** A file by its real path, with the content that was read. */
export interface TrustedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const hash = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

const folderOf = ({ env }: Pick<Io, 'env'>): string => join(stateFolder(env, process.platform), 'trusted');

const noteOf = ({ path }: Pick<TrustedFile, 'path'>, io: Pick<Io, 'env'>): string => join(folderOf(io), hash(path));

/** What the user said of this file with this content. */
export async function recallTrust(file: TrustedFile, io: Pick<Io, 'env'>): Promise<Exclude<Trust, 'given'>> {
  const note = noteOf(file, io);
  if (!(await isOwn(note))) return 'none';
  const content = await readBounded(note, 1024).catch(() => undefined);
  if (content === undefined) return 'none';
  return content.toString('utf8').trim() === hash(file.bytes) ? 'remembered' : 'changed';
}

/** Only what nobody else could have written counts. */
async function isOwn(note: string): Promise<boolean> {
  const found = await lstat(note).catch(() => undefined);
  if (!found?.isFile()) return false;
  const uid = process.getuid?.();
  return uid === undefined || (found.uid === uid && (found.mode & 0o022) === 0);
}

/** Remembers the file with this content and no other. */
export async function rememberTrust(file: TrustedFile, io: Pick<Io, 'env'>): Promise<void> {
  const folder = folderOf(io);
  await makeFolder(folder, 0o700);
  const draft = join(folder, `.${randomUUID()}.new`);
  try {
    await writeNewFile(draft, `${hash(file.bytes)}\n`, 0o600);
    await rename(draft, noteOf(file, io));
  } finally {
    await rm(draft, { force: true });
  }
}

export const forgetTrust = (file: Pick<TrustedFile, 'path'>, io: Pick<Io, 'env'>): Promise<void> =>
  rm(noteOf(file, io), { force: true });
