import { type Intent, isOpen, type Ledger, type LedgerRecord } from '../ledger/ledger.ts';
import { staleFence } from '../ledger/memory.ts';
import { ledgerError } from './disk.ts';
import { type Page, toRecord } from './ledger-book.ts';
import { type Entry, parseLine, toLine } from './ledger-line.ts';
import { type FileLedgerOptions, openLedger, type Shelf, settle } from './open-ledger.ts';

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
  let opening: Promise<Shelf> | undefined;
  let closed = false;
  const open = async (): Promise<Shelf> => {
    if (closed) throw ledgerError(path, 'was closed; create it anew to go on');
    opening ??= openLedger(path, settle(options));
    // What kept it from being opened may be over at the next call.
    return opening.catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
  };
  const begin = createBegin();
  return {
    durability: 'disk',
    begin: async (intent) => begin(await open(), intent),
    claim: async (intentId, owner, lease) => claim(await open(), intentId, owner, lease),
    async append(intentId, fence, event) {
      const shelf = await open();
      if (findPage(shelf, intentId).fence !== fence) throw staleFence(intentId);
      await write(shelf, { seq: shelf.book.next(), id: intentId, event });
    },
    async *open() {
      const { book } = await open();
      for (const record of [...book.pages.values()].map(toRecord)) if (isOpen(record)) yield record;
    },
    async close() {
      closed = true;
      const shelf = await opening?.catch(() => undefined);
      opening = undefined;
      await shelf?.journal.close();
      await shelf?.release();
    },
  };
}

/** What is durable is known, and nothing else: the book takes it from the line that was written. */
async function write({ book, journal }: Shelf, entry: Entry): Promise<void> {
  const line = toLine(entry);
  await journal.append(line);
  const written = parseLine(Buffer.from(line.slice(0, -1)));
  if (written) book.apply(written);
}

type Begin = (shelf: Shelf, intent: Intent) => Promise<{ created: boolean; record: LedgerRecord }>;

/** Of many at once one creates the intent; the others wait until it is durable, or try in its place. */
function createBegin(): Begin {
  const beginning = new Map<string, Promise<void>>();
  return async (shelf, intent) => {
    const { pages } = shelf.book;
    for (let other = beginning.get(intent.id); other; other = beginning.get(intent.id)) {
      await other.catch(() => undefined);
    }
    const known = pages.get(intent.id);
    if (known) return { created: false, record: toRecord(known) };
    const writing = write(shelf, { seq: shelf.book.next(), intent });
    beginning.set(intent.id, writing);
    await writing.finally(() => beginning.delete(intent.id));
    return { created: true, record: toRecord(findPage(shelf, intent.id)) };
  };
}

/** A fence is the number of the claim's own line, so that it grows across restarts. */
async function claim(shelf: Shelf, intentId: string, owner: string, lease: number): Promise<{ fence: number } | null> {
  const page = findPage(shelf, intentId);
  const now = performance.now();
  if (page.owner !== owner) {
    // Who does not have it has nothing to give back.
    if (page.leaseEnd > now || lease <= 0) return null;
    page.owner = owner;
    page.fence = shelf.book.next();
    page.claimed = write(shelf, { seq: page.fence, claim: intentId }).catch((error: unknown) => {
      if (page.owner === owner) Object.assign(page, { owner: '', leaseEnd: 0 });
      throw error;
    });
  }
  page.leaseEnd = now + lease;
  const { fence, claimed } = page;
  await claimed;
  return { fence };
}

function findPage({ book, path }: Shelf, intentId: string): Page {
  const page = book.pages.get(intentId);
  if (!page) throw ledgerError(path, `has no intent "${intentId}"`);
  return page;
}
