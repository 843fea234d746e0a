import { longestTimer } from '../time/deadline.ts';
import { timedOut } from './transport.ts';

/**
 * Aborts an exchange when what it waits for does not come in time. Each piece of an answer moves the moment on, so the timer is
 * only set anew where it would ring too late: one that rings early waits for the rest.
 */
export class TimeLimit {
  readonly #cut: AbortController;
  #due = 0;
  #rings = Number.POSITIVE_INFINITY;
  /** The moment is later than the timer by now. */
  #isMoved = false;
  #what = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(cut: AbortController) {
    this.#cut = cut;
  }

  /** Instead of any limit before: so many milliseconds from now, for `what`. */
  set(milliseconds: number, what: string): void {
    this.#what = what;
    this.#due = performance.now() + milliseconds;
    if (this.#rings > this.#due) this.#arm(milliseconds);
    else this.#isMoved = true;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#rings = Number.POSITIVE_INFINITY;
  }

  #arm(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#rings = this.#due;
    this.#isMoved = milliseconds > longestTimer;
    this.#timer = setTimeout(this.#ring, Math.min(milliseconds, longestTimer));
  }

  readonly #ring = (): void => {
    const left = this.#isMoved ? this.#due - performance.now() : 0;
    if (left > 0) this.#arm(left);
    else this.#cut.abort(timedOut(this.#what));
  };
}
