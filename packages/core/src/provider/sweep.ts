import type { JobSnapshot } from '../contract/adapter.ts';
import type { Host } from './host.ts';

/** One job among those that are looked at together. */
export interface Member {
  /** Resolves once a look at all has found this job ended; undefined after `leave`. */
  readonly ended: Promise<void> | undefined;
  /** Looks at all jobs with one request; undefined when that tells nothing of this one, so that it must be asked alone. */
  look(): Promise<JobSnapshot | undefined>;
  leave(): void;
}

export interface Sweep {
  join(jobId: string, submittedAt: number): Member;
}

/** From so many jobs in flight on, one request for all is cheaper than one for each. */
const leastJobs = 8;
/** Once begun, it goes on down to so few. */
const fewestJobs = 3;
const pageSize = 100;
/** Two looks at all lie this share of the documented interval apart. */
const gapShare = 0.8;
/** Milliseconds for which a list that failed is left alone. */
const rest = 10_000;
const pageTimeout = 10_000;
/** The host's clock and ours may differ. */
const clockSkew = 300_000;

interface Place {
  readonly submittedAt: number;
  readonly end: () => void;
  /** What the newest look at all told. */
  seen?: JobSnapshot;
}

/** Looks at many jobs of one account with few requests, through the host's list. */
export function createSweep(host: Host, allowed: boolean): Sweep {
  const places = new Map<string, Place>();
  let round: Promise<boolean> | undefined;
  let stop = new AbortController();
  let next = 0;
  let together = false;

  const runRound = async (signal: AbortSignal): Promise<boolean> => {
    await pause(next - performance.now(), signal);
    next = performance.now() + host.adapter.interval * gapShare;
    for (const place of places.values()) delete place.seen;
    const whole = await readPages(host, places, signal);
    if (!whole) next = performance.now() + rest;
    return whole;
  };
  const look = async (jobId: string): Promise<JobSnapshot | undefined> => {
    const place = places.get(jobId);
    if (!place) return undefined;
    const early = place.seen;
    if (early && hasEnded(early)) return early;
    const resting = next - performance.now() > host.adapter.interval;
    together = places.size >= (together ? fewestJobs : leastJobs);
    if (!allowed || !together || resting) return undefined;
    round ??= runRound(stop.signal).finally(() => {
      round = undefined;
    });
    await round;
    return places.get(jobId)?.seen;
  };
  return {
    join(jobId, submittedAt) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const place = { submittedAt, end: resolve };
      places.set(jobId, place);
      return {
        get ended() {
          return places.get(jobId) === place ? promise : undefined;
        },
        look: () => look(jobId),
        leave() {
          if (places.get(jobId) === place) places.delete(jobId);
          if (places.size > 0) return;
          stop.abort();
          stop = new AbortController();
        },
      };
    },
  };
}

const hasEnded = ({ state }: JobSnapshot): boolean => state === 'completed' || state === 'failed';

/** Reads the list, newest first, until every job was seen or is too old to come. False when an answer is no list. */
async function readPages(host: Host, places: ReadonlyMap<string, Place>, signal: AbortSignal): Promise<boolean> {
  const { list } = host.adapter;
  const missing = new Set(places.keys());
  const since = Math.min(...[...places.values()].map(({ submittedAt }) => submittedAt)) - clockSkew;
  // Jobs of others stand in the same list: twice as many pages as ours would fill are enough.
  let pages = 1 + Math.ceil((2 * places.size) / pageSize);
  for (let cursor: string | undefined = ''; cursor !== undefined && missing.size > 0 && pages > 0; pages -= 1) {
    if (!list) return false;
    const request = list.toRequest({ since, limit: pageSize, ...(cursor ? { cursor } : {}) });
    const exchange = await host.call(request, { signal, timeout: pageTimeout });
    if (exchange.status !== 200 || exchange.bodyState !== 'json') return false;
    for (const snapshot of list.parse(exchange.body)) {
      const place = places.get(snapshot.id ?? '');
      if (!place || !missing.delete(snapshot.id ?? '')) continue;
      place.seen = snapshot;
      if (hasEnded(snapshot)) place.end();
    }
    cursor = list.next?.(exchange.body);
  }
  return true;
}

/** Resolves when the time is over or nobody waits any more. */
function pause(duration: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (duration <= 0 || signal.aborted) return resolve();
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, duration);
    signal.addEventListener('abort', wake);
  });
}
