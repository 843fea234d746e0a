import { ImageError } from '../errors/image-error.ts';
import type { Intent, LedgerEvent, LedgerRecord } from '../ledger/facts.ts';
import type { Lease, Ledger, OpenQuery } from '../ledger/ledger.ts';
import { jobKey } from '../ledger/owners.ts';
import { judgeAppend, unknownIntent } from '../ledger/rules.ts';
import { compactIfLarge } from './compaction.ts';
import { ledgerError } from './disk.ts';
import { type Entry, type InFlight, idOf, isOpenEntry, recordOf } from './ledger-entry.ts';
import { findRecords } from './ledger-index.ts';
import { type FileLedgerOptions, type OpenLedger, openLedger, resolveOptions } from './open-ledger.ts';
import { writeLine } from './write-line.ts';

/** A ledger that survives a crash and a power cut, for one process at a time. */
export interface FileLedger extends Ledger {
  readonly durability: 'disk';
  /** Waits for what is being written, and lets another process have the file. */
  close(): Promise<void>;
}

/**
 * Keeps intents and paid jobs in a file of one JSON line each, with a checksum. Nothing touches the disk before the
 * first use. Prompts are inside, so only the owner may read it; credentials are not.
 */
export function createFileLedger(path: string, options: FileLedgerOptions = {}): FileLedger {
  let opening: Promise<OpenLedger> | undefined;
  let closed = false;
  const open = async (): Promise<OpenLedger> => {
    if (closed) throw ledgerError(path, 'was closed; create it anew to go on');
    opening ??= openLedger(path, resolveOptions(options));
    // What kept it from being opened may be over at the next call.
    return opening.catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
  };
  const begin = createBegin();
  return {
    durability: 'disk',
    begin: async (intent, lease) => begin(await open(), intent, lease),
    claim: async (intentId, owner, lease) => claim(await open(), intentId, owner, lease),
    async read(intentId) {
      const { index } = await open();
      const entry = index.entries.get(intentId);
      return entry && recordOf(index, entry);
    },
    append: async (intentId, fence, event, length) => append(await open(), intentId, { fence, event, length }),
    async *open(query) {
      yield* listOpen(await open(), query);
    },
    find: async (query) => findRecords((await open()).index, query),
    async close() {
      closed = true;
      const ledger = await opening?.catch(() => undefined);
      opening = undefined;
      await ledger?.journal.close();
      await ledger?.lock.release();
    },
  };
}

type Begun = Awaited<ReturnType<Ledger['begin']>>;

/** Of many at once one creates the intent; the others wait until it is durable, or try in its place. */
function createBegin(): (ledger: OpenLedger, intent: Intent, lease?: Lease) => Promise<Begun> {
  const beginning = new Map<string, Promise<void>>();
  return async (ledger, intent, lease) => {
    const { entries } = ledger.index;
    for (let other = beginning.get(intent.id); other; other = beginning.get(intent.id)) {
      await other.catch(() => undefined);
    }
    const known = entries.get(intent.id);
    if (known) {
      const claimed = lease && (await claim(ledger, intent.id, lease.owner, lease.duration));
      return { created: false, record: recordOf(ledger, known), ...claimed };
    }
    const isTaken = lease !== undefined && lease.duration > 0;
    const { seq: fence, written } = writeLine(
      ledger,
      { intent, ...(isTaken ? { claimed: true } : {}) },
      (isWritten) => {
        beginning.delete(intent.id);
        if (isWritten && isTaken) take(ledger, findEntry(ledger, intent.id), lease, fence);
      },
    );
    beginning.set(intent.id, written);
    await written;
    return { created: true, record: recordOf(ledger, findEntry(ledger, intent.id)), ...(isTaken ? { fence } : {}) };
  };
}

function take({ options }: OpenLedger, entry: Entry, { owner, duration }: Lease, fence: number): void {
  Object.assign(entry, { owner, fence, leaseEnd: options.now() + duration });
}

