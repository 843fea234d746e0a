import type { Limits } from './options.ts';

/** Keeps an account within its limits, and slows it down when the host refuses nevertheless. Used by the scheduler. */
export interface Limiter {
  /** Milliseconds until the next submit may begin; 0 or less: now; `Infinity`: not before `onChange`. */
  delay(): number;
  /** Counts a submit that begins. It holds a place among the `jobs` until `leave`. */
  begin(): void;
  leave(): void;
  /** How many submits may wait because of the limits. */
  readonly queue: number;
  /** Milliseconds until the next request of any kind. */
  requestDelay(): number;
  takeRequest(): void;
  /** The host answered a submit with 429: halves the submit rate, at most once a second. */
  refused(): void;
  /** The host accepted a submit: gives back a twentieth of the full pace, at most once a second. */
  accepted(): void;
  /** No submit begins for so many milliseconds: `Retry-After` for the whole account. Other requests go on. */
  pause(duration: number): void;
  /** Milliseconds for which no submit begins; 0 when not paused. */
  pausedFor(): number;
  /** Called when a submit may begin earlier than `delay` said. */
  onChange: () => void;
}

/** How often, in milliseconds, a reduced rate is checked for recovery. */
const recheck = 1000;

export function createLimiter(limits: Limits = {}): Limiter {
  const { jobs = Infinity, submitsPerMinute = Infinity, requestsPerSecond = Infinity, queue = 1000 } = limits;
  const throttle = createThrottle();
  const submits = createWindow(submitsPerMinute, throttle.pace);
  const requests = createBucket(requestsPerSecond);
  let running = 0;
  let pausedUntil = 0;
  /** Without a configured limit, inferred from the jobs in flight at the first 429. */
  let inferred = jobs;
  const limiter: Limiter = {
    queue,
    delay() {
      const pace = throttle.pace();
      const places = Math.max(1, Math.floor((pace < 1 ? inferred : jobs) * pace));
      const left = running < places ? Math.max(submits.delay(), pausedUntil - performance.now()) : Infinity;
      return pace < 1 ? Math.min(left, recheck) : left;
    },
    begin() {
      submits.take();
      running += 1;
    },
    leave() {
      running -= 1;
      limiter.onChange();
    },
    requestDelay: requestsPerSecond === Infinity ? () => 0 : requests.delay,
    takeRequest: requestsPerSecond === Infinity ? () => undefined : requests.take,
    refused() {
      if (throttle.pace() === 1 && jobs === Infinity) inferred = running;
      throttle.refused();
    },
    accepted() {
      throttle.accepted();
      limiter.onChange();
    },
    pause(duration) {
      if (duration > 0) pausedUntil = Math.max(pausedUntil, performance.now() + duration);
    },
    pausedFor: () => Math.max(0, pausedUntil - performance.now()),
    onChange: () => undefined,
  };
  return limiter;
}

/** So many in a time. */
interface Rate {
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
function createWindow(perMinute: number, pace: () => number): Rate {
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
function createBucket(perSecond: number): Rate {
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

/** How much of the full pace a host bears at the moment. */
interface Throttle {
  /** Above 0 and at most 1, which it is when nothing was refused in the last minute. */
  pace(): number;
  /** Halves the pace, at most once a second. */
  refused(): void;
  /** Gives back a twentieth of the full pace, at most once a second. */
  accepted(): void;
}

const step = 0.05;

/**
 * Answers to what was sent together say one thing, however many they are: hence once a second.
 * The pace also rises by itself, evenly, and is full within a minute.
 */
function createThrottle(): Throttle {
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
