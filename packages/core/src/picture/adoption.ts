import type { Adapter, JobSnapshot } from '../contract/adapter.ts';
import type { LedgerRecord } from '../ledger/facts.ts';
import { foldRecord } from '../ledger/reduce.ts';
import { type Fact, type IntentState, inDoubt, type SendState } from '../ledger/state.ts';

type IsSame = NonNullable<Adapter['list']>['isSame'];

/** A listed job with the send whose it is, and why. */
export interface Adoption {
  readonly send: SendState;
  readonly job: JobSnapshot;
  readonly proof: 'mark' | 'count';
}

/** The sends of an intent whose jobs may stand in a host's list. */
export interface OpenSends {
  readonly all: readonly SendState[];
  /** Those that carry something that no other send carries, declared absent ones included. */
  readonly marked: readonly SendState[];
  /** The first that equals others in its words: only by count can its job be known. */
  readonly plain: SendState | undefined;
}

/** A job made this much before the oldest send, by the host's own clock, is of no send. */
const slack = 2_000;

/** `origin`: the address whose list is read, where it is known. */
export function openSends({ sends }: IntentState, provider: string, origin?: string): OpenSends {
  const all = sends.filter(({ end, fact }) => !end && fact.target.provider === provider && mayBeAt(fact, origin));
  return {
    all,
    marked: all.filter(({ fact }) => fact.marked),
    plain: all.find(({ fact, absent }) => !fact.marked && !absent),
  };
}

/** Sends in the same words that may have made any of the listed jobs: their own job is not known by proof. */
export const rivalsOf = (records: readonly LedgerRecord[], { fact: { words, origin } }: SendState): SendState[] =>
  records
    .flatMap((record) => foldRecord(record).sends)
    .filter(({ fact, end }) => fact.words === words && mayBeAt(fact, origin) && (!end || end === 'counted'));

/** Jobs of a send are listed at its own address; where one of the two is not known, they may be. */
const mayBeAt = ({ origin: own }: SendState['fact'], other: string | undefined): boolean =>
  own === undefined || other === undefined || own === other;

/** The moment of the oldest send, by our clock, of which a listed job can be. */
export const oldestSend = ({ marked, plain }: OpenSends, rivals: readonly SendState[]): number =>
  Math.min(...[...marked, ...(plain ? [plain, ...rivals] : [])].map(({ fact }) => fact.at));

/** Milliseconds by which a clock may be wrong of which nothing is known. */
const clockMargin = 300_000;

/**
 * Listed jobs that are not too old to be of a send without a mark; `offset`: by how much the host's clock is ahead of
 * ours, as far as its answers have shown it.
 */
export function recentJobs(
  jobs: readonly JobSnapshot[],
  open: OpenSends,
  rivals: readonly SendState[],
  offset: number | undefined,
): JobSnapshot[] {
  const oldest = oldestSend({ ...open, marked: [] }, rivals) + (offset ?? -clockMargin);
  return jobs.filter((each) => !isTooOld(each, oldest));
}

const isTooOld = (job: JobSnapshot, oldest: number): boolean => isBefore(job, oldest - slack);

const isBefore = ({ createdAt }: JobSnapshot, moment: number): boolean =>
  createdAt !== undefined && Date.parse(createdAt) < moment;

const mostPages = 20;

/** Whether to read on: pages until they are older than `since`, by the host's clock, where it dates its jobs. */
export const readsOn = (
  page: number,
  cursor: string | undefined,
  last: JobSnapshot | undefined,
  since: number,
): boolean => page < mostPages && cursor !== undefined && !(last && isBefore(last, since));

/** Whether a listed job reads like one of these sends; `undefined`: the list does not tell. */
export function isAlike(job: JobSnapshot, sends: readonly SendState[], isSame: IsSame): boolean | undefined {
  const verdicts = sends.map(({ fact }) => isSame(job, fact.request));
  return verdicts.includes(true) ? true : verdicts.includes(undefined) ? undefined : false;
}

/** Jobs by how near to one of the sends they were made, by the host's clock; those without a date come last. */
export function nearestFirst(
  jobs: readonly JobSnapshot[],
  sends: readonly SendState[],
  offset = 0,
): readonly JobSnapshot[] {
  const distanceOf = ({ createdAt = '' }: JobSnapshot): number => {
    const distance = Math.min(...sends.map(({ fact }) => Math.abs(Date.parse(createdAt) - offset - fact.at)));
    return Number.isNaN(distance) ? Number.MAX_VALUE : distance;
  };
  return jobs
    .map((job) => ({ job, distance: distanceOf(job) }))
    .sort((one, other) => one.distance - other.distance)
    .map(({ job }) => job);
}

/** A mark is proof: the one unclaimed job that carries what only this send carried. */
export function takeByMark({ marked }: OpenSends, free: readonly JobSnapshot[], isSame: IsSame): Adoption | undefined {
  for (const send of marked) {
    const [job, ...others] = free.filter((each) => isSame(each, send.fact.request) === true);
    if (job && others.length === 0) return { send, job, proof: 'mark' };
  }
  return undefined;
}

/**
 * As many unclaimed jobs as open sends of these words: then each takes one. With more or fewer nobody takes any.
 * `rivals` must be read after the list and after the owners, so that a send which began meanwhile is counted.
 */
export function takeByCount(
  send: SendState,
  free: readonly JobSnapshot[],
  rivals: readonly SendState[],
  isSame: IsSame,
): Adoption | undefined {
  const jobs = free.filter((each) => isSame(each, send.fact.request) === true).sort(byAge);
  const sends = rivals.filter(({ end }) => !end).sort(bySend);
  if (jobs.length !== sends.length) return undefined;
  const job = jobs[sends.findIndex(({ fact, token }) => token === send.token && fact.at === send.fact.at)];
  return job && { send, job, proof: 'count' };
}

const bySend = (a: SendState, b: SendState): number => a.fact.at - b.fact.at || (a.token < b.token ? -1 : 1);

const byAge = (a: JobSnapshot, b: JobSnapshot): number =>
  Date.parse(a.createdAt ?? '') - Date.parse(b.createdAt ?? '') || ((a.id ?? '') < (b.id ?? '') ? -1 : 1);

/** What the host said of an id that came beside an error. */
export interface LookUp {
  readonly id: string;
  readonly send: SendState;
  readonly snapshot: JobSnapshot | undefined;
  readonly status: number | undefined;
  readonly isSame: IsSame | undefined;
}

/** `ours`: it is our job, unless it has an owner. `gone`: it is none of ours, or there is no such job. */
export function readLookUp({ id, send, snapshot, status, isSame }: LookUp): 'ours' | 'gone' | 'unclear' {
  if (snapshot?.id !== id) return status !== undefined && [400, 404, 410].includes(status) ? 'gone' : 'unclear';
  // Another job's id in our answer: what it was asked for tells.
  return isSame?.(snapshot, send.fact.request) === false ? 'gone' : 'ours';
}

/** The status was that of a refusal, and the id beside it is of no job: then it was one. */
export function refusalAfterLookUp(state: IntentState, at: number): Fact {
  const { end, attempts } = state;
  const send = inDoubt(state, attempts).at(-1)?.token;
  if (!end?.refused || send === undefined) return { type: 'looked_up' };
  return { type: 'rejected', at, code: end.code, send, ending: end };
}
