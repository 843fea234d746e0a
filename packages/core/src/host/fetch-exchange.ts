import { answers } from './answer-budget.ts';
import { concat } from './read-body.ts';
import { readExchange } from './read-exchange.ts';
import { TimeLimit } from './time-limit.ts';
import { type Exchange, idleTimeout, type OutgoingRequest, type Sent } from './transport.ts';

/** One request over a fetch. */
export interface FetchCall {
  /** Asks once. Told before what the request is handed to. */
  readonly ask: () => Promise<Response>;
  /** What a failure says about whether the request left. */
  readonly sent: (error: unknown) => Sent;
}

/**
 * Waits for one answer and reads it up to its limits. Written with callbacks and one promise: it runs for every poll,
 * and each promise, listener and timer that it does without is felt. Never rejects, even if fetch ignores its signal.
 */
export function exchangeOverFetch(request: OutgoingRequest, call: FetchCall): Promise<Exchange> {
  return new Promise((resolve) => new FetchExchange(request, call, resolve).start());
}

class FetchExchange {
  readonly #request: OutgoingRequest;
  readonly #call: FetchCall;
  readonly #resolve: (exchange: Exchange) => void;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #until = 0;
  #ended = false;
  readonly #limit: TimeLimit;
  #response: Response | undefined;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(request: OutgoingRequest, call: FetchCall, resolve: (exchange: Exchange) => void) {
    this.#request = request;
    this.#limit = new TimeLimit(request.cut);
    this.#call = call;
    this.#resolve = resolve;
  }

  start(): void {
    const { cut, timeout } = this.#request;
    cut.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (cut.signal.aborted) {
      this.#onAbort();
      return;
    }
    this.#limit.set(timeout, 'headers');
    this.#call.ask().then(this.#onResponse, this.#onError);
  }

  readonly #onResponse = (response: Response): void => {
    if (this.#ended) {
      response.body?.cancel().catch(() => undefined);
      return;
    }
    try {
      // A fetch of the caller's own can return anything.
      this.#reader = response.body?.getReader();
      this.#response = response;
      this.#until = performance.now() + this.#request.bodyTimeout;
      if (this.#reader) this.#read();
      else this.#finish(true);
    } catch (error) {
      this.#onError(error);
    }
  };

  readonly #read = (): void => {
    this.#limit.set(Math.min(idleTimeout, this.#left()), 'body');
    this.#reader?.read().then(this.#onChunk, this.#onError);
  };

  readonly #onChunk = ({ done, value }: ReadableStreamReadResult<Uint8Array>): void => {
    if (this.#ended) return;
    if (done) {
      this.#finish(true);
      return;
    }
    const isBytes = ArrayBuffer.isView(value);
    this.#size += isBytes ? value.byteLength : 0;
    if (!isBytes || this.#size > this.#request.maxBytes) {
      this.#finish(false);
      return;
    }
    this.#chunks.push(value);
    // While others are read, only the time of the whole body counts.
    this.#limit.set(this.#left(), 'body');
    answers.hold(this, this.#size, this.#read);
  };

  readonly #onAbort = (): void => this.#onError(this.#request.cut.signal.reason);

  readonly #onError = (error: unknown): void => {
    if (this.#ended) return;
    if (this.#response) {
      this.#finish(false);
      return;
    }
    this.#end();
    this.#resolve({ sent: this.#call.sent(error), bodyState: 'none', error });
  };

  #finish(whole: boolean): void {
    this.#end();
    if (!whole) this.#reader?.cancel().catch(() => undefined);
    try {
      this.#resolve(this.#toExchange(whole));
    } catch (error) {
      this.#resolve({ sent: this.#call.sent(error), bodyState: 'none', error });
    }
    answers.release(this);
  }

  /** Throws if a fetch of the caller's own returned something that is no Response. */
  #toExchange(whole: boolean): Exchange {
    const { status, type, headers } = this.#response ?? Response.error();
    const bytes = concat(this.#chunks, this.#size);
    this.#chunks = [];
    return readExchange({
      // A browser hides which redirect it was: 303, the most ambiguous, is assumed.
      status: type === 'opaqueredirect' ? 303 : status,
      header: (name) => headers.get(name),
      bytes,
      whole,
    });
  }

  #left(): number {
    return Math.max(0, this.#until - performance.now());
  }

  #end(): void {
    this.#ended = true;
    this.#limit.clear();
    this.#request.cut.signal.removeEventListener('abort', this.#onAbort);
  }
}
