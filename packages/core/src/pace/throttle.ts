/** How much of the full pace a host bears at the moment. */
export interface Throttle {
  /** Above 0 and at most 1, which it is when nothing was refused in the last minute. */
  pace(): number;
  /** Halves the pace, at most once a second. */
  refused(): void;
  /** Gives back a twentieth of the full pace, at most once a second. */
  accepted(): void;
}

const minute = 60_000;
const second = 1000;
const step = 0.05;

/**
 * Answers to what was sent together say one thing, however many they are: hence once a second.
 * The pace also rises by itself, evenly, and is full within a minute.
 */
export function createThrottle(): Throttle {
  let start = 1;
  let refusedAt = -Infinity;
  let changedAt = -Infinity;
  const pace = (): number => Math.min(1, start + (performance.now() - refusedAt) / minute);
  return {
    pace,
    refused() {
      const now = performance.now();
      if (now - refusedAt < second) return;
      start = pace() / 2;
      refusedAt = now;
      changedAt = now;
    },
    accepted() {
      const now = performance.now();
      if (now - changedAt < second) return;
      start += step;
      changedAt = now;
    },
  };
}
