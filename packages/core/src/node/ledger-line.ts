import { crc32 } from 'node:zlib';
import type { Job } from '../contract/job.ts';
import type { Intent, LedgerEvent } from '../ledger/facts.ts';
import type { BlobRef } from './blobs.ts';

/** What this version writes, and the newest that it reads. Files of the first version do not say theirs. */
export const format = 2;

/**
 * What one line of a ledger file says. `seq` never falls from line to line; a claim's own number is its fence.
 * `blobs`: where long texts go that stand in lines of their own.
 */
export type LedgerLine =
  /** The first line of a file, and what a file of the first version gets before its next line. */
  | { readonly seq: number; readonly format: number; readonly rewritten?: number }
  /** `claimed`: whoever began the intent took it with this line. */
  | { readonly seq: number; readonly intent: Intent; readonly claimed?: true; readonly blobs?: readonly BlobRef[] }
  | { readonly seq: number; readonly id: string; readonly event: LedgerEvent; readonly blobs?: readonly BlobRef[] }
  | { readonly seq: number; readonly claim: string }
  | ClosedLine
  /** Whose a job is, although its intent was forgotten `at` that time. */
  | { readonly seq: number; readonly owner: string; readonly job: Job; readonly at: number }
  | { readonly seq: number; readonly blob: string; readonly data: string }
  /** Left by a rewrite of the first version. */
  | { readonly seq: number; readonly rewritten: number; readonly format?: never };

/** A delivered intent as a rewrite leaves it, and the index keeps it: what must be known, and the rest packed. */
export interface ClosedLine {
  readonly seq: number;
  /** Its id. */
  readonly closed: string;
  /** Of its last event. */
  readonly at: number;
  /** It has a send that was declared absent. */
  readonly unsure?: true;
  readonly jobs: readonly (readonly [provider: string, modelId: string, id: string])[];
  readonly words?: readonly string[];
  /** The record: JSON, deflated, as base64. */
  readonly packed: string;
}

const head = '{"crc":"';
const headLength = head.length + 10;
const newline = 10;

/** One line of JSON whose first member is the checksum of everything behind it. */
export function toLine(line: LedgerLine): string {
  const rest = JSON.stringify(line).slice(1);
  return `${head}${hex(crc32(rest))}",${rest}\n`;
}

/** Reads a line without its end, or undefined when a single bit of it is not as it was written. */
export function parseLine(line: Buffer): LedgerLine | undefined {
  const prefix = `${head}${hex(crc32(line.subarray(headLength)))}",`;
  if (line.toString('latin1', 0, headLength) !== prefix) return undefined;
  try {
    const parsed = JSON.parse(`{${line.toString('utf8', prefix.length)}`);
    return typeof parsed.seq === 'number' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** What can be read in a line that is not right, and the bytes that cannot. */
export interface Salvage {
  readonly lines: readonly LedgerLine[];
  readonly bad: readonly Buffer[];
}

/** A damaged line end glues two records together: each of them is tried alone, also without the byte that was the end. */
export function salvage(line: Buffer): Salvage {
  const intact = parseLine(line);
  if (intact) return { lines: [intact], bad: [] };
  const starts = [...line.toString('latin1').matchAll(/\{"crc":"[0-9a-f]{8}","seq":/g)].map(({ index }) => index);
  const cuts = [...new Set([0, ...starts, line.length])];
  const lines: LedgerLine[] = [];
  const bad: Buffer[] = [];
  for (const [index, start] of cuts.slice(0, -1).entries()) {
    const piece = line.subarray(start, cuts[index + 1]);
    const found = parseLine(piece) ?? parseLine(piece.subarray(0, -1));
    if (found) lines.push(found);
    else bad.push(piece);
  }
  return { lines, bad };
}

/** Where bytes can be read from, such as a `FileHandle`. */
interface Source {
  read(buffer: Buffer): Promise<{ readonly bytesRead: number }>;
}

/** The lines of a file of any size; `whole` is false for a last line without its end. */
export async function* readLines(file: Source): AsyncGenerator<{ readonly line: Buffer; readonly whole: boolean }> {
  let rest: Buffer[] = [];
  // Most files are short: only a long one is worth large pieces.
  for (let room = 1 << 14; ; room = Math.min(room * 4, 1 << 20)) {
    const chunk = Buffer.allocUnsafe(room);
    const { bytesRead } = await file.read(chunk);
    if (bytesRead === 0) break;
    const data = chunk.subarray(0, bytesRead);
    let start = 0;
    for (let end = data.indexOf(newline); end >= 0; end = data.indexOf(newline, start)) {
      const line = data.subarray(start, end);
      yield { line: rest.length > 0 ? Buffer.concat([...rest, line]) : line, whole: true };
      rest = [];
      start = end + 1;
    }
    if (start < data.length) rest.push(data.subarray(start));
  }
  if (rest.length > 0) yield { line: Buffer.concat(rest), whole: false };
}
