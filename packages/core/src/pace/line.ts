/** Who waits, first in first out. Joining, leaving from the middle and serving take the same time however many wait. */
export interface Line<T> {
  /** How many wait. */
  size(): number;
  /** Joins at the end. Rejects with the signal's reason when it aborts first, and then calls `onGone`. */
  wait(signal: AbortSignal, onGone?: () => void): Promise<T>;
  /** Gives the first one what it waited for. Not to be called while nobody waits. */
  serve(value: T): void;
}

/** A place in the ring; the ring's own entry has the first one after it and the last one before it. */
interface Place<T> {
  before: Place<T>;
  after: Place<T>;
  serve(value: T): void;
}

export function createLine<T>(): Line<T> {
  const ring = {} as Place<T>;
  ring.before = ring;
  ring.after = ring;
  let size = 0;
  return {
    size: () => size,
    serve: (value) => ring.after.serve(value),
    wait: (signal, onGone) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const leave = (): void => {
          place.before.after = place.after;
          place.after.before = place.before;
          size -= 1;
          signal.removeEventListener('abort', onAbort);
        };
        const onAbort = (): void => {
          leave();
          reject(signal.reason);
          onGone?.();
        };
        const serve = (value: T): void => {
          leave();
          resolve(value);
        };
        const place: Place<T> = { before: ring.before, after: ring, serve };
        ring.before.after = place;
        ring.before = place;
        size += 1;
        signal.addEventListener('abort', onAbort);
      }),
  };
}
