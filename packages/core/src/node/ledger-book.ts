import { closeRecord, foldRecord, type Intent, isOpen, type LedgerEvent, type LedgerRecord } from '../ledger/ledger.ts';
import type { Entry } from './ledger-line.ts';

interface Numbered {
  readonly seq: number;
  readonly event: LedgerEvent;
}

/** One intent as the process that has the file open knows it. */
export interface Page {
  seq: number;
  intent: Intent;
  events: Numbered[];
  /** Who has it, under which fence, until when on the monotonic clock. Gone with the process, as its holder is. */
  owner: string;
  fence: number;
  leaseEnd: number;
  /** The claim's own line on its way to the disk. */
  claimed: Promise<void>;
}

/** Everything a ledger file says, ready to be asked. */
export interface Book {
  readonly pages: ReadonlyMap<string, Page>;
  /** The highest number that any line has. */
  readonly last: number;
  /** The number of the next line. */
  next(): number;
  apply(entry: Entry): void;
  /** What a rewrite keeps: everything but claims and what was closed before `oldest`. */
  keep(oldest: number): Entry[];
  /** Drops what `keep` leaves out. */
  forget(oldest: number): void;
}

export function createBook(): Book {
  const pages = new Map<string, Page>();
  let last = 0;
  return {
    pages,
    get last() {
      return last;
    },
    next() {
      last += 1;
      return last;
    },
    apply(entry) {
      last = Math.max(last, entry.seq);
      if ('intent' in entry && !pages.has(entry.intent.id)) pages.set(entry.intent.id, toPage(entry.seq, entry.intent));
      if (!('event' in entry)) return;
      const page = pages.get(entry.id) ?? toPage(entry.seq, restoreIntent(entry.id, entry.event));
      pages.set(entry.id, page);
      page.events.push({ seq: entry.seq, event: entry.event });
      // Reading where an intent stands takes as long as its events: only these can end it.
      if (entry.event.type === 'delivered' || entry.event.type === 'resolved') slim(page);
    },
    keep(oldest) {
      const kept = [...pages.values()].filter((page) => !isPast(page, oldest));
      const entries = kept.flatMap(({ seq, intent, events }): Entry[] => [
        { seq, intent },
        ...events.map((each) => ({ seq: each.seq, id: intent.id, event: each.event })),
      ]);
      return [{ seq: last, rewritten: Date.now() }, ...entries.sort((a, b) => a.seq - b.seq)];
    },
    forget(oldest) {
      for (const [id, page] of pages) if (isPast(page, oldest)) pages.delete(id);
    },
  };
}

export const toRecord = ({ intent, events }: Page): LedgerRecord => ({
  intent,
  events: events.map(({ event }) => event),
});

const isPast = (page: Page, oldest: number): boolean =>
  !isOpen(toRecord(page)) && (page.events.at(-1)?.event.at ?? 0) < oldest;

const toPage = (seq: number, intent: Intent): Page => {
  return { seq, intent, events: [], owner: '', fence: -1, leaseEnd: 0, claimed: Promise.resolve() };
};

/** The line of an intent can be damaged while a paid job stands in a later one: that job must still be found. */
function restoreIntent(id: string, event: LedgerEvent): Intent {
  const target = event.type === 'sending' ? event.target : event.type === 'accepted' ? event.job : undefined;
  const route = target ? [{ provider: target.provider, modelId: target.modelId }] : [];
  const request = { prompt: '', images: [], fit: 'exact', providerOptions: {} } as const;
  return { id, createdAt: event.at, request, route };
}

/** A paid picture that was handed over is only looked up again. A wish that may be tried anew is kept whole. */
function slim(page: Page): void {
  const record = toRecord(page);
  if (isOpen(record) || foldRecord(record).phase !== 'delivered') return;
  const { intent, events } = closeRecord(record);
  page.events = events.map((event, index) => ({ seq: page.events[index]?.seq ?? page.seq, event }));
  page.intent = intent;
}
