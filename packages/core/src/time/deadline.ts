/** Thrown by every await at the deadline; its caller maps it to the error for the current stage. */
export class DeadlineReached extends Error {}

/** One moment at which a call ends, whatever it waits for. */
export interface Deadline {
  /** Aborts with the reason of whichever signal came first, or with `DeadlineReached`. */
  readonly signal: AbortSignal;
  /** Milliseconds left; never negative. */
  remaining(): number;
  /** Milliseconds since the start. */
  elapsed(): number;
  /** Waits, but not beyond the end nor after `wake`. Rejects with the signal's reason. */
  sleep(duration: number, wake?: Promise<void>): Promise<void>;
  /** Waits for a promise that may not know the signal. Rejects with the signal's reason. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Leaves nothing behind. */
  dispose(): void;
}

/** A longer timer would overflow and fire at once. */
export const longestTimer = 2 ** 31 - 1;

/** Starts the clock. The timer holds the process: a wait must not end because nothing else is going on. */
export function startDeadline(timeout: number, ...signals: readonly (AbortSignal | undefined)[]): Deadline {
  const start = performance.now();
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signals.find((signal) => signal?.aborted)?.reason);
  if (signals.some((signal) => signal?.aborted)) onAbort();
  for (const signal of signals) signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => controller.abort(new DeadlineReached()), Math.min(timeout, longestTimer));
  const deadline: Deadline = {
    signal: controller.signal,
    elapsed: () => performance.now() - start,
    remaining: () => Math.max(0, start + timeout - performance.now()),
    sleep: (duration, wake) => sleep(Math.min(duration, longestTimer), controller.signal, wake),
    race: (promise) => unlessAborted(promise, controller.signal),
    dispose() {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', onAbort);
    },
  };
  return deadline;
}

/** The same end and the same clock, but also ended by a signal of its own. */
export function branch(deadline: Deadline, signal: AbortSignal): Deadline {
  const controller = new AbortController();
  const sources = [deadline.signal, signal];
  const onAbort = (): void => controller.abort(sources.find(({ aborted }) => aborted)?.reason);
  for (const source of sources) {
    if (source.aborted) onAbort();
    source.addEventListener('abort', onAbort, { once: true });
  }
  return {
    ...deadline,
    signal: controller.signal,
    sleep: (duration, wake) => sleep(Math.min(duration, longestTimer), controller.signal, wake),
    race: (promise) => unlessAborted(promise, controller.signal),
    dispose() {
      for (const source of sources) source.removeEventListener('abort', onAbort);
    },
  };
}

/** Rejects with the reason of the abort at once, whether or not the promise obeys the signal. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}

function sleep(duration: number, signal: AbortSignal, wake?: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    const timer = setTimeout(end, duration);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    wake?.then(end);
  });
}
