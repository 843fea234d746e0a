import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import type { BookStore, Stored } from '../book/store.ts';
import type { Json } from '../contract/json.ts';
import { ImageError } from '../errors/image-error.ts';
import { codeOf, disk, flags, ledgerError, makeFolder, openRegular } from './disk.ts';
import { type Journal, openJournal } from './journal.ts';
import { type Lock, takeLock } from './lock-file.ts';

/** A book store that survives a crash and a power cut, for one process at a time. */
export interface FileBookStore extends BookStore {
  /** Waits for what is being written, and lets another process have the file. */
  close(): Promise<void>;
}

interface Open {
  readonly values: Map<string, Stored>;
  readonly journal: Journal;
  readonly lock: Lock;
}

/**
 * Keeps what scopes have spent in a file of JSON lines, of which the last one for a key counts. Amounts and intent ids
 * are inside, no prompts and no keys.
 */
export function createFileBookStore(path: string): FileBookStore {
  let opening: Promise<Open> | undefined;
  let closed = false;
  const open = (): Promise<Open> => {
    if (closed) throw ledgerError(path, 'was closed; create it anew to go on');
    opening ??= openStore(path).catch((error: unknown) => {
      // What kept it from being opened may be over at the next call.
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    read: async (key) => (await open()).values.get(key),
    write: async (key, value, version) => write(await open(), key, { value, version }),
    async close() {
      closed = true;
      const store = await opening?.catch(() => undefined);
      opening = undefined;
      await store?.journal.close();
      await store?.lock.release();
    },
  };
}

async function write(
  { values, journal }: Open,
  key: string,
  { value, version }: { readonly value: Json; readonly version: number | undefined },
): Promise<boolean> {
  const before = values.get(key);
  if (before?.version !== version) return false;
  const stored = { value: structuredClone(value), version: (version ?? 0) + 1 };
  // Seen at once by whoever comes next, who then waits for a write of their own behind this one.
  values.set(key, stored);
  const drop = (): void => {
    if (before) values.set(key, before);
    else values.delete(key);
  };
  await journal.append({ text: toLine(key, stored), commit: () => undefined, drop });
  if (journal.size > compactAbove(values)) await journal.rewrite(toLines(values));
  return true;
}

async function openStore(given: string): Promise<Open> {
  let lock: Lock | undefined;
  let journal: Journal | undefined;
  try {
    const path = resolve(given);
    await makeFolder(disk, dirname(path));
    lock = await takeLock(disk, path);
    const values = readLines(given, await readText(path));
    journal = await openJournal({ io: disk, path, first: '', checkLock: lock.check });
    await journal.rewrite(toLines(values));
    return { values, journal, lock };
  } catch (error) {
    await journal?.close().catch(() => undefined);
    await lock?.release().catch(() => undefined);
    if (ImageError.is(error)) throw error;
    throw ledgerError(given, 'could not be opened. Make its folder writable, or use another file', error);
  }
}

const mostBytes = 64 * 2 ** 20;

async function readText(path: string): Promise<string> {
  const file = await openRegular(disk, path, flags.read).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  if (!file) return '';
  try {
    const { size } = await file.stat();
    if (size > mostBytes)
      throw ledgerError(path, `has ${size} bytes, more than the ${mostBytes} of a book. Use another file`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

const line = v.object({
  book: v.literal(1),
  key: v.string(),
  version: v.number(),
  value: v.custom<Json>((value) => value !== undefined),
});

/** A last line that a crash cut off never counted. Anything else that is no line of a book is somebody else's file. */
function readLines(path: string, text: string): Map<string, Stored> {
  const values = new Map<string, Stored>();
  const lines = text.split('\n');
  lines.pop();
  for (const [index, each] of lines.entries()) {
    const read = v.safeParse(line, parse(each));
    if (!read.success) {
      throw ledgerError(
        path,
        `is no book, or was damaged: line ${index + 1} cannot be read. Repair it, or use another file`,
      );
    }
    const { key, value, version } = read.output;
    values.set(key, { value, version });
  }
  return values;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const toLine = (key: string, { value, version }: Stored): string =>
  `${JSON.stringify({ book: 1, key, version, value })}\n`;

function* toLines(values: ReadonlyMap<string, Stored>): Generator<string> {
  for (const [key, stored] of values) yield toLine(key, stored);
}

/** Bytes from which most of the file must be lines that no longer count. */
function compactAbove(values: ReadonlyMap<string, Stored>): number {
  let size = 0;
  for (const text of toLines(values)) size += text.length;
  return 2 ** 20 + 4 * size;
}
