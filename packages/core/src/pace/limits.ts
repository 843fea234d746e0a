import { invalid } from '../request/options.ts';
import { once } from './once.ts';
import { createBucket, createWindow } from './rates.ts';
import { createThrottle } from './throttle.ts';
import { createTurns } from './turns.ts';

export { QueueFull } from './turns.ts';

/** What an account may do at its host. What is not given is not limited, until the host refuses. */
export interface Limits {
  /** Jobs that run at the host at the same time. */
  readonly jobs?: number | undefined;
  /** Submits started in any 60 seconds. They may all come at once. */
  readonly submitsPerMinute?: number | undefined;
  /** Requests of any kind per second. A second's worth of them may come at once. */
  readonly requestsPerSecond?: number | undefined;
  /** How many submits may wait for their turn. Whoever comes after them is refused, and nothing is billed. @default 1000 */
  readonly queue?: number | undefined;
}

/** A job's place at the host. */
export interface Admission {
  /** To be called when the job has ended or will never begin. May be called twice. */
  release(): void;
}

/** Keeps an account within its limits, and slows it down when the host refuses all the same. */
export interface Limiter {
  /**
   * Waits for a place and for the rate, first in first out; `onQueued` is told how many are ahead when it has to wait.
   * Rejects with the signal's reason when it aborts first, and with `QueueFull` when too many wait.
   * Await it as it is: a race that something else wins would lose the place as well.
   */
  admit(signal: AbortSignal, onQueued?: (ahead: number) => void): Promise<Admission>;
  /** The turn of any request, first in first out. Rejects with the signal's reason when it aborts first. */
  request(signal: AbortSignal): Promise<void>;
  /** The host answered a submit with 429: halves the pace, at most once a second. */
  refused(): void;
  /** The host accepted a submit: gives back a twentieth of the full pace, at most once a second. */
  accepted(): void;
  /** Admits nobody for so many milliseconds: `Retry-After` for the whole account. Other requests go on. */
  pause(duration: number): void;
  /** Milliseconds for which nobody is admitted; 0 when not paused. */
  pausedFor(): number;
}

const names = ['jobs', 'submitsPerMinute', 'requestsPerSecond', 'queue'];

/** How often, in milliseconds, those who wait look whether a reduced pace has recovered. */
const recheck = 1000;

export function createLimiter(limits: Limits = {}): Limiter {
  check(limits);
  const { jobs = Infinity, submitsPerMinute = Infinity, requestsPerSecond = Infinity, queue = 1000 } = limits;
  const throttle = createThrottle();
  const submits = createWindow(submitsPerMinute, throttle.pace);
  const requests = createBucket(requestsPerSecond);
  let running = 0;
  let pausedUntil = 0;
  /** Where no number is given, the jobs in flight at the first refusal tell what the host bears. */
  let borne = jobs;
  const delay = (): number => {
    const pace = throttle.pace();
    const places = Math.max(1, Math.floor((pace < 1 ? borne : jobs) * pace));
    const left = running < places ? Math.max(submits.delay(), pausedUntil - performance.now()) : Infinity;
    return pace < 1 ? Math.min(left, recheck) : left;
  };
  const give = (): Admission => {
    running += 1;
    submits.take();
    const release = once(() => {
      running -= 1;
      admissions.serve();
    });
    return { release };
  };
  const admissions = createTurns({ delay, give, room: queue });
  const anyRequest = createTurns({ delay: requests.delay, give: requests.take });
  return {
    admit: admissions.take,
    request: (signal) => anyRequest.take(signal),
    refused() {
      if (throttle.pace() === 1 && jobs === Infinity) borne = running;
      throttle.refused();
    },
    accepted() {
      throttle.accepted();
      admissions.serve();
    },
    pause(duration) {
      if (duration > 0) pausedUntil = Math.max(pausedUntil, performance.now() + duration);
    },
    pausedFor: () => Math.max(0, pausedUntil - performance.now()),
  };
}

/** Throws `invalid_request`: a limit of nothing would wait for ever. */
function check(limits: Limits): void {
  const isObject = typeof limits === 'object' && limits !== null && !Array.isArray(limits);
  if (!isObject) throw invalid('`limits` must be an object like { jobs: 10, submitsPerMinute: 60 }');
  const stranger = Object.keys(limits).find((name) => !names.includes(name));
  if (stranger !== undefined) throw invalid(`\`limits.${stranger}\` is no limit; there are ${names.join(', ')}`);
  const { queue = 0 } = limits;
  if (!(Number.isInteger(queue) && queue >= 0)) throw invalid('`limits.queue` must be a whole number, 0 or more');
  for (const name of ['jobs', 'submitsPerMinute', 'requestsPerSecond'] as const) {
    const limit: unknown = limits[name] === undefined ? 1 : limits[name];
    if (!(typeof limit === 'number' && limit > 0)) throw invalid(`\`limits.${name}\` must be a number above 0`);
  }
}
