/** So many in a time. */
export interface Rate {
  /** Milliseconds until the next one may come; none or less: now. */
  delay(): number;
  /** Counts one that comes now. */
  take(): void;
}

const minute = 60_000;
const second = 1000;

/**
 * At most `perMinute` in any 60 seconds, however they are spread; hosts count by the minute.
 * Below the full `pace` (0 to 1) evenly spaced, one a minute at least.
 */
export function createWindow(perMinute: number, pace: () => number): Rate {
  const most = Math.max(1, Math.floor(perMinute));
  /** When the last ones came, as many as may come in a minute; the oldest one is overwritten next. */
  const times: number[] = [];
  let count = 0;
  let last = -Infinity;
  return {
    delay() {
      const share = pace();
      const full = times[count % most] ?? -Infinity;
      const spaced = share < 1 ? last + minute / Math.max(1, most * share) : full;
      return Math.max(full + minute, spaced) - performance.now();
    },
    take() {
      last = performance.now();
      if (most === Infinity) return;
      times[count % most] = last;
      count += 1;
    },
  };
}

/** `perSecond` on the average, and a second's worth of them at once, but one in any case. */
export function createBucket(perSecond: number): Rate {
  const interval = second / perSecond;
  const ahead = Math.max(0, second - interval);
  /** When the next one would come if all came evenly. */
  let next = 0;
  return {
    // Rounded down: no timer knows less than a millisecond, and the average stays.
    delay: () => Math.floor(next - ahead - performance.now()),
    take() {
      next = Math.max(next, performance.now()) + interval;
    },
  };
}
