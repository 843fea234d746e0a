import { closeRecord } from './close-record.ts';
import type { Intent, LedgerEvent, LedgerRecord } from './facts.ts';
import { forgetOldest } from './forget-oldest.ts';
import { createJobMap, type JobMap } from './job-map.ts';
import type { FindQuery, Lease, Ledger, OpenQuery } from './ledger.ts';
import { hasJob, ownerRecord } from './owners.ts';
import { foldRecord, isOpen, isUnfinished } from './reduce.ts';
import { judgeAppend, unknownIntent } from './rules.ts';

interface Owner {
  readonly intentId: string;
  readonly accepted: Accepted;
}

type Accepted = Extract<LedgerEvent, { type: 'accepted' }>;

interface Entry {
  record: LedgerRecord;
  owner: string;
  fence: number;
  leaseEnd: number;
}

/** How many delivered intents are remembered, so that a repeated intent id finds its result instead of paying again. */
const remembered = 1_000;
/** How many owners of a host's jobs are remembered; the host's list is searched for minutes, not for days. */
const mostOwners = 100_000;

export interface MemoryLedgerOptions {
  /** Milliseconds that never go back, for leases. @default the system's monotonic clock */
  readonly now?: (() => number) | undefined;
}

/** A ledger for scripts: it joins repeated intents, and is gone with the process. */
export function createMemoryLedger({ now = () => performance.now() }: MemoryLedgerOptions = {}): Ledger {
  const entries = new Map<string, Entry>();
  const owners = createJobMap<Owner>(mostOwners);
  const done = new Set<string>();
  const write = (entry: Entry, event: LedgerEvent): void => {
    const { intent, events } = entry.record;
    entry.record = { intent, events: events.concat(event) };
    if (event.type === 'accepted') owners.set(event.job, { intentId: intent.id, accepted: event });
    done.delete(intent.id);
    // Nothing is over before somebody has said so.
    if (!entry.record.events.some(({ type }) => type === 'delivered' || type === 'resolved')) return;
    const state = foldRecord(entry.record);
    if (isUnfinished(state)) return;
    entry.record = closeRecord(entry.record, state);
    // A send that was declared absent still counts among those of its words.
    if (state.sends.some(({ end }) => end === undefined)) return;
    done.add(intent.id);
    forgetOldest(done, remembered, (id) => entries.delete(id));
  };
  const append: AppendNow = (intentId, fence, event, length) => {
    const entry = find(entries, intentId);
    const owner = event.type === 'accepted' ? owners.get(event.job)?.intentId : undefined;
    const isFresh = fence === entry.fence;
    if (judgeAppend({ record: entry.record, event, isFresh, length, owner }) === 'write') write(entry, event);
  };
  const ledger: Ledger = {
    durability: 'none',
    async begin(intent: Intent, lease?: Lease) {
      const known = entries.get(intent.id);
      const entry = known ?? {
        record: { intent, events: [] },
        owner: '',
        fence: 0,
        leaseEnd: Number.NEGATIVE_INFINITY,
      };
      if (!known) entries.set(intent.id, entry);
      const taken = lease && take(entry, lease.owner, lease.duration, now());
      return { created: !known, record: entry.record, ...(taken ? { fence: entry.fence } : {}) };
    },
    async claim(intentId, owner, lease) {
      const entry = find(entries, intentId);
      return take(entry, owner, lease, now()) ? { fence: entry.fence, record: entry.record } : null;
    },
    read: async (intentId) => entries.get(intentId)?.record,
    async append(...event) {
      append(...event);
    },
    async *open(query) {
      yield* listOpen(entries, now, query);
    },
    find: async (query) => findRecords(entries, owners, query),
  };
  atOnce.set(ledger.append, append);
  return ledger;
}

/** `append` of a ledger that has written when it returns. Throws what the other rejects with. */
export type AppendNow = (...event: Parameters<Ledger['append']>) => void;

/** By the method, so that a ledger around this one, with an `append` of its own, is not passed by. */
const atOnce = new WeakMap<Ledger['append'], AppendNow>();

/** Undefined for every ledger that may take its time: with that of a script, nothing need be waited for. */
export const appendAtOnce = ({ append }: Ledger): AppendNow | undefined => atOnce.get(append);

function findRecords(
  entries: ReadonlyMap<string, Entry>,
  owners: JobMap<Owner>,
  { job, words }: FindQuery,
): LedgerRecord[] {
  if (job) {
    const owner = owners.get(job);
    const { record } = (owner && entries.get(owner.intentId)) ?? {};
    if (!owner || (record && hasJob(record, job))) return record ? [record] : [];
    return [ownerRecord(owner.intentId, owner.accepted.job, owner.accepted.at)];
  }
  return [...entries.values()]
    .map(({ record }) => record)
    .filter(({ events }) => events.some((event) => event.type === 'sending' && event.words === words));
}

function* listOpen(
  entries: ReadonlyMap<string, Entry>,
  now: () => number,
  query: OpenQuery = {},
): Generator<LedgerRecord> {
  const { unclaimed = false, before = Number.POSITIVE_INFINITY, after } = query;
  // Whoever names an intent that is gone gets some twice rather than not at all.
  let begun = after === undefined || !entries.has(after);
  for (const [id, { record, leaseEnd }] of [...entries]) {
    const isFree = !unclaimed || leaseEnd <= now();
    const isOld = (record.events.at(-1)?.at ?? record.intent.createdAt) < before;
    if (begun && isFree && isOld && isOpen(record)) yield record;
    begun ||= id === after;
  }
}

function take(entry: Entry, owner: string, lease: number, now: number): boolean {
  // Who gives back what somebody else has taken over meanwhile gives back nothing.
  if (entry.owner !== owner && (entry.leaseEnd > now || lease <= 0)) return false;
  if (entry.owner !== owner) entry.fence += 1;
  entry.owner = owner;
  entry.leaseEnd = Math.floor(now + lease);
  return true;
}

function find(entries: ReadonlyMap<string, Entry>, intentId: string): Entry {
  const entry = entries.get(intentId);
  if (!entry) throw unknownIntent(intentId);
  return entry;
}
