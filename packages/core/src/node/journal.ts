import { dirname } from 'node:path';
import { ImageError } from '../errors/image-error.ts';
import {
  codeOf,
  type Disk,
  type DiskFile,
  draftOf,
  dropDraft,
  flags,
  ledgerError,
  openPrivate,
  syncFolder,
  writeAll,
  writeDraft,
} from './disk.ts';

/** Lines that belong together. Exactly one of the two is called, before anything else is judged by the outcome. */
export interface Write {
  readonly text: string;
  commit(): void;
  drop(): void;
}

/** A file that only grows, line by line, in the order of the calls. */
export interface Journal {
  /** Bytes of the file. */
  readonly size: number;
  /** Resolves when the lines would survive a power cut. */
  append(write: Write): Promise<void>;
  /** Gives the file new content, followed by whatever is written meanwhile. Nothing has changed when it rejects. */
  rewrite(parts: Iterable<string>): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly io: Disk;
  readonly path: string;
  /** Goes before the first line that is written. */
  readonly first: string;
  /** Throws when somebody else may write the file by now. */
  readonly checkLock: () => Promise<void>;
}

interface Waiting extends Write {
  resolve(): void;
  reject(error: unknown): void;
}

/** A draft that shall become the file as soon as nothing is being written. */
interface Swap {
  readonly draft: DiskFile;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Opens a file for appending. Lines that come while others are being synced go out together with one sync. When a
 * write or a sync fails, everything that waits is refused and the file is cut back to its last durable line, so that
 * what was refused is not found there later. Until that cut has succeeded nothing more is written.
 */
export async function openJournal({ io, path, first, checkLock }: JournalOptions): Promise<Journal> {
  const file = await openPrivate(io, path, flags.append);
  const state: State = {
    ...{ io, path, checkLock, file, first, end: (await file.stat()).size },
    torn: false,
    unsynced: false,
  };
  const queue: Waiting[] = [];
  let swap: Swap | undefined;
  let draining: Promise<void> | undefined;
  let rewriting: Promise<void> | undefined;

  const drainOnce = async (batch: readonly Waiting[]): Promise<void> => {
    const text = batch.map((each) => each.text).join('');
    try {
      await writeBatch(state, text);
      // Known and part of what a rewrite puts at the end, in one step.
      state.tail?.push(text);
      for (const { commit } of batch) commit();
      for (const { resolve } of batch) resolve();
    } catch (cause) {
      await mend(state).catch(() => undefined);
      // Later lines were asked for on the assumption that the earlier ones were written.
      const refused = [...batch, ...queue.splice(0)];
      for (const { drop } of refused) drop();
      for (const { reject } of refused) reject(toError(path, cause));
    }
  };
  const drain = async (): Promise<void> => {
    // Whatever is asked for in this turn of the event loop shares the first sync.
    await Promise.resolve();
    while (queue.length > 0 || swap) {
      if (swap) {
        const { draft, resolve, reject } = swap;
        swap = undefined;
        await swapFiles(state, draft).then(resolve, reject);
      }
      if (queue.length > 0) await drainOnce(queue.splice(0));
    }
    draining = undefined;
  };
  const swapWith = (draft: DiskFile): Promise<void> =>
    new Promise((resolve, reject) => {
      swap = { draft, resolve, reject };
      draining ??= drain();
    });

  return {
    get size() {
      return state.end;
    },
    append: (write) =>
      new Promise((resolve, reject) => {
        queue.push({ ...write, resolve, reject });
        draining ??= drain();
      }),
    rewrite(parts) {
      rewriting ??= rewrite(state, parts, swapWith).finally(() => {
        rewriting = undefined;
      });
      return rewriting;
    },
    async close() {
      while (rewriting || draining) await Promise.allSettled([rewriting, draining]);
      await mend(state).catch(() => undefined);
      await state.file.close();
    },
  };
}

interface State extends Omit<JournalOptions, 'first'> {
  file: DiskFile;
  first: string;
  /** Bytes up to the last durable line. */
  end: number;
  /** There may be more than that. */
  torn: boolean;
  /** The name of the file may not survive a power cut yet. */
  unsynced: boolean;
  /** What was written since a rewrite began. */
  tail?: string[];
}

async function writeBatch(state: State, text: string): Promise<void> {
  const bytes = Buffer.from(state.first + text);
  await mend(state);
  await check(state, state.end);
  state.torn = true;
  await writeAll(state.file, bytes);
  await state.file.datasync();
  await check(state);
  state.torn = false;
  state.end += bytes.length;
  state.first = '';
}

/** Brings the file back to its last durable line. */
async function mend(state: State): Promise<void> {
  const { io, path, file, end, checkLock } = state;
  if (state.unsynced) await syncFolder(io, dirname(path));
  state.unsynced = false;
  if (!state.torn) return;
  await checkLock();
  await file.truncate(end);
  await file.datasync();
  state.torn = false;
}

/** Both at once. Whoever took over the lock may have changed the file as well: then it is the lock that is told of. */
async function check(state: State, size?: number): Promise<void> {
  const [lock, file] = await Promise.allSettled([state.checkLock(), checkFile(state, size)]);
  for (const found of [lock, file]) if (found.status === 'rejected') throw found.reason;
}

/** A file without its name is lost with this process: what is written there must not count. */
async function checkFile({ io, path, file }: State, size?: number): Promise<void> {
  const named = io.stat(path, { bigint: true }).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  const [own, found] = await Promise.all([file.stat({ bigint: true }), named]);
  const wayOut = 'Put it back, or close this ledger and create it anew';
  if (!found || found.ino !== own.ino || found.dev !== own.dev) {
    throw ledgerError(path, `was deleted or replaced while it was open, so this write does not count. ${wayOut}`);
  }
  if (size !== undefined && own.size !== BigInt(size)) {
    throw ledgerError(
      path,
      `was changed by another program while it was open, so this write does not count. ${wayOut}`,
    );
  }
}

/** Writes the draft beside the work that goes on, and remembers what is written meanwhile. */
async function rewrite(
  state: State,
  parts: Iterable<string>,
  swapWith: (draft: DiskFile) => Promise<void>,
): Promise<void> {
  state.tail = [];
  try {
    await swapWith(await writeDraft(state.io, state.path, parts));
  } finally {
    delete state.tail;
  }
}

async function swapFiles(state: State, draft: DiskFile): Promise<void> {
  const { io, path, file: old } = state;
  try {
    await mend(state);
    await check(state, state.end);
    await writeAll(draft, Buffer.from((state.tail ?? []).join('')));
    await draft.sync();
    const { size } = await draft.stat();
    await io.rename(draftOf(path), path);
    Object.assign(state, { file: draft, end: size, first: '', unsynced: true });
  } catch (error) {
    await dropDraft(io, path, draft);
    throw error;
  }
  await old.close().catch(() => undefined);
}

function toError(path: string, cause: unknown): ImageError {
  if (ImageError.is(cause)) return cause;
  return ledgerError(
    path,
    'could not be written. Make room on the disk, or its folder writable; nothing was added to it',
    cause,
  );
}
