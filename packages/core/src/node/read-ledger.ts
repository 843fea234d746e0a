import { codeOf, type Disk, type DiskFile, flags, ledgerError, makePrivate, openRegular } from './disk.ts';
import { applyLine, createIndex, dropUseless, type Index, nextNumber } from './ledger-index.ts';
import { readLines, salvage } from './ledger-line.ts';

/** What a ledger file holds, and what is wrong with it. */
export interface LedgerContent {
  readonly index: Index;
  readonly size: number;
  readonly bad: readonly Buffer[];
  /** The file ends in the middle of a record. */
  readonly torn: boolean;
  /** There is a line that is not one record. */
  readonly uneven: boolean;
}

/** Bytes of a file that is read: many times what a ledger of a hundred thousand calls takes. */
export const defaultMaxBytes = 1024 * 1024 * 1024;

/**
 * Reads everything that is whole, whatever stands in between. Throws, having changed nothing, for a newer format, for a
 * file of more than `maxBytes` and for what is no ledger.
 */
export async function readLedger(io: Disk, path: string, maxBytes = defaultMaxBytes): Promise<LedgerContent> {
  const file = await openIfThere(io, path);
  if (!file) return { index: createIndex(path), size: 0, bad: [], torn: false, uneven: false };
  try {
    if ((await file.stat()).size > maxBytes) throw tooLarge(path, maxBytes);
    const content = await scan(file, path, maxBytes);
    // Only now it is known to be a ledger. An empty file becomes one with its first line.
    if (content.size > 0) await makePrivate(file, path);
    return content;
  } finally {
    await file.close();
  }
}

async function openIfThere(io: Disk, path: string): Promise<DiskFile | undefined> {
  return openRegular(io, path, flags.read).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    return undefined;
  });
}

async function scan(file: DiskFile, path: string, maxBytes: number): Promise<LedgerContent> {
  const index = createIndex(path);
  const bad: Buffer[] = [];
  let count = 0;
  let [size, torn, uneven] = [0, false, false];
  for await (const { line, whole } of readLines(bounded(file, path, maxBytes))) {
    const found = salvage(line);
    for (const each of found.lines) applyLine(index, each);
    count += found.lines.length;
    bad.push(...found.bad.map((piece) => Buffer.from(piece)));
    size += line.length + (whole ? 1 : 0);
    torn = !whole && found.bad.length > 0;
    uneven ||= !whole || found.bad.length > 0 || found.lines.length > 1;
  }
  if (count === 0) checkKind(bad, path);
  dropUseless(index);
  // A lost number may have been a fence.
  for (const _ of bad) nextNumber(index);
  return { index, size, bad, torn, uneven };
}

/** Some files, such as those of /proc, are longer than they say. */
function bounded(file: DiskFile, path: string, maxBytes: number): Pick<DiskFile, 'read'> {
  let all = 0;
  const read = async (buffer: Buffer) => {
    const found = await file.read(buffer);
    all += found.bytesRead;
    if (all > maxBytes) throw tooLarge(path, maxBytes);
    return found;
  };
  return { read } as Pick<DiskFile, 'read'>;
}

const tooLarge = (path: string, maxBytes: number) =>
  ledgerError(
    path,
    `has more than ${maxBytes} bytes, so it was not read. If it is a ledger, raise \`maxBytes\`; else give the path of another file`,
  );

/** A path that names something else must not cost the caller that file. */
function checkKind([first, ...others]: readonly Buffer[], path: string): void {
  const start = first?.toString('latin1', 0, 100).replaceAll('\0', '') ?? '';
  // A write that was cut off leaves the beginning of one line; other JSON may begin like it, and goes on.
  const wasCut = others.length === 0 && '{"crc":"'.startsWith(start);
  if (wasCut || start.includes('"crc"') || start.includes('"seq"')) return;
  throw ledgerError(path, 'is not a ledger: its first line is something else. Give the path of a file of its own');
}
