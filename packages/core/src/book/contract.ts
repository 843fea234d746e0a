import type { Cost } from '../contract/result.ts';
import type { MaxCost } from '../picture/budget.ts';

/** One request of a caller who may repeat it, and who sends no idempotency key with it. */
export interface BookRequest {
  /** Whose it is: an API key, a model instance, the owner of a connection. Requests of different scopes never meet. */
  readonly scope: string;
  /** Equal for equal requests: see `fingerprintOf`. */
  readonly fingerprint: string;
  /** How many pictures. @default 1 */
  readonly n?: number | undefined;
  /** The caller's own idempotency key, within its scope. It stands for one request: rejected
   * (`intent_conflict`) with another fingerprint or number. */
  readonly key?: string | undefined;
  /** An intent id of the caller's own, as `generateImage` takes it. It comes before a key. */
  readonly intentId?: string | undefined;
  /** An object that all attempts of one call share and no other call has: a client that repeats within one process. */
  readonly call?: object | undefined;
  /** The client itself says that it has asked before. @default false */
  readonly retry?: boolean | undefined;
}

/**
 * Under which intent a request is to be made. How it ended is said by one of the three methods; who has left
 * (`orphaned`) may still be said to have failed.
 */
export interface Ticket {
  /** For `generateImage`, with `acknowledge: 'manual'` and the ledger of the book. */
  readonly intentId: string;
  /** Somebody has asked for this before: it may be paid already. */
  readonly replayed: boolean;
  /** It was handed over before. It is handed over again, and costs nothing. */
  readonly wasDelivered: boolean;
  /** Another request is at work on it, and may not have sent anything yet. */
  readonly isUnderWay: boolean;
  /** The caller has the pictures: asking again is a new request, unless the client says that it retries. */
  delivered(): Promise<void>;
  /** The caller has left. What is paid, or perhaps paid, goes to the next equal request. */
  orphaned(): void;
  /** It failed. Without cost the intent is free again; else it goes to the next equal request. */
  failed(error: unknown): void;
}

/** What a scope may spend in a period of UTC. Amounts by currency, like `maxCost`. */
export interface Budget {
  readonly USD?: number | undefined;
  readonly credit?: number | undefined;
  /** @default 'total' */
  readonly per?: 'day' | 'month' | 'total' | undefined;
}

/** Money put aside for one intent. */
export interface Reservation {
  /** For the call: it may spend what was put aside, and no more. */
  readonly maxCost: MaxCost;
  /** What it did cost. What is unknown, or not over yet, keeps the price that was put aside. */
  settle(...costs: readonly Cost[]): Promise<void>;
  /** Nothing was spent. */
  release(): Promise<void>;
}

export interface ReserveOptions {
  readonly budget: Budget;
  /** A second reservation for the same intent is the same reservation. */
  readonly intentId: string;
}

export interface IntentBook {
  /** Which intent a request is: one that is open and nobody has, or a new one. Rejects when the ledger cannot say. */
  take(request: BookRequest): Promise<Ticket>;
  /** Puts a price (of the dearest model of the route, for all pictures) aside before anything is sent. A text says why the budget does not allow it. */
  reserve(scope: string, price: MaxCost, options: ReserveOptions): Promise<Reservation | string>;
}
