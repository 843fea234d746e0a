import { realpath } from 'node:fs/promises';
import { ImageError, isOpen } from '@imageport/core';
import { type LedgerFile, readLedgerFile } from '@imageport/core/node';
import { type LedgerPlace, listFiles, unreadable } from './place.ts';

/** What a ledger file says, read without its lock: to show, not to act on. */
export interface FileContent extends LedgerFile {
  readonly path: string;
  /** Why it cannot be read. */
  readonly problem?: unknown;
}

export const readPlace = async (place: LedgerPlace): Promise<FileContent[]> =>
  Promise.all((await listFiles(place)).map(readContent));

/** Nothing in this file is left to do. */
export const isDone = ({ records, whole }: FileContent): boolean => whole && !records.some(isOpen);

/** A file that cannot be read is not whole, so that it is opened in earnest, and says why. Under its own name, as then. */
async function readContent(path: string): Promise<FileContent> {
  try {
    return { path, ...(await readLedgerFile(await realpath(path))) };
  } catch (problem) {
    return { path, records: [], find: () => [], whole: false, problem };
  }
}

/** Throws where the one file that the caller named cannot be read: that nothing in it is unfinished is not known. */
export function checkNamed(place: LedgerPlace, contents: readonly FileContent[]): void {
  const [problem] = place.isFolder ? [] : contents.flatMap((content) => problemOf(content) ?? []);
  if (problem) throw problem;
}

/** Why a file cannot be read, with the way out: what is unfinished in it is not known. */
export function problemOf({ path, problem }: FileContent): ImageError | undefined {
  if (problem === undefined || ImageError.is(problem)) return problem;
  const { code = 'unknown' } = problem as NodeJS.ErrnoException;
  return unreadable(path, code);
}
