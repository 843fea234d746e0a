import { ImageError } from '../errors/image-error.ts';
import { closeRecord, type Intent, isOpen, type Ledger, type LedgerEvent, type LedgerRecord } from './ledger.ts';

interface Entry {
  record: LedgerRecord;
  owner: string;
  fence: number;
  /** On the monotonic clock. */
  leaseEnd: number;
}

/** How many delivered intents are remembered, so that a repeated intent id finds its result instead of paying again. */
const remembered = 1_000;

/** A ledger for scripts: it joins repeated intents, and is gone with the process. */
export function createMemoryLedger(): Ledger {
  const entries = new Map<string, Entry>();
  const done = new Set<string>();
  return {
    durability: 'none',
    async begin(intent: Intent) {
      const known = entries.get(intent.id);
      if (known) return { created: false, record: known.record };
      const record: LedgerRecord = { intent, events: [] };
      entries.set(intent.id, { record, owner: '', fence: 0, leaseEnd: 0 });
      return { created: true, record };
    },
    async claim(intentId, owner, lease) {
      const entry = find(entries, intentId);
      const now = performance.now();
      // Who gives back what somebody else has taken over meanwhile gives back nothing.
      if (entry.owner !== owner && (entry.leaseEnd > now || lease <= 0)) return null;
      if (entry.owner !== owner) entry.fence += 1;
      entry.owner = owner;
      entry.leaseEnd = now + lease;
      return { fence: entry.fence };
    },
    async append(intentId, fence, event: LedgerEvent) {
      const entry = find(entries, intentId);
      if (fence !== entry.fence) throw staleFence(intentId);
      entry.record = { intent: entry.record.intent, events: [...entry.record.events, event] };
      done.delete(intentId);
      if (isOpen(entry.record)) return;
      entry.record = closeRecord(entry.record);
      done.add(intentId);
      const [oldest] = done;
      if (done.size <= remembered || oldest === undefined) return;
      done.delete(oldest);
      entries.delete(oldest);
    },
    async *open() {
      for (const { record } of [...entries.values()]) {
        if (isOpen(record)) yield record;
      }
    },
  };
}

function find(entries: ReadonlyMap<string, Entry>, intentId: string): Entry {
  const entry = entries.get(intentId);
  if (!entry) throw ledgerError(`there is no intent "${intentId}"`);
  return entry;
}

/** Another process has taken the intent over: whoever holds the old fence must stop. */
export const staleFence = (intentId: string): ImageError => ledgerError(`"${intentId}" is held by somebody else`);

const ledgerError = (problem: string): ImageError =>
  new ImageError({
    code: 'unavailable',
    reason: 'ledger_unavailable',
    message: `The ledger refused: ${problem}`,
    billed: 'no',
    stage: 'ledger',
  });
