import type { JobSnapshot } from '../contract/adapter.ts';
import { type ErrorCode, errorTraits } from '../errors/error-traits.ts';
import type { LedgerRecord } from './facts.ts';
import {
  awaitsRefund,
  type Ending,
  type Fact,
  fresh,
  hasFailed,
  type IntentState,
  inDoubt,
  type Of,
  type OwnedJob,
  phaseOf,
  type Sending,
} from './state.ts';

/** Reads one more fact. Pure and total: whatever order facts come in, the money that was spent is never forgotten. */
export function reduce(state: IntentState, fact: Fact): IntentState {
  switch (fact.type) {
    case 'asking':
      return begun(state, fact.model, keepFirst(state, fact.because));
    case 'reopened': {
      const jobs = withJob(state, fact.jobId, (job) => ({ ...job, settled: undefined, failures: 0 }));
      return { ...state, jobs, done: false };
    }
    case 'resumed':
      return begun(state, fact.model);
    case 'declined':
      return { ...state, end: fact.ending };
    case 'unanswered':
      // An id in it is looked up at once, before the first search.
      return fact.salvaged
        ? { ...state, end: fact.ending, salvaged: fact.salvaged, searches: -1 }
        : { ...state, end: fact.ending };
    case 'looked_up':
      return { ...state, searches: state.searches + 1 };
    case 'answered':
      return answered(state, fact);
    default:
      return logged(state, fact, state.length + 1);
  }
}

type Volatile = 'asking' | 'reopened' | 'resumed' | 'looked_up' | 'declined' | 'unanswered' | 'answered';

/** A refusal of the last model says less than what happened to the ones that could have done it. */
const keepFirst = ({ first }: IntentState, ending: Ending | undefined): Ending | undefined =>
  first ?? (ending?.code === 'unsupported' ? undefined : ending);

function logged(state: IntentState, fact: Exclude<Fact, { type: Volatile }>, length: number): IntentState {
  switch (fact.type) {
    case 'sending':
      return sent(state, fact);
    case 'accepted':
      return accepted(state, fact);
    case 'rejected':
      return ended(state, fact.send, 'refused', fact.ending ?? endingOf(fact.code));
    case 'unsent':
      return ended(state, fact.send, 'unsent', fact.ending ?? endingOf('unavailable'));
    case 'searched':
      return { ...state, length, searches: state.searches + 1 };
    case 'unknown':
      return { ...state, length, parked: fact.candidates };
    case 'polled': {
      const jobs = withJob(state, fact.jobId, (job) => ({ ...job, failures: Math.max(1, job.failures) }));
      return { ...state, length, jobs };
    }
    case 'settled': {
      const jobs = withJob(state, fact.jobId ?? state.jobs.at(-1)?.job.id, (job) => ({ ...job, settled: fact }));
      return { ...state, length, jobs };
    }
    case 'delivered':
      return { ...handedOver(state), length };
    case 'resolved': {
      const sends = state.sends.map((send) => (send.end ? send : { ...send, absent: true }));
      return { ...state, length, sends, end: undefined, parked: undefined, salvaged: undefined };
    }
  }
}

/** Whoever gets one picture still has a claim to that of another job; who gets none, has what there is. */
function handedOver(state: IntentState): IntentState {
  const isNew = (job: OwnedJob): boolean => job.settled?.outcome === 'completed' && !job.delivered;
  const jobs = state.jobs.map((job) => (isNew(job) ? { ...job, delivered: true } : job));
  const isLeft = state.jobs.some(isNew) && jobs.some((job) => !hasFailed(job) && !job.delivered);
  return { ...state, jobs, done: !isLeft };
}

/** What a code alone says, to a process that was not there. */
const endingOf = (code: ErrorCode): Ending => ({ code, repeatable: errorTraits[code].retry });

/** The state of an attempt that has just begun: what the one before came to is in sends and jobs. */
const begun = (state: IntentState, model = state.model, first = state.first): IntentState => ({
  ...state,
  model,
  end: undefined,
  salvaged: undefined,
  first,
  repeats: 0,
  searches: 0,
  misses: 0,
  empty: 0,
  retryAfter: 0,
  parked: undefined,
});

