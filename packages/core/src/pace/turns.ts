import { longestTimer } from '../time/deadline.ts';
import { createLine } from './line.ts';

/** Too many wait already; whoever comes now is sent away before anything is spent. */
export class QueueFull extends Error {}

/** A line in front of a moment: first in first out, with one timer for all who wait. */
export interface Turns<T> {
  /**
   * Comes at once where it may; otherwise `onQueued` is told how many are ahead. Rejects with the signal's reason when
   * it aborts first, and with `QueueFull`.
   */
  take(signal: AbortSignal, onQueued?: (ahead: number) => void): Promise<T>;
  /** To be called when something has changed: serves all who may come now. */
  serve(): void;
}

export interface TurnsOptions<T> {
  /** Milliseconds until the next one may come; none or less: now; `Infinity`: only a change can tell. */
  delay(): number;
  /** What the next one gets. Takes it off what there is. */
  give(): T;
  /** How many may wait. @default any number */
  readonly room?: number;
}

/** The timer holds the process: a wait must not end because nothing else is going on. */
export function createTurns<T>({ delay, give, room = Infinity }: TurnsOptions<T>): Turns<T> {
  const line = createLine<T>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const serve = (): void => {
    clearTimeout(timer);
    while (line.size() > 0) {
      const left = delay();
      if (left > 0) {
        timer = setTimeout(serve, Math.min(Math.ceil(left), longestTimer));
        return;
      }
      line.serve(give());
    }
  };
  return {
    serve,
    take(signal, onQueued) {
      if (signal.aborted) return Promise.reject(signal.reason);
      const ahead = line.size();
      if (ahead === 0 && delay() <= 0) return Promise.resolve(give());
      if (ahead >= room) return Promise.reject(new QueueFull());
      onQueued?.(ahead);
      const turn = line.wait(signal, serve);
      if (ahead === 0) serve();
      return turn;
    },
  };
}
