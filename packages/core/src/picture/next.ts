import { errorTraits } from '../errors/error-traits.ts';
import {
  billedOf,
  currentJob,
  type Ending,
  hasFailed,
  type IntentState,
  inDoubt,
  type OwnedJob,
  phaseOf,
} from '../ledger/state.ts';

/** What the policy may know besides the log: plain values, no clock and no host. */
export interface Circumstances {
  /** Models of the route. */
  readonly models: number;
  /** The open send may go out again under its key: the host honours keys and still remembers this one. */
  readonly keyIsGood: boolean;
  /** The host can list its jobs. */
  readonly lists: boolean;
  /** Repeats are not used up, and the host is not known to be down. */
  readonly mayRepeat: boolean;
  /** The caller would rather go on and perhaps pay twice than stop at an unknown outcome. */
  readonly proceed: boolean;
  /** A job may be submitted; otherwise only what was begun before is finished. */
  readonly sends: boolean;
  /** Only a job that was settled as failed is looked at, for its refund. */
  readonly looksOnly: boolean;
  /** Milliseconds left. */
  readonly remaining: number;
  /** 0 to 1, drawn anew for each question. */
  readonly jitter: number;
}

/** What is done next. `after` is in milliseconds; a poll without it comes when the schedule says. */
export type Step =
  | { readonly do: 'submit'; readonly model: number; readonly after: number; readonly because?: Ending | undefined }
  | { readonly do: 'repeat'; readonly after: number; readonly because: Ending }
  | { readonly do: 'search'; readonly after: number; readonly list: boolean }
  | { readonly do: 'poll'; readonly job: OwnedJob; readonly after?: number }
  | { readonly do: 'deliver'; readonly job: OwnedJob }
  | { readonly do: 'park' }
  /** `last`: how the last attempt ended, where another says more. */
  | { readonly do: 'fail'; readonly ending: Ending; readonly last?: Ending };

/** A request that starts with less time left, in milliseconds, could not be answered in time. */
export const leastTime = 5_000;
const longestWait = 120_000;
const firstBackoff = 250;
const longestBackoff = 8_000;
/** Sends after the first: of a request that was surely not accepted, and of one that may have been, under its key. */
const mostRepeats = 2;
const mostReplays = 3;
/** Milliseconds after the doubt arose. A list can lag behind the jobs, so absence is never proved, only made likely. */
const moments = [1_000, 3_000, 8_000, 20_000, 45_000];
/** The number of searches after which a submit is given up on, less one. */
export const lastSearch = moments.length - 1;
const searchReserve = 250;
/** A job that is done and has no picture is polled again this often. */
const mostEmpty = 3;

/** The whole policy: what follows from what is known. Pure. */
export function next(state: IntentState, now: Circumstances): Step {
  const job = now.looksOnly ? reopenedJob(state) : currentJob(state);
  // A job that was adopted later has failed: what the caller has already is not handed over again.
  if (job?.delivered && !state.done) return { do: 'fail', ending: failureOf(state.jobs.findLast(hasFailed) ?? job) };
  if (job && !hasFailed(job)) return whileItRuns(job, state, now);
  if (now.remaining <= 0) return { do: 'fail', ending: timedOut(state) };
  if (inDoubt(state, state.attempts).length > 0 && !state.end?.early) return whileInDoubt(state, now);
  if (state.end) return afterRefusal(state.end, state, now);
  // Asked again after it was closed, an intent starts anew.
  const isClosed = phaseOf(state) === 'closed';
  if (job && !isClosed && job.attempt === state.attempts) return onward(failureOf(job), state, now);
  if (!now.sends) return { do: 'fail', ending: now.looksOnly || !job ? { code: 'job_failed' } : failureOf(job) };
  return { do: 'submit', model: state.model, after: 0 };
}

/** A job that was settled as failed and is looked at again. */
const reopenedJob = ({ jobs }: IntentState): OwnedJob | undefined =>
  jobs.find((job) => !job.settled && !hasFailed(job));

