import type { Intent, LedgerEvent } from '../ledger/facts.ts';
import { applyLine, nextNumber } from './ledger-index.ts';
import { type LedgerLine, parseLine, toLine } from './ledger-line.ts';
import type { OpenLedger } from './open-ledger.ts';

type Content =
  | { readonly intent: Intent; readonly claimed?: true }
  | { readonly id: string; readonly event: LedgerEvent }
  | { readonly claim: string };

/** A line on its way to the disk, and its number. */
export interface WrittenLine {
  readonly seq: number;
  readonly written: Promise<void>;
}

/**
 * Sends a line to the disk, with the long texts that it is the first to carry. The index takes it from what was
 * written, and only then: what is not durable is not known. `settled` is called in that very moment, or when it has failed.
 */
export function writeLine(
  { index, journal }: OpenLedger,
  content: Content,
  settled: (isWritten: boolean) => void = () => undefined,
): WrittenLine {
  const { blobs } = index;
  const seq = nextNumber(index);
  const { value, refs, texts } = blobs.take(content);
  const hashes = refs.map(([, hash]) => hash);
  const fresh = [...texts].filter(([hash]) => !blobs.has(hash));
  for (const [hash, text] of fresh) blobs.learn(hash, text);
  blobs.retain(hashes);
  const line = toLine({ seq, ...(value as Content), ...(refs.length > 0 ? { blobs: refs } : {}) });
  const before: LedgerLine[] = fresh.map(([blob, data]) => ({ seq, blob, data }));
  const written = journal.append({
    text: before.map(toLine).join('') + line,
    commit() {
      const parsed = parseLine(Buffer.from(line.slice(0, -1)));
      for (const each of before) applyLine(index, each);
      if (parsed) applyLine(index, parsed);
      blobs.release(hashes);
      settled(true);
    },
    drop() {
      blobs.release(hashes);
      settled(false);
    },
  });
  return { seq, written };
}
