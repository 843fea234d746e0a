import { isOpen } from '@imageport/core';
import { type LedgerFile, readLedgerFile } from '@imageport/core/node';
import { type LedgerPlace, listFiles } from './place.ts';

/** What a ledger file says, read without its lock: to show, not to act on. */
export interface FileContent extends LedgerFile {
  readonly path: string;
}

export const readPlace = async (place: LedgerPlace): Promise<FileContent[]> =>
  Promise.all((await listFiles(place)).map(readContent));

/** Nothing in this file is left to do. */
export const isDone = ({ records, whole }: FileContent): boolean => whole && !records.some(isOpen);

/** A file that cannot be read is not whole, so that it is opened in earnest, and says why. */
const readContent = async (path: string): Promise<FileContent> => ({
  path,
  ...(await readLedgerFile(path).catch(() => ({ records: [], find: () => [], whole: false }))),
});
