import type { Job } from '../contract/job.ts';
import type { Intent, LedgerEvent, LedgerRecord } from '../ledger/facts.ts';
import type { FindQuery } from '../ledger/ledger.ts';
import { hasJob, jobKey, ownerRecord, ownersKept } from '../ledger/owners.ts';
import { hedgeId } from '../ledger/rules.ts';
import { type Blobs, createBlobs } from './blobs.ts';
import { checkLine } from './known-lines.ts';
import { addEvent, type Entry, idOf, isOpenEntry, isPast, recordOf, restoreEntry, toEntry } from './ledger-entry.ts';
import type { LedgerLine } from './ledger-line.ts';
import { jobsOf } from './packed.ts';

/** Whose a job is; `at`: when that intent was forgotten. */
export interface JobOwner {
  readonly intentId: string;
  readonly job: Job;
  readonly at?: number;
}

/** How much a file holds. */
export interface Weight {
  /** Other than those of long texts. */
  readonly lines: number;
  /** Characters of long texts. */
  readonly texts: number;
}

/** The line of an owner is short. */
export const ownerWeight = 0.2;

/** Everything a ledger file says, ready to be asked. */
export interface Index {
  readonly path: string;
  readonly entries: Map<string, Entry>;
  /** By `jobKey`. */
  readonly owners: Map<string, JobOwner>;
  /** Ids of the intents that sent these words. */
  readonly byWords: Map<string, readonly string[]>;
  readonly blobs: Blobs;
  /** The highest number that any line has. */
  last: number;
  /** The newest format that the file names. */
  format: number;
  /** Of the file, as far as it was read and written. */
  weight: Weight;
}

export const createIndex = (path: string): Index => ({
  ...{ path, entries: new Map(), owners: new Map(), byWords: new Map(), blobs: createBlobs() },
  ...{ last: 0, format: 1, weight: { lines: 0, texts: 0 } },
});

/** The number of the next line. */
export function nextNumber(index: Index): number {
  index.last += 1;
  return index.last;
}

/** Takes in what a line says. Throws for what a newer version wrote. */
export function applyLine(index: Index, line: LedgerLine): void {
  checkLine(index.path, line);
  const { blobs, entries } = index;
  index.last = Math.max(index.last, line.seq);
  weigh(index, line);
  if ('format' in line && line.format !== undefined) index.format = Math.max(index.format, line.format);
  else if ('blob' in line) blobs.learn(line.blob, line.data);
  else if ('owner' in line) own(index, line.job, line.owner, line.at);
  else if ('closed' in line) {
    entries.set(line.closed, toEntry(line));
    remember(index, line.closed, line.words ?? [], jobsOf(line));
  } else if ('intent' in line) {
    const broken = !blobs.restore(line, line.blobs ?? []);
    beginEntry(index, line.intent, { broken, blobs: hashesOf(line.blobs) });
  } else if ('event' in line) {
    blobs.restore(line, line.blobs ?? []);
    const entry = entries.get(line.id) ?? restoreEntry(line.id, line.event);
    entries.set(line.id, entry);
    blobs.retain(hashesOf(line.blobs));
    blobs.release(addEvent(entry, recordOf(index, entry), line.event, hashesOf(line.blobs)));
    remember(index, line.id, wordsOf([line.event]), ownJobs([line.event]));
  }
}

const hashesOf = (refs: readonly (readonly [unknown, string])[] = []): string[] => refs.map(([, hash]) => hash);

function weigh(index: Index, line: LedgerLine): void {
  const { lines, texts } = index.weight;
  if ('blob' in line) index.weight = { lines, texts: texts + line.data.length };
  else index.weight = { lines: lines + ('owner' in line ? ownerWeight : 1), texts };
}

function beginEntry(index: Index, intent: Intent, known: Pick<Entry, 'broken' | 'blobs'>): void {
  const { entries, blobs } = index;
  const before = entries.get(intent.id);
  if (before && isOpenEntry(before)) return;
  // Begun anew after it was forgotten, and before a rewrite dropped its old lines.
  if (before) drop(index, before, intent.createdAt);
  blobs.retain(known.blobs);
  entries.set(intent.id, { ...toEntry({ intent, events: [] }), ...known });
}

function remember(index: Index, id: string, allWords: readonly string[], jobs: readonly Job[]): void {
  const { byWords } = index;
  for (const job of jobs) own(index, job, id);
  for (const words of allWords) {
    const ids = byWords.get(words) ?? [];
    if (!ids.includes(id)) byWords.set(words, [...ids, id]);
  }
}

function own({ owners }: Index, job: Job, intentId: string, at?: number): void {
  const known = owners.get(jobKey(job));
  // A call may take the job of its own hedge.
  if (known && known.intentId !== intentId && known.intentId !== hedgeId(intentId)) return;
  owners.set(jobKey(job), { intentId, job, ...(at === undefined ? {} : { at }) });
}

function drop({ entries, owners, byWords, blobs }: Index, entry: Entry, now: number): void {
  const { state } = entry;
  const id = idOf(entry);
  entries.delete(id);
  blobs.release(entry.blobs);
  for (const words of 'packed' in state ? (state.words ?? []) : wordsOf(state.events)) {
    const others = byWords.get(words)?.filter((each) => each !== id) ?? [];
    if (others.length > 0) byWords.set(words, others);
    else byWords.delete(words);
  }
  for (const job of 'packed' in state ? jobsOf(state) : ownJobs(state.events)) {
    if (owners.get(jobKey(job))?.intentId === id) owners.set(jobKey(job), { intentId: id, job, at: now });
  }
}

const wordsOf = (events: readonly LedgerEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'sending' && event.words !== undefined ? [event.words] : []));

const ownJobs = (events: readonly LedgerEvent[]): Job[] =>
  events.flatMap((event) => (event.type === 'accepted' ? [event.job] : []));

/** Drops intents that are over and older than `retention`, and owners that nobody can ask for any more. */
export function forgetPast(index: Index, now: number, retention: number): void {
  const { entries, owners } = index;
  for (const entry of entries.values()) if (isPast(entry, now, retention)) drop(index, entry, now);
  for (const [key, { at = now }] of owners) if (at < now - ownersKept) owners.delete(key);
}

/** Ends reading: drops what is of no use. */
export function dropUseless(index: Index): void {
  // Of an intent that was never sent, a part of the request is lost: whoever asks again begins it anew.
  for (const entry of index.entries.values()) {
    if (entry.broken && recordOf(index, entry).events.length === 0) drop(index, entry, 0);
  }
  index.blobs.prune();
}

export function findRecords(index: Index, { job, words }: FindQuery): readonly LedgerRecord[] {
  const { entries, owners, byWords } = index;
  const read = (id: string): LedgerRecord[] => {
    const entry = entries.get(id);
    return entry ? [recordOf(index, entry)] : [];
  };
  if (words !== undefined) return (byWords.get(words) ?? []).flatMap(read);
  const owner = job && owners.get(jobKey(job));
  if (!owner) return [];
  const [record] = read(owner.intentId);
  return [record && hasJob(record, owner.job) ? record : ownerRecord(owner.intentId, owner.job, owner.at ?? 0)];
}
