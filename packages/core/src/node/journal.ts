import { type Disk, type DiskFile, ledgerError, writeAll } from './disk.ts';

/** A file that only grows, line by line, in the order of the calls. */
export interface Journal {
  /** Resolves when the line would survive a power cut. */
  append(line: string): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

interface Waiting {
  readonly line: string;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Opens a file for appending. Lines that come while others are being synced go out together with one sync. When a
 * write or a sync fails, everything that waits is refused and the file is cut back to its last durable line, so that
 * what was refused is not found there later. Until that cut has succeeded nothing more is written.
 */
export async function openJournal(io: Disk, path: string): Promise<Journal> {
  const file = await io.open(path, 'a', 0o600);
  let end = (await file.stat()).size;
  let torn = false;
  let queue: Waiting[] = [];
  let draining: Promise<void> | undefined;

  const mend = async (): Promise<void> => {
    if (!torn) return;
    await file.truncate(end);
    await file.datasync();
    torn = false;
  };
  const writeBatch = async (batch: readonly Waiting[]): Promise<void> => {
    const bytes = Buffer.from(batch.map(({ line }) => line).join(''));
    await mend();
    torn = true;
    await writeAll(file, bytes);
    await file.datasync();
    end += bytes.length;
    torn = false;
  };
  const takeAll = (): Waiting[] => {
    const batch = queue;
    queue = [];
    return batch;
  };
  const drain = async (): Promise<void> => {
    // Whatever is asked for in this turn of the event loop shares the first sync.
    await Promise.resolve();
    while (queue.length > 0) {
      const batch = takeAll();
      try {
        await writeBatch(batch);
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        await mend().catch(() => undefined);
        // Later lines were asked for in the belief that the earlier ones stand.
        const problem = 'could not be written. Make room on the disk, or its folder writable; nothing was added to it';
        for (const { reject } of [...batch, ...takeAll()]) reject(ledgerError(path, problem, cause));
      }
    }
    draining = undefined;
  };

  return {
    append: (line) =>
      new Promise((resolve, reject) => {
        queue.push({ line, resolve, reject });
        draining ??= drain();
      }),
    async close() {
      while (draining) await draining;
      await close(file, mend);
    },
  };
}

async function close(file: DiskFile, mend: () => Promise<void>): Promise<void> {
  await mend().catch(() => undefined);
  await file.close();
}