/** A fence is the number of the claim's own line, so that it grows across restarts. */
async function claim(
  ledger: OpenLedger,
  intentId: string,
  owner: string,
  lease: number,
): Promise<{ fence: number; record: LedgerRecord } | null> {
  const entry = findEntry(ledger, intentId);
  const now = ledger.options.now();
  if (entry.owner !== owner) {
    // Only who holds it can give it back.
    if (entry.leaseEnd > now || lease <= 0) return null;
    const { seq, written } = writeLine(ledger, { claim: intentId });
    entry.claimed = written.catch((error: unknown) => {
      if (entry.fence === seq) Object.assign(entry, { owner: '', leaseEnd: Number.NEGATIVE_INFINITY });
      throw error;
    });
    take(ledger, entry, { owner, duration: lease }, seq);
  }
  entry.leaseEnd = now + lease;
  const { fence, claimed } = entry;
  await claimed;
  return { fence, record: recordOf(ledger, entry) };
}

interface Append {
  readonly fence: number;
  readonly event: LedgerEvent;
  readonly length: number | undefined;
}

/** Judged by what will be there when everything that is on its way has been written. */
async function append(ledger: OpenLedger, intentId: string, { fence, event, length }: Append): Promise<void> {
  while (true) {
    const entry = findEntry(ledger, intentId);
    const { intent, events } = recordOf(ledger, entry);
    const record = { intent, events: [...events, ...entry.inFlight.map((each) => each.event)] };
    const job = event.type === 'accepted' ? jobKey(event.job) : undefined;
    const claiming = job === undefined ? undefined : ledger.jobsInFlight.get(job);
    const owner = job === undefined ? undefined : (claiming?.intentId ?? ledger.index.owners.get(job)?.intentId);
    const verdict = attempt(() => judgeAppend({ record, event, isFresh: fence === entry.fence, length, owner }));
    if (verdict === 'write') return writeEvent(ledger, entry, event);
    const uncertain = claiming?.written ?? entry.inFlight.at(-1)?.written;
    if (!uncertain) {
      if (verdict === 'written') return;
      throw verdict;
    }
    await uncertain.catch(() => undefined);
  }
}

function attempt(judge: () => 'write' | 'written'): 'write' | 'written' | ImageError {
  try {
    return judge();
  } catch (error) {
    if (ImageError.is(error)) return error;
    throw error;
  }
}

async function writeEvent(ledger: OpenLedger, entry: Entry, event: LedgerEvent): Promise<void> {
  const id = idOf(entry);
  const job = event.type === 'accepted' ? jobKey(event.job) : undefined;
  const settled = (): void => {
    entry.inFlight = entry.inFlight.filter((each) => each !== flight);
    if (job !== undefined) ledger.jobsInFlight.delete(job);
  };
  const { written } = writeLine(ledger, { id, event }, settled);
  const flight: InFlight = { event, written };
  entry.inFlight = [...entry.inFlight, flight];
  if (job !== undefined) ledger.jobsInFlight.set(job, { intentId: id, written });
  await written;
  compactIfLarge(ledger);
}

function* listOpen({ index, options }: OpenLedger, query: OpenQuery = {}): Generator<LedgerRecord> {
  const { unclaimed = false, before = Number.POSITIVE_INFINITY, after } = query;
  // Whoever names an intent that is gone gets some twice rather than not at all.
  let begun = after === undefined || !index.entries.has(after);
  for (const [id, entry] of [...index.entries]) {
    if (begun && isOpenEntry(entry) && (!unclaimed || entry.leaseEnd <= options.now())) {
      const record = recordOf(index, entry);
      if ((record.events.at(-1)?.at ?? record.intent.createdAt) < before) yield record;
    }
    begun ||= id === after;
  }
}

function findEntry({ index }: OpenLedger, intentId: string): Entry {
  const entry = index.entries.get(intentId);
  if (!entry) throw unknownIntent(intentId);
  return entry;
}
