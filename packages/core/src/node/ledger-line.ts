import { crc32 } from 'node:zlib';
import type { Intent, LedgerEvent } from '../ledger/ledger.ts';

/** What one line of a ledger file says. `seq` grows from line to line; a claim's own number is its fence. */
export type Entry =
  | { readonly seq: number; readonly intent: Intent }
  | { readonly seq: number; readonly id: string; readonly event: LedgerEvent }
  | { readonly seq: number; readonly claim: string }
  /** Left by a rewrite, so that the numbers go on where they were. */
  | { readonly seq: number; readonly rewritten: number };

const head = '{"crc":"';
const headLength = head.length + 10;
const newline = 10;

/** One line of JSON whose first member is the checksum of everything behind it. */
export function toLine(entry: Entry): string {
  const rest = JSON.stringify(entry).slice(1);
  return `${head}${hex(crc32(rest))}",${rest}\n`;
}

/** Reads a line without its end, or undefined when a single bit of it is not as it was written. */
export function parseLine(line: Buffer): Entry | undefined {
  const prefix = `${head}${hex(crc32(line.subarray(headLength)))}",`;
  if (line.toString('latin1', 0, headLength) !== prefix) return undefined;
  try {
    const { crc: _, ...entry } = JSON.parse(line.toString());
    return typeof entry.seq === 'number' ? entry : undefined;
  } catch {
    return undefined;
  }
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** What can be read in a line that is not right, and the bytes that cannot. */
export interface Salvage {
  readonly entries: readonly Entry[];
  readonly bad: readonly Buffer[];
}

/** A damaged line end glues two records together: each of them is tried alone, also without the byte that was the end. */
export function salvage(line: Buffer): Salvage {
  const intact = parseLine(line);
  if (intact) return { entries: [intact], bad: [] };
  const starts = [...line.toString('latin1').matchAll(/\{"crc":"[0-9a-f]{8}","seq":/g)].map(({ index }) => index);
  const cuts = [...new Set([0, ...starts, line.length])];
  const entries: Entry[] = [];
  const bad: Buffer[] = [];
  for (const [index, start] of cuts.slice(0, -1).entries()) {
    const piece = line.subarray(start, cuts[index + 1]);
    const entry = parseLine(piece) ?? parseLine(piece.subarray(0, -1));
    if (entry) entries.push(entry);
    else bad.push(piece);
  }
  return { entries, bad };
}

/** Where bytes can be read from, such as a `FileHandle`. */
interface Source {
  read(buffer: Buffer): Promise<{ readonly bytesRead: number }>;
}

/** The lines of a file of any size; `whole` is false for a last line without its end. */
export async function* readLines(file: Source): AsyncGenerator<{ readonly line: Buffer; readonly whole: boolean }> {
  let rest: Buffer = Buffer.alloc(0);
  while (true) {
    const chunk = Buffer.allocUnsafe(1 << 20);
    const { bytesRead } = await file.read(chunk);
    if (bytesRead === 0) break;
    const data = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = data.indexOf(newline); end >= 0; end = data.indexOf(newline, start)) {
      yield { line: data.subarray(start, end), whole: true };
      start = end + 1;
    }
    rest = data.subarray(start);
  }
  if (rest.length > 0) yield { line: rest, whole: false };
}