function whileItRuns(job: OwnedJob, state: IntentState, now: Circumstances): Step {
  const { snapshot, failures } = job;
  if (state.end) return { do: 'fail', ending: state.end };
  if (snapshot?.state === 'completed' && snapshot.outputs.length > 0) return { do: 'deliver', job };
  if (snapshot?.expired) return { do: 'fail', ending: { code: 'result_expired' } };
  if (state.empty > mostEmpty) return { do: 'fail', ending: { code: 'invalid_response', detail: 'empty_result' } };
  if (now.remaining <= 0) return { do: 'fail', ending: { code: 'timeout' } };
  if (!snapshot && failures === 0 && state.misses === 0) return { do: 'poll', job, after: 0 };
  if (snapshot?.more && state.misses === 0) return { do: 'poll', job, after: 0 };
  return { do: 'poll', job };
}

const failureOf = ({ snapshot, settled }: OwnedJob): Ending => ({
  code: settled?.code ?? snapshot?.failure ?? 'job_failed',
});

/** What may have been accepted is sent again only under its key, else searched for, and never sent anew. */
function whileInDoubt(state: IntentState, now: Circumstances): Step {
  const ending = state.end ?? { code: 'submission_unknown' };
  if (state.parked) return onward({ ...ending, code: 'submission_unknown' }, state, now);
  const isLookup = state.searches < 0;
  const wait = waitBefore(ending, state.repeats, now);
  const mayReplay = now.keyIsGood && !isLookup && now.sends && !ending.final && state.repeats < mostReplays;
  if (mayReplay && wait !== undefined) {
    return { do: 'repeat', after: wait, because: ending };
  }
  const after = (moments[state.searches] ?? (isLookup ? 0 : Infinity)) - (moments[state.searches - 1] ?? 0);
  const reserve = now.proceed && hasNext(state, now) ? searchReserve + leastTime : searchReserve;
  if ((now.lists || isLookup) && after < now.remaining - reserve) return { do: 'search', after, list: !isLookup };
  return { do: 'park' };
}

function afterRefusal(ending: Ending, state: IntentState, now: Circumstances): Step {
  const wait = waitBefore(ending, state.repeats, now);
  const mayRepeat =
    ending.repeatable && !hasNext(state, now) && now.mayRepeat && now.sends && state.repeats < mostRepeats;
  if (mayRepeat && wait !== undefined) return { do: 'repeat', after: wait, because: ending };
  return onward(ending, state, now);
}

/** The next model, where it helps and where nothing was paid for; else the end. */
function onward(ending: Ending, state: IntentState, now: Circumstances): Step {
  const billed = billedOf(state);
  const isUnpaid = billed === 'no' || (billed === 'unknown' && now.proceed);
  const helps =
    ending.code === 'submission_unknown' ? now.proceed : errorTraits[ending.code].fallback && !ending.nowhere;
  const isInTime = now.remaining >= leastTime || ending.early === true;
  if (hasNext(state, now) && isUnpaid && helps && isInTime) {
    return { do: 'submit', model: state.model + 1, after: 0, because: ending };
  }
  return ending.code === 'unsupported' && state.first
    ? { do: 'fail', ending: state.first, last: ending }
    : { do: 'fail', ending };
}

const hasNext = ({ model }: IntentState, { models, sends }: Circumstances): boolean => sends && model + 1 < models;

/** Milliseconds until the same request may go out again, or undefined when there is no time for it. */
function waitBefore(
  { retryAfter = 0 }: Ending,
  repeats: number,
  { jitter, remaining }: Circumstances,
): number | undefined {
  const wait = Math.max(retryAfter, jitter * Math.min(longestBackoff, firstBackoff * 2 ** repeats));
  return retryAfter > longestWait || wait > remaining - leastTime ? undefined : wait;
}

function timedOut(state: IntentState): Ending {
  if (inDoubt(state, state.attempts).length > 0) return { ...state.end, code: 'submission_unknown' };
  return state.end ?? { code: 'timeout' };
}
