import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { ImageError } from '../errors/image-error.ts';
import {
  codeOf,
  type Disk,
  type DiskFile,
  ledgerError,
  makeFolder,
  replaceFile,
  syncFolder,
  writeAll,
} from './disk.ts';
import { type Journal, openJournal } from './journal.ts';
import { type Book, createBook } from './ledger-book.ts';
import { readLines, salvage, toLine } from './ledger-line.ts';
import { type Release, takeLock } from './lock-file.ts';

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

interface Content {
  readonly book: Book;
  readonly size: number;
  readonly bad: readonly Buffer[];
  /** The file ends in the middle of a record. */
  readonly torn: boolean;
  /** There is a line that is not one record. */
  readonly uneven: boolean;
}

type Settings = Required<Omit<FileLedgerOptions, 'onDamage'>> & Pick<FileLedgerOptions, 'onDamage'>;

/** Takes the lock, reads the file, mends and shrinks it where needed, and makes it ready for the next record. */
export async function openLedger(given: string, settings: Settings): Promise<Shelf> {
  const { io } = settings;
  let release: Release | undefined;
  try {
    await makeFolder(io, dirname(resolve(given)));
    const path = await realName(io, resolve(given));
    release = await takeLock(io, path);
    const content = await readContent(io, path);
    await tidy(path, content, settings);
    const journal = await openJournal(io, path);
    await syncFolder(io, dirname(path));
    return { path, book: content.book, journal, release };
  } catch (error) {
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

async function readContent(io: Disk, path: string): Promise<Content> {
  const file = await openIfThere(io, path);
  if (!file) return { book: createBook(), size: 0, bad: [], torn: false, uneven: false };
  try {
    return await scan(file, path);
  } finally {
    await file.close();
  }
}

async function openIfThere(io: Disk, path: string): Promise<DiskFile | undefined> {
  return io.open(path, 'r').catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    return undefined;
  });
}

async function scan(file: DiskFile, path: string): Promise<Content> {
  const book = createBook();
  const bad: Buffer[] = [];
  let [size, torn, uneven] = [0, false, false];
  for await (const { line, whole } of readLines(file)) {
    const found = salvage(line);
    if (size === 0 && found.entries.length === 0) checkFirst(line, path);
    for (const entry of found.entries) book.apply(entry);
    bad.push(...found.bad.map((piece) => Buffer.from(piece)));
    size += line.length + (whole ? 1 : 0);
    torn = !whole && found.bad.length > 0;
    uneven ||= !whole || found.bad.length > 0 || found.entries.length > 1;
  }
  // A lost number may have been a fence.
  for (const _ of bad) book.next();
  return { book, size, bad, torn, uneven };
}

/** A path that names something else must not cost the caller that file. */
function checkFirst(line: Buffer, path: string): void {
  const start = line.toString('latin1', 0, 100).replaceAll('\0', '');
  if ('{"crc":"'.startsWith(start) || start.includes('"crc"') || start.includes('"seq"')) return;
  throw ledgerError(path, 'is not a ledger: its first line is something else. Give the path of a file of its own');
}

async function tidy(
  path: string,
  content: Content,
  { io, retention, compactAbove, onDamage }: Settings,
): Promise<void> {
  const { book, size, bad, torn, uneven } = content;
  if (bad.length > 0) await putAside(io, `${path}.damaged`, bad);
  const pieces = bad.length - (torn ? 1 : 0);
  if (pieces > 0) {
    const bytes = bad.reduce((sum, { length }) => sum + length, 0);
    (onDamage ?? warn)({ path, savedAs: `${path}.damaged`, pieces, bytes });
  }
  const isLarge = size > compactAbove;
  if (!uneven && !isLarge) return;
  const kept = book.keep(isLarge ? Date.now() - retention : Number.NEGATIVE_INFINITY);
  if (uneven || lengthOf(kept.map(toLine)) < size * worthwhile) await replaceFile(io, path, lines(kept));
}

/** A rewrite that saves less than a quarter is not worth it. */
const worthwhile = 0.75;

const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

function* lines(entries: ReturnType<Book['keep']>): Generator<string> {
  for (const entry of entries) yield toLine(entry);
}

async function putAside(io: Disk, path: string, pieces: readonly Buffer[]): Promise<void> {
  const file = await io.open(path, 'a', 0o600);
  try {
    for (const piece of pieces) await writeAll(file, Buffer.concat([piece, Buffer.from('\n')]));
    await file.sync();
  } finally {
    await file.close();
  }
}

function warn({ path, savedAs, pieces }: LedgerDamage): void {
  process.emitWarning(`${pieces} damaged records of the ledger ${path} were put aside in ${savedAs}`, 'LedgerDamage');
}
