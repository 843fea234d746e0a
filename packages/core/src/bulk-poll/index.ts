import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { BulkPoll, BulkPoller } from '../host/bulk.ts';
import type { Alarm } from '../host/scheduler.ts';

type Account = Parameters<BulkPoll>[0];

/** One job that waits for its next poll. */
interface Member {
  readonly job: Job;
  readonly found: (snapshot: JobSnapshot | undefined) => void;
  due: boolean;
  alarm?: Alarm;
}

/** From so many waiting jobs on, one request for all is cheaper than one for each. */
const leastJobs = 8;
/** Once begun, it goes on down to so few. */
const fewestJobs = 3;
const pageSize = 100;
/** Two requests for all lie this share of the documented interval apart. */
const gapShare = 0.8;
/** Milliseconds for which a list that failed is not used. */
const rest = 10_000;
/** The host's clock and ours may differ, besides what its answers show. */
const clockMargin = 300_000;

/**
 * Polls all waiting jobs of an account with one request for the host's list, from eight on. For hosts that allow it:
 * `createApiframe({ bulkPoll: bulkPoll() })`.
 */
export const bulkPoll = (): BulkPoll =>
  Object.assign((account: Account) => createBulkPoller(account), { '~bulkPoll': true as const });

function createBulkPoller(account: Account): BulkPoller {
  const { adapter, scheduler } = account;
  const members = new Map<string, Member>();
  let together = false;
  let nextAt = 0;
  let restUntil = 0;
  /** The next round, while nobody reads. */
  let planned: Alarm | undefined;
  let reading: AbortController | undefined;

  const leave = (member: Member): void => {
    if (member.alarm) scheduler.cancelAlarm(member.alarm);
    if (members.get(member.job.id) === member) members.delete(member.job.id);
    if (members.size > 0) return;
    if (planned) scheduler.cancelAlarm(planned);
    planned = undefined;
    reading?.abort();
  };
  const tell = (member: Member, snapshot: JobSnapshot | undefined): void => {
    leave(member);
    member.found(snapshot);
  };
  const plan = (): void => {
    if (planned || reading) return;
    planned = scheduler.alarm(Math.max(nextAt, performance.now()), () => void round());
  };
  const come = (member: Member): void => {
    together = members.size >= (together ? fewestJobs : leastJobs);
    member.due = true;
    if (!together || performance.now() < restUntil) tell(member, undefined);
    else plan();
  };
  const round = async (): Promise<void> => {
    planned = undefined;
    nextAt = performance.now() + adapter.interval * gapShare;
    const asked = new Map(members);
    const cut = new AbortController();
    reading = cut;
    const { seen, isWhole } = await readPages(account, asked, cut.signal);
    reading = undefined;
    if (!isWhole && !cut.signal.aborted) restUntil = performance.now() + rest;
    for (const [id, member] of asked) {
      const snapshot = seen.get(id);
      const isOver = snapshot?.state === 'completed' || snapshot?.state === 'failed';
      if (members.get(id) === member && (member.due || isOver)) tell(member, believable(snapshot));
    }
    // Who came while the list was read is in the next one, unless the list rests.
    const late = [...members.values()].filter(({ due }) => due);
    if (performance.now() < restUntil) for (const member of late) tell(member, undefined);
    else if (late.length > 0) plan();
  };
  return {
    add(job, at, found) {
      if (members.has(job.id) || job.submittedAt === undefined) return undefined;
      const member: Member = { job, found, due: false };
      members.set(job.id, member);
      member.alarm = scheduler.alarm(at, () => come(member));
      return () => leave(member);
    },
  };
}

/** A list may be shorter than the answer about one job: what decides about money is asked for by itself. */
function believable(snapshot: JobSnapshot | undefined): JobSnapshot | undefined {
  if (!snapshot || snapshot.state === 'failed') return undefined;
  return snapshot.state === 'completed' && snapshot.outputs.length === 0 ? undefined : snapshot;
}

interface Pages {
  readonly seen: ReadonlyMap<string, JobSnapshot>;
  /** False when an answer was no list. */
  readonly isWhole: boolean;
}

/** Reads the list, newest first, until every job was seen or is too old to come. */
async function readPages(
  { adapter: { list }, ask, clockOffset }: Account,
  asked: ReadonlyMap<string, Member>,
  signal: AbortSignal,
): Promise<Pages> {
  const seen = new Map<string, JobSnapshot>();
  const submits = Array.from(asked.values(), ({ job }) => job.submittedAt ?? 0);
  const since = Math.min(...submits) + (clockOffset() ?? 0) - clockMargin;
  // Jobs of others stand in the same list: twice as many pages as ours would fill are enough.
  let pages = 1 + Math.ceil((2 * asked.size) / pageSize);
  for (let cursor: string | undefined = ''; cursor !== undefined && seen.size < asked.size && pages > 0; pages -= 1) {
    if (!list) return { seen, isWhole: false };
    const request = list.toRequest({ since, limit: pageSize, ...(cursor ? { cursor } : {}) });
    const exchange = await ask(request, signal).catch(() => undefined);
    if (exchange?.status !== 200 || exchange.bodyState !== 'json') return { seen, isWhole: false };
    for (const snapshot of list.parse(exchange.body)) {
      const { id = '' } = snapshot;
      if (asked.has(id) && !seen.has(id)) seen.set(id, snapshot);
    }
    cursor = list.next?.(exchange.body);
  }
  return { seen, isWhole: true };
}
