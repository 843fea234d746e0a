import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { ImageError } from '../errors/image-error.ts';
import { codeOf, type Disk, disk, ledgerError, makeFolder, replaceFile, syncFolder, writeFile } from './disk.ts';
import { type Journal, openJournal } from './journal.ts';
import type { Book } from './ledger-book.ts';
import { toLine } from './ledger-line.ts';
import { type Release, takeLock } from './lock-file.ts';
import { type LedgerContent, readLedger } from './read-ledger.ts';

/** Records of a ledger file that are not as they were written. Everything around them was read. */
export interface LedgerDamage {
  readonly path: string;
  /** Where the bytes were put aside. */
  readonly savedAs: string;
  /** Pieces that could not be read. */
  readonly pieces: number;
  readonly bytes: number;
}

export interface FileLedgerOptions {
  /** Milliseconds for which a delivered intent is remembered. @default 8 days */
  readonly retention?: number | undefined;
  /** Bytes from which the file is worth shrinking, when it is opened. @default 1 MiB */
  readonly compactAbove?: number | undefined;
  /** Told about records that are damaged. A last record that a crash cut off is none. @default a process warning */
  readonly onDamage?: ((damage: LedgerDamage) => void) | undefined;
  /** Stands in for `node:fs/promises`. */
  readonly io?: Disk | undefined;
}

/** A ledger file that this process has to itself. */
export interface Shelf {
  readonly path: string;
  readonly book: Book;
  readonly journal: Journal;
  readonly release: Release;
}

/** The options with their defaults. */
export interface Settings {
  readonly retention: number;
  readonly compactAbove: number;
  readonly onDamage: (damage: LedgerDamage) => void;
  readonly io: Disk;
}

const day = 24 * 60 * 60 * 1000;

export const settle = (options: FileLedgerOptions): Settings => ({
  retention: options.retention ?? 8 * day,
  compactAbove: options.compactAbove ?? 1 << 20,
  onDamage: options.onDamage ?? warn,
  io: options.io ?? disk,
});

/** Takes the lock, reads the file, mends and shrinks it where needed, and makes it ready for the next record. */
export async function openLedger(given: string, settings: Settings): Promise<Shelf> {
  const { io } = settings;
  let release: Release | undefined;
  let journal: Journal | undefined;
  try {
    await makeFolder(io, dirname(resolve(given)));
    const path = await realName(io, resolve(given));
    release = await takeLock(io, path);
    const content = await readLedger(io, path);
    await tidy(path, content, settings);
    journal = await openJournal(io, path);
    await syncFolder(io, dirname(path));
    return { path, book: content.book, journal, release };
  } catch (error) {
    await journal?.close().catch(() => undefined);
    await release?.().catch(() => undefined);
    if (ImageError.is(error)) throw error;
    throw ledgerError(given, 'could not be opened. Make its folder writable, or use another file', error);
  }
}

/** One file has one lock, under whatever name it was opened. */
async function realName(io: Disk, path: string): Promise<string> {
  return io.realpath(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return path;
    throw error;
  });
}

async function tidy(
  path: string,
  content: LedgerContent,
  { io, retention, compactAbove, onDamage }: Settings,
): Promise<void> {
  const { book, size, bad, torn, uneven } = content;
  const savedAs = `${path}.damaged`;
  const aside = bad.flatMap((piece) => [piece, '\n']);
  if (bad.length > 0) await writeFile(io, savedAs, 'a', aside);
  const pieces = bad.length - (torn ? 1 : 0);
  if (pieces > 0) {
    const bytes = bad.reduce((sum, { length }) => sum + length, 0);
    onDamage({ path, savedAs, pieces, bytes });
  }
  const isLarge = size > compactAbove;
  if (!uneven && !isLarge) return;
  const oldest = isLarge ? Date.now() - retention : Number.NEGATIVE_INFINITY;
  const kept = book.keep(oldest).map(toLine);
  if (!uneven && lengthOf(kept) >= size * worthwhile) return;
  await replaceFile(io, path, portions(kept));
  book.forget(oldest);
}

/** A rewrite that saves less than a quarter is not worth it. */
const worthwhile = 0.75;

const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/** Many lines at once, as one write each would take long. */
function* portions(lines: readonly string[]): Generator<string> {
  for (let at = 0; at < lines.length; at += 500) yield lines.slice(at, at + 500).join('');
}

function warn({ path, savedAs, pieces }: LedgerDamage): void {
  process.emitWarning(`${pieces} damaged records of the ledger ${path} were put aside in ${savedAs}`, 'LedgerDamage');
}
