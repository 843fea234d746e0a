import type { BookRequest } from '../../src/book/index.ts';
import { createIntentBook, fingerprintOf, type IntentBook, type Ticket } from '../../src/book/index.ts';
import {
  createMemoryLedger,
  type GenerateImageOptions,
  generateImage,
  type ImageError,
  type Ledger,
  type LedgerRecord,
} from '../../src/index.ts';
import { createWorld, type World } from '../world.ts';

export const prompt = 'a lighthouse in fog at dawn';

/** A door: makes what is asked for under the ticket that the book gives. */
export interface Door {
  readonly world: World;
  readonly ledger: Ledger;
  readonly book: IntentBook;
  take(more?: Partial<BookRequest>): Promise<Ticket>;
  make(ticket: Ticket, more?: Partial<GenerateImageOptions>): Promise<string>;
  /** One request from beginning to end, handed over or said to have failed. Returns the job, or the error's code. */
  ask(more?: Partial<BookRequest>, call?: Partial<GenerateImageOptions>): Promise<string>;
}

export function createDoor({
  world = createWorld(),
  ledger = createMemoryLedger(),
  window,
}: {
  readonly world?: World;
  readonly ledger?: Ledger;
  readonly window?: number;
} = {}): Door {
  const book = createIntentBook({ ledger, window });
  const door: Door = {
    world,
    ledger,
    book,
    take: async (more) => book.take({ scope: 'ada', fingerprint: await fingerprintOf({ prompt }), ...more }),
    async make({ intentId }, more) {
      const { images } = await generateImage({
        ...{ model: world.model('wavespeed'), prompt, ledger, intentId, acknowledge: 'manual' },
        ...more,
      });
      return images.map(({ job }) => job.id).join(' ');
    },
    async ask(more, call) {
      const ticket = await door.take(more);
      try {
        const made = await door.make(ticket, call);
        await ticket.delivered();
        return made;
      } catch (error) {
        ticket.failed(error);
        return (error as ImageError).code;
      }
    },
  };
  return door;
}

export const charges = ({ world }: Door): number => world.emulator.charges().length;

export async function openIn(ledger: Ledger): Promise<readonly LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.open()) records.push(record);
  return records;
}
