import type { LedgerRecord } from '../ledger/facts.ts';
import { hasJob } from '../ledger/owners.ts';
import { type Entry, recordOf } from './ledger-entry.ts';
import { forgetPast, type Index, type JobOwner, ownerWeight, type Weight } from './ledger-index.ts';
import { type ClosedLine, format, type LedgerLine, toLine } from './ledger-line.ts';
import type { OpenLedger } from './open-ledger.ts';
import { pack } from './packed.ts';

/** Rewrites the file beside the work that goes on, when it has grown by half since it was last worth a thought. */
export function compactIfLarge(ledger: OpenLedger): void {
  const { index, journal, options } = ledger;
  const { compactAbove, retention, now } = options;
  if (journal.size <= ledger.compactAt) return;
  ledger.compactAt = Number.POSITIVE_INFINITY;
  forgetPast(index, now(), retention);
  const [before, after] = [index.weight, weighRewrite(index)];
  const thinkAgain = (): void => {
    ledger.compactAt = Math.max(compactAbove, journal.size * 1.5);
  };
  if (!isWorthwhile(before, after, compactAbove)) {
    thinkAgain();
    return;
  }
  const grown = { lines: before.lines - after.lines, texts: before.texts - after.texts };
  journal.rewrite(toFile(index, now())).then(
    () => {
      const { lines, texts } = index.weight;
      index.weight = { lines: lines - grown.lines, texts: texts - grown.texts };
      thinkAgain();
    },
    // The file is as it was. Nothing is lost but room.
    thinkAgain,
  );
}

/** What a rewrite would leave. */
export function weighRewrite({ entries, owners, blobs }: Index): Weight {
  let lines = 1;
  for (const { closed, state } of entries.values()) lines += closed || 'packed' in state ? 1 : 1 + state.events.length;
  for (const { at } of owners.values()) lines += at === undefined ? 0 : ownerWeight;
  return { lines, texts: blobs.size };
}

/** A rewrite that saves less than a quarter is not worth it. */
export const isWorthwhile = (now: Weight, after: Weight, large: number): boolean =>
  after.lines < now.lines * worthwhile || (now.texts > large && after.texts < now.texts * worthwhile);

const worthwhile = 0.75;

/**
 * The whole of an index as lines of a file, many at a time. What it says is the index of the time of the call, however
 * long it takes to read; what is written meanwhile goes behind it.
 */
export function toFile(index: Index, now: number): Iterable<string> {
  const { last: seq, blobs } = index;
  const entries = [...index.entries.values()].map((entry) => ({ entry, state: entry.state, closed: entry.closed }));
  const owners = [...index.owners.values()].filter((owner) => isForgotten(index, owner));
  const texts = [...blobs.entries()];
  return portions(function* () {
    yield { seq, format, rewritten: now };
    const written = new Set(texts.map(([hash]) => hash));
    for (const [blob, data] of texts) yield { seq, blob, data };
    for (const { intentId, job, at = now } of owners) yield { seq, owner: intentId, job, at };
    for (const { entry, state, closed } of entries) {
      if ('packed' in state) yield { ...state, seq };
      else if (closed) yield packEntry(entry, state, seq);
      else yield* toLines(seq, state, index, written);
    }
  });
}

/** What is packed for the file need not be kept at full length in memory either. */
function packEntry(entry: Entry, record: LedgerRecord, seq: number): ClosedLine {
  const packed = pack(record, seq);
  if (entry.state === record) entry.state = packed;
  return packed;
}

function* toLines(
  seq: number,
  { intent, events }: LedgerRecord,
  { blobs }: Index,
  written: Set<string>,
): Generator<LedgerLine> {
  const contents: object[] = [{ intent }, ...events.map((event) => ({ id: intent.id, event }))];
  for (const content of contents) {
    const { value, refs, texts } = blobs.take(content);
    for (const [blob, data] of texts) {
      // It can have been forgotten since the call.
      if (!written.has(blob)) yield { seq, blob, data };
      written.add(blob);
    }
    yield { seq, ...(value as object), ...(refs.length > 0 ? { blobs: refs } : {}) } as LedgerLine;
  }
}

function isForgotten(index: Index, { intentId, job, at }: JobOwner): boolean {
  const entry = at === undefined ? undefined : index.entries.get(intentId);
  return at !== undefined && !(entry && hasJob(recordOf(index, entry), job));
}

/** Some hundred lines at once: a write for each would take long, and one for all would block the process. */
function* portions(lines: () => Iterable<LedgerLine>): Generator<string> {
  let portion: string[] = [];
  let length = 0;
  for (const line of lines()) {
    const text = toLine(line);
    portion.push(text);
    length += text.length;
    if (portion.length < 200 && length < 1 << 20) continue;
    yield portion.join('');
    portion = [];
    length = 0;
  }
  if (portion.length > 0) yield portion.join('');
}
