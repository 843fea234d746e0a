import type { ImageError } from '../errors/image-error.ts';
import type { ImageBatchResult } from '../generate-images.ts';

/** A call that was begun: `accepted` resolves when a host has taken it, if one does. */
export interface Asked {
  readonly end: Promise<ImageBatchResult>;
  readonly accepted: Promise<void>;
}

/** How often in a row a host may refuse before what it refuses is reported: some seven minutes. */
const mostRounds = 10;
const firstPause = 5000;
const longestPause = 60_000;
/** Milliseconds until a full queue of the account is tried again, for as long as it takes. */
const queuePause = 1000;

/** Where items wait that a host does not take now: they are tried one after the other. */
export class Gate {
  readonly #changed: () => void;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #rounds = 0;
  #mustPause = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Somebody waits, so that nothing else is begun. */
  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  /** A host has accepted something. */
  open(): void {
    this.#rounds = 0;
    this.#mustPause = false;
  }

  /** Asks again until a host accepts, or the call ends otherwise. Undefined: given up, or aborted. */
  async retry(refused: ImageError, ask: () => Asked, signal: AbortSignal): Promise<Asked | undefined> {
    const before = this.#last;
    const { promise, resolve: leave } = Promise.withResolvers<void>();
    this.#last = promise;
    this.#waiting += 1;
    this.#mustPause = true;
    try {
      await before;
      let error = refused;
      while (!signal.aborted && this.#rounds < mostRounds) {
        if (this.#mustPause) await pause(this.#pauseAfter(error), signal);
        if (signal.aborted) break;
        const asked = ask();
        const end = await Promise.race([asked.end, asked.accepted]);
        if (!end?.error || !isRefusal(end.error)) return asked;
        error = end.error;
        this.#mustPause = true;
        if (error.reason !== 'queue_full') this.#rounds += 1;
      }
      return undefined;
    } finally {
      this.#waiting -= 1;
      leave();
      this.#changed();
    }
  }

  #pauseAfter({ reason, retryAfter = 0 }: ImageError): number {
    if (reason === 'queue_full') return queuePause;
    return Math.max(retryAfter, Math.min(longestPause, firstPause * 2 ** this.#rounds));
  }
}

/** Nothing was spent, and the item is not to blame: there were too many, or the host is known to be down. */
export const isRefusal = ({ code, reason, billed }: ImageError): boolean =>
  billed === 'no' && (code === 'rate_limited' || reason === 'circuit_open');

/** Ends early when the signal is aborted. */
const pause = (duration: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, duration);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
