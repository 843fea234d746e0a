import { ImageError } from '../errors/image-error.ts';
import { invalid } from '../errors/invalid.ts';
import { conflict } from '../ledger/conflict.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { acknowledgeImages, idsOf } from './acknowledge.ts';
import { Budgets } from './budget.ts';
import type { BookRequest, IntentBook, Ticket } from './contract.ts';
import { hash } from './fingerprint.ts';
import { type Choice, choose, Slot } from './slots.ts';
import { standingOf } from './standing.ts';
import { type BookStore, createMemoryBookStore } from './store.ts';

export interface IntentBookOptions {
  /** Where the intents stand that the book names: it alone says what is paid and not handed over. */
  readonly ledger: Ledger;
  /** Where budgets are kept. @default in memory */
  readonly store?: BookStore | undefined;
  /** Milliseconds in which an equal request is taken for the same one; at most twice as long. @default 600000 */
  readonly window?: number | undefined;
}

/**
 * Says under which intent a request runs whose caller sends no idempotency key and may repeat it. A request that is
 * paid, or perhaps paid, and was never handed over goes to the next equal request of the same scope. One that was
 * handed over is done: asking again is a new one, unless the client itself says that it retries. Throws
 * `invalid_request`.
 */
export function createIntentBook({ ledger, store, window = 600_000 }: IntentBookOptions): IntentBook {
  if (typeof ledger?.claim !== 'function') throw invalid('`ledger` must be a ledger, such as createMemoryLedger()');
  if (!(window > 0)) throw invalid('`window` must be milliseconds above 0');
  const budgets = new Budgets(store ?? createMemoryBookStore());
  const book = new Book(ledger, window);
  return {
    take: (request) => book.take(request),
    reserve: (scope, price, options) => budgets.reserve(scope, price, options),
  };
}

/** So many intents in a row that the ledger does not know are taken for the end of a stretch of time. */
const lookahead = 2;
/** Whose names are remembered. */
const mostScopes = 10_000;

/** What is known of the intents of a request by those who asked for it in this process. */
interface Page {
  readonly slots: Slot[];
  /** Epoch milliseconds from which nobody asks for them by an equal request any more. */
  readonly until: number;
}

class Book {
  readonly #ledger: Ledger;
  readonly #window: number;
  readonly #pages = new Map<string, Page>();
  readonly #scopes = new Map<string, string>();
  readonly #calls = new WeakMap<object, Map<string, Slot[]>>();
  /** Equal requests are looked at one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Epoch milliseconds. */
  #tidied = 0;

  constructor(ledger: Ledger, window: number) {
    this.#ledger = ledger;
    this.#window = window;
  }