function sent(state: IntentState, fact: Sending): IntentState {
  const length = state.length + 1;
  const sends = state.sends.concat({ token: fact.send ?? `${state.length}`, fact, end: undefined });
  return fact.attempt > state.attempts
    ? { ...begun(state), length, attempts: fact.attempt, sends, done: false }
    : { ...state, length, attempts: fact.attempt, sends, end: undefined, repeats: state.repeats + 1, done: false };
}

/** A fact without a send is of a file of the first version, where the last one was meant. */
function ended(state: IntentState, token: string | undefined, end: 'refused' | 'unsent', ending: Ending): IntentState {
  const target = token ?? state.sends.at(-1)?.token;
  const sends = state.sends.map((send) => (send.token === target && !send.end ? { ...send, end } : send));
  return { ...state, length: state.length + 1, sends, end: ending };
}

function accepted(state: IntentState, { job, send: token, proof = 'answer' }: Of<'accepted'>): IntentState {
  const length = state.length + 1;
  if (state.jobs.some((each) => each.job.id === job.id)) return { ...state, length };
  const open = state.sends.findLast((send) => (token === undefined ? !send.end : send.token === token));
  const found = open ?? state.sends.at(-1);
  const key = found?.fact.key;
  const end = proof === 'count' || proof === 'human' ? 'counted' : 'answered';
  const sends = state.sends.map((send) => {
    const isIt = send === found || (key !== undefined && send.fact.key === key);
    return isIt && (!send.end || send === open) ? ({ ...send, end } as const) : send;
  });
  const attempt = found?.fact.attempt ?? state.attempts;
  // Written out: what is spread into an object lies beside it.
  const owned = { job, attempt, proof, snapshot: undefined, failures: 0, settled: undefined, delivered: false };
  const jobs = state.jobs.concat(owned);
  const ended = { end: undefined, salvaged: undefined, parked: undefined };
  return { ...state, ...ended, length, sends, jobs, misses: 0, empty: 0, done: false };
}

function answered(
  state: IntentState,
  { jobId, snapshot, ending, retryAfter = 0 }: Extract<Fact, { type: 'answered' }>,
): IntentState {
  if (ending) return { ...state, end: ending };
  if (!snapshot) return { ...state, misses: state.misses + 1, retryAfter };
  const isEmpty =
    snapshot.state === 'completed' && snapshot.outputs.length === 0 && !snapshot.more && !snapshot.expired;
  const jobs = withJob(state, jobId, (job) => ({
    ...job,
    snapshot: withProgress(isOver(snapshot) ? snapshot : brief(snapshot), job.snapshot),
    failures: snapshot.state === 'failed' ? job.failures + 1 : 0,
  }));
  return { ...state, jobs, misses: 0, retryAfter: 0, empty: isEmpty ? state.empty + 1 : state.empty };
}

const isOver = ({ state }: JobSnapshot): boolean => state === 'completed' || state === 'failed';

/** Without what nobody reads of a job that goes on: thousands of them may wait. */
function brief(snapshot: JobSnapshot): JobSnapshot {
  const { id: _id, code: _code, inference: _inference, createdAt: _createdAt, inputs: _inputs, ...read } = snapshot;
  return read;
}

/** Progress that falls back is an error of the host. */
function withProgress(snapshot: JobSnapshot, last: JobSnapshot | undefined): JobSnapshot {
  const before = last?.progress;
  return before !== undefined && before > (snapshot.progress ?? -1) ? { ...snapshot, progress: before } : snapshot;
}

const withJob = ({ jobs }: IntentState, id: string | undefined, change: (job: OwnedJob) => OwnedJob): OwnedJob[] =>
  jobs.map((each) => (each.job.id === id ? change(each) : each));

export const foldRecord = ({ events }: LedgerRecord): IntentState => events.reduce<IntentState>(reduce, fresh);

/** Something is left to do or to find out. */
export const isOpen = (record: LedgerRecord): boolean => isUnfinished(foldRecord(record));

export function isUnfinished(state: IntentState): boolean {
  const isSettled = state.done || phaseOf(state) === 'closed';
  return !isSettled || inDoubt(state).length > 0 || awaitsRefund(state).length > 0;
}
