import { closeRecord } from '../ledger/close-record.ts';
import type { LedgerEvent, LedgerRecord } from '../ledger/facts.ts';
import { bareIntent, ownersKept } from '../ledger/owners.ts';
import { isOpen } from '../ledger/reduce.ts';
import type { ClosedLine } from './ledger-line.ts';
import { hasOpenSend, unpack } from './packed.ts';

/** An event on its way to the disk. */
export interface InFlight {
  readonly event: LedgerEvent;
  readonly written: Promise<void>;
}

/** One intent as the process that has the file open knows it. */
export interface Entry {
  /** What is durable. Replaced, never changed. */
  state: LedgerRecord | ClosedLine;
  inFlight: readonly InFlight[];
  /** Who has it, under which fence, until when. Gone with the process, as its holder is. */
  owner: string;
  fence: number;
  leaseEnd: number;
  /** The claim's own line on its way to the disk. */
  claimed: Promise<unknown> | undefined;
  /** The long texts of its lines. */
  blobs: readonly string[];
  /** A long text of the intent itself is lost. */
  broken: boolean;
  /** Only what finds its picture is left of it (`closeRecord`). */
  closed: boolean;
  /** Worked out when somebody asks. */
  open: boolean | undefined;
}

const none: readonly never[] = [];

export const toEntry = (state: LedgerRecord | ClosedLine): Entry => {
  const isPacked = 'packed' in state;
  return {
    state,
    inFlight: none,
    owner: '',
    fence: -1,
    leaseEnd: Number.NEGATIVE_INFINITY,
    claimed: undefined,
    blobs: none,
    broken: false,
    closed: isPacked,
    open: isPacked ? false : undefined,
  };
};

/** The line of an intent can be damaged while a paid job stands in a later one: that job must still be found. */
export function restoreEntry(id: string, event: LedgerEvent): Entry {
  const target = event.type === 'sending' ? event.target : event.type === 'accepted' ? event.job : undefined;
  return toEntry({ intent: bareIntent(id, event.at, target), events: [] });
}

/** `path`: of the ledger, should the record not be readable. */
export const recordOf = ({ path }: { readonly path: string }, { state }: Entry): LedgerRecord =>
  'packed' in state ? unpack(path, state) : state;

export const idOf = ({ state }: Entry): string => ('packed' in state ? state.closed : state.intent.id);

/** Something is left to do for it, or to find out. */
export function isOpenEntry(entry: Entry): boolean {
  entry.open ??= !('packed' in entry.state) && isOpen(entry.state);
  return entry.open;
}

/** Over for longer than `retention`. */
export function isPast(entry: Entry, now: number, retention: number): boolean {
  const { state } = entry;
  const last = 'packed' in state ? state.at : (state.events.at(-1)?.at ?? now);
  if (last >= now - retention || isOpenEntry(entry) || entry.leaseEnd > now || entry.inFlight.length > 0) return false;
  // A send that was declared absent counts among those of its words for as long as the host lists jobs.
  return last < now - ownersKept || !('packed' in state ? state.unsure : hasOpenSend(state));
}

/** Adds an event to what was its record so far. Returns the long texts that nobody needs any more. */
export function addEvent(
  entry: Entry,
  { intent, events }: LedgerRecord,
  event: LedgerEvent,
  texts: readonly string[],
): readonly string[] {
  const record = { intent, events: [...events, event] };
  Object.assign(entry, { state: record, open: undefined, closed: false, blobs: [...entry.blobs, ...texts] });
  // Reading where an intent stands takes as long as its events: only with one of these can it be over.
  if (!record.events.some(({ type }) => type === 'delivered' || type === 'resolved')) return [];
  const closed = closeRecord(record);
  if (closed === record) return [];
  const { blobs } = entry;
  Object.assign(entry, { state: closed, blobs: [], closed: true, open: false });
  return blobs;
}