  async take(request: BookRequest): Promise<Ticket> {
    check(request);
    const name = await this.#nameOf(request);
    return this.#inTurn(name, async () => {
      this.#forget();
      const choice = this.#ofCall(name, request) ?? (await this.#choose(name, request));
      return this.#give(choice, name, request);
    });
  }

  /** Hashing is dear: a fingerprint that is a SHA-256 already is taken as it is, and scopes come again and again. */
  async #nameOf({ intentId, key, scope, fingerprint, n = 1 }: BookRequest): Promise<string> {
    if (intentId !== undefined) return intentId;
    if (key !== undefined) return `book-${(await hash('key', scope, key)).slice(0, 40)}`;
    const owner = this.#scopes.get(scope) ?? (await hash(scope)).slice(0, 24);
    if (this.#scopes.size >= mostScopes) this.#scopes.clear();
    this.#scopes.set(scope, owner);
    const words = /^[0-9a-f]{64}$/.test(fingerprint) ? fingerprint : await hash(fingerprint);
    return `book-${owner}-${words.slice(0, 40)}-${n}`;
  }

  async #inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(name);
    const turn = (before ?? Promise.resolve()).then(work, work);
    this.#turns.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(name) === turn) this.#turns.delete(name);
    }
  }

  /** An attempt of the same call that has ended: the next one goes on with it. Its others may be under way beside it. */
  #ofCall(name: string, { call }: BookRequest): Choice | undefined {
    const slot =
      call &&
      this.#calls
        .get(call)
        ?.get(name)
        ?.find((each) => !each.isBusy && !each.isHanded);
    return slot && { slot, standing: 'open' };
  }

  async #choose(name: string, request: BookRequest): Promise<Choice> {
    const { n = 1, retry = false } = request;
    if (isNamed(request)) {
      const { slots } = this.#page(name, Date.now() + this.#window);
      const [slot = new Slot(name)] = slots;
      await this.#compare(slot, request);
      slots[0] = slot;
      return { slot, standing: await this.#standing(slot, n) };
    }
    const turn = Math.floor(Date.now() / this.#window);
    const before = await this.#look(`${name}-${turn - 1}`, turn + 1, n);
    const now = await this.#look(`${name}-${turn}`, turn + 2, n);
    return choose([...before.filter(isUsed), ...now], retry) as Choice;
  }

  /** A name stands for one request: with other words it is refused, and with another number too, after a restart as well. */
  async #compare(slot: Slot, { fingerprint, n = 1 }: BookRequest): Promise<void> {
    const [first, ...others] = idsOf(slot.id, n + 1);
    const knows = async (id: string | undefined): Promise<boolean> =>
      id !== undefined && (await standingOf(this.#ledger, id, 1)) !== 'absent';
    const isKnown = await knows(first);
    if (!isKnown && !slot.isBusy) slot.fingerprint = undefined;
    slot.fingerprint ??= fingerprint;
    const isOther = isKnown && (!(await knows(others[n - 2] ?? first)) || (await knows(others.at(-1))));
    if (isOther || slot.fingerprint !== fingerprint) throw conflict(slot.id);
  }

  /**
   * Every intent of a stretch of time, and behind them one that nobody has asked for. Of a few that were refused
   * before anything was written the ledger does not know.
   */
  async #look(page: string, end: number, n: number): Promise<Choice[]> {
    const { slots } = this.#page(page, end * this.#window);
    const found: Choice[] = [];
    let absent = 0;
    for (let index = 0; absent < lookahead || index < slots.length; index += 1) {
      const slot = slots[index] ?? new Slot(`${page}-${index}`);
      slots[index] = slot;
      const standing = await this.#standing(slot, n);
      found.push({ slot, standing });
      absent = standing === 'absent' ? absent + 1 : 0;
    }
    return found;
  }

  async #standing(slot: Slot, n: number): Promise<Choice['standing']> {
    if (slot.isBusy) return 'busy';
    if (slot.isHanded) return 'handed';
    const standing = await standingOf(this.#ledger, slot.id, n);
    slot.isHanded = standing === 'handed';
    // A call that has ended, or goes on without its caller, holds the intent a little longer.
    return (standing === 'held' && slot.left) || standing;
  }

  #page(name: string, until: number): Page {
    const page = this.#pages.get(name) ?? { slots: [], until };
    this.#pages.set(name, page);
    return page;
  }

  /** What nobody asks for by an equal request any more is in the ledger, and nowhere else. */
  #forget(): void {
    const now = Date.now();
    if (now < this.#tidied + this.#window) return;
    this.#tidied = now;
    for (const [name, { slots, until }] of this.#pages) {
      if (until < now && !slots.some((slot) => slot.isBusy)) this.#pages.delete(name);
    }
  }

  #give({ slot, standing }: Choice, name: string, { call, n = 1, retry = false }: BookRequest): Ticket {
    if (retry) slot.retries += 1;
    slot.left = undefined;
    if (call) this.#note(call, name, slot);
    const holder = {};
    slot.holders.add(holder);
    const leave = (left: Slot['left']): void => {
      slot.holders.delete(holder);
      slot.left = slot.isBusy ? undefined : left;
    };
    return {
      intentId: slot.id,
      replayed: isUsed({ standing }),
      wasDelivered: standing === 'handed',
      isUnderWay: standing === 'busy' || standing === 'held',
      delivered: async () => {
        slot.isHanded = true;
        leave(undefined);
        await acknowledgeImages({ ledger: this.#ledger, intentId: slot.id, n });
      },
      orphaned: () => leave('left'),
      failed: (error) => {
        leave(ImageError.is(error) && error.billed === 'no' ? 'free' : 'left');
        slot.isHanded ||= isOver(error);
      },
    };
  }

  #note(call: object, name: string, slot: Slot): void {
    const slots = this.#calls.get(call) ?? new Map<string, Slot[]>();
    this.#calls.set(call, slots);
    const mine = slots.get(name) ?? [];
    slots.set(name, mine.includes(slot) ? mine : [...mine, slot]);
  }
}

const isUsed = ({ standing }: Pick<Choice, 'standing'>): boolean => standing !== 'absent' && standing !== 'free';

/**
 * Asked for again it would fail again: the same request means something else by now, another route for instance, or the
 * host has removed the picture. The next one is a new one.
 */
const isOver = (error: unknown): boolean =>
  ImageError.is(error) && (error.reason === 'intent_conflict' || error.code === 'result_expired');

const isNamed = ({ intentId, key }: BookRequest): boolean => intentId !== undefined || key !== undefined;

function check({ scope, fingerprint, n = 1, key, intentId, call }: BookRequest): void {
  for (const [name, value] of Object.entries({ scope, fingerprint, key, intentId })) {
    if (value !== undefined && typeof value !== 'string') throw invalid(`\`${name}\` must be text`);
  }
  if (typeof scope !== 'string' || typeof fingerprint !== 'string')
    throw invalid('`scope` and `fingerprint` are needed');
  if (!Number.isInteger(n) || n < 1) throw invalid('`n` must be a whole number of 1 or more');
  if (call !== undefined && (typeof call !== 'object' || call === null)) throw invalid('`call` must be an object');
}
