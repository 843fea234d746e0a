import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { ImageError } from '../errors/image-error.ts';
import { isWorthwhile, toFile, weighRewrite } from './compaction.ts';
import { appendFile, codeOf, type Disk, disk, ledgerError, makeFolder, replaceFile, syncFolder } from './disk.ts';
import { type Journal, openJournal } from './journal.ts';
import { forgetPast, type Index, nextNumber } from './ledger-index.ts';
import { format, toLine } from './ledger-line.ts';
import { type Lock, takeLock } from './lock-file.ts';
import { defaultMaxBytes, type LedgerContent, readLedger } from './read-ledger.ts';

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
  /** Bytes from which the file is worth shrinking. @default 1 MiB */
  readonly compactAbove?: number | undefined;
  /** Bytes of the file; a larger one is refused unread. @default 1 GiB */
  readonly maxBytes?: number | undefined;
  /** Called for records that are damaged, not for a last one that a crash cut off. @default a process warning */
  readonly onDamage?: ((damage: LedgerDamage) => void) | undefined;
  /** Epoch milliseconds that never go back, for leases and retention. @default the system's monotonic clock */
  readonly now?: (() => number) | undefined;
  /** Stands in for `node:fs/promises`. */
  readonly io?: Disk | undefined;
}

/** A ledger file that this process has to itself. */
export interface OpenLedger {
  readonly path: string;
  readonly options: ResolvedOptions;
  readonly index: Index;
  readonly journal: Journal;
  readonly lock: Lock;
  /** Jobs that are being written down, by key. */
  readonly jobsInFlight: Map<string, { readonly intentId: string; readonly written: Promise<void> }>;
  /** The size at which it is to be seen whether a rewrite is worth it. */
  compactAt: number;
}

/** The options with their defaults. */
export interface ResolvedOptions {
  readonly retention: number;
  readonly compactAbove: number;
  readonly maxBytes: number;
  readonly onDamage: (damage: LedgerDamage) => void;
  readonly now: () => number;
  readonly io: Disk;
}

const day = 24 * 60 * 60 * 1000;

export const resolveOptions = (options: FileLedgerOptions): ResolvedOptions => ({
  retention: options.retention ?? 8 * day,
  compactAbove: options.compactAbove ?? 1 << 20,
  maxBytes: options.maxBytes ?? defaultMaxBytes,
  onDamage: options.onDamage ?? warn,
  now: options.now ?? (() => performance.timeOrigin + performance.now()),
  io: options.io ?? disk,
});

/** Takes the lock, reads the file, mends and shrinks it where needed, and makes it ready for the next record. */
export async function openLedger(given: string, options: ResolvedOptions): Promise<OpenLedger> {
  const { io } = options;
  let lock: Lock | undefined;
  let journal: Journal | undefined;
  try {
    await makeFolder(io, dirname(resolve(given)));
    const path = await realName(io, resolve(given));
    lock = await takeLock(io, path);
    const content = await readLedger(io, path, options.maxBytes);
    const rewritten = await tidy(path, content, options);
    const { index } = content;
    const first = rewritten || index.format === format ? '' : toLine({ seq: nextNumber(index), format });
    journal = await openJournal({ io, path, first, checkLock: lock.check });
    await syncFolder(io, dirname(path));
    const compactAt = Math.max(options.compactAbove, journal.size * 1.5);
    return { path, options, index, journal, lock, jobsInFlight: new Map(), compactAt };
  } catch (error) {
    await journal?.close().catch(() => undefined);
    await lock?.release().catch(() => undefined);
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

/** Puts damage aside, and rewrites what is damaged or much too large. */
async function tidy(path: string, content: LedgerContent, options: ResolvedOptions): Promise<boolean> {
  const { index, size, bad, torn, uneven } = content;
  const { io, retention, compactAbove, onDamage, now } = options;
  const savedAs = `${path}.damaged`;
  const aside = bad.flatMap((piece) => [piece, '\n']);
  if (bad.length > 0) await appendFile(io, savedAs, aside);
  const pieces = bad.length - (torn ? 1 : 0);
  if (pieces > 0) {
    const bytes = bad.reduce((sum, { length }) => sum + length, 0);
    onDamage({ path, savedAs, pieces, bytes });
  }
  if (size > compactAbove) forgetPast(index, now(), retention);
  const after = weighRewrite(index);
  if (!uneven && (size <= compactAbove || !isWorthwhile(index.weight, after, compactAbove))) return false;
  await replaceFile(io, path, toFile(index, now()));
  index.weight = after;
  return true;
}

function warn({ path, savedAs, pieces }: LedgerDamage): void {
  process.emitWarning(`${pieces} damaged records of the ledger ${path} were put aside in ${savedAs}`, 'LedgerDamage');
}
