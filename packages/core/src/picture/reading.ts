import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Billed } from '../contract/result.ts';
import { type Classification, classifyPoll, classifySubmit, effectiveStatus } from '../errors/classify.ts';
import type { ErrorCode } from '../errors/error-traits.ts';
import type { Ending, Fact, OwnedJob, Sending } from '../ledger/state.ts';

/** Milliseconds for which one answer can hold up an account. */
export const longestPause = 120_000;
/** Milliseconds for which a job may be unknown to the reading side of a host after it was accepted. */
const missingFor = 30_000;

/** What came of one request, as far as money is concerned. */
export interface Answer {
  readonly status: number | undefined;
  readonly sent: 'yes' | 'no' | 'unknown';
  readonly snapshot: JobSnapshot | undefined;
  /** The job id in an answer that is no success. */
  readonly salvaged?: string | undefined;
  readonly networkCode?: string | undefined;
  readonly retryAfter?: number | undefined;
}

/** Makes what the caller's error will show; no decision reads it. */
export type Describe = (
  code: ErrorCode,
  more: Pick<Classification, 'reason'> & { billed?: Billed; job?: Job },
) => unknown;

/** What an answer to a submit means for money. */
export function judgeSubmit({ key }: Sending, { status, sent, snapshot, networkCode }: Answer): Classification {
  const isSuccess = status !== undefined && effectiveStatus(status, snapshot?.code) < 300;
  return classifySubmit({
    ...{ sent, keyed: key !== undefined, status, envelopeCode: snapshot?.code, networkCode },
    hasJob: isSuccess && snapshot?.id !== undefined,
  });
}

/** What is known once a submit has ended. */
export function readSubmit(sending: Sending, answer: Answer, at: number, describe: Describe): Fact[] {
  const { snapshot } = answer;
  const classification = judgeSubmit(sending, answer);
  if (classification.verdict !== 'accepted' || !snapshot)
    return notAccepted(sending, answer, classification, at, describe);
  const job = toJob(sending, snapshot.id ?? '');
  // From here on the job is paid, and nothing may lose it.
  return [
    { type: 'accepted', at, job, send: sending.send ?? '', proof: 'answer' },
    { type: 'answered', jobId: job.id, snapshot },
  ];
}

// Written out: what is spread into an object lies beside it, and this is kept for every job.
export const toJob = ({ target: { provider, modelId }, at: submittedAt, origin }: Sending, id: string): Job =>
  origin === undefined ? { provider, modelId, id, submittedAt } : { provider, modelId, id, submittedAt, origin };

function notAccepted(
  { send = '' }: Sending,
  { status, snapshot, salvaged: found, retryAfter }: Answer,
  { verdict, reason, code: said }: Classification,
  at: number,
  describe: Describe,
): Fact[] {
  // A host that refuses can tell more in words than by its status.
  const code = verdict === 'refused' && snapshot?.failure === 'moderated' ? 'moderated' : said;
  const ending: Ending = {
    ...{ code, retryAfter, detail: describe(code, reason && code === said ? { reason } : {}) },
    repeatable: verdict === 'not_accepted',
    final: reason === 'idempotency_mismatch',
    nowhere: reason === 'untrusted_certificate',
  };
  // An id beside an error is looked up before it is believed, or before the refusal is.
  const salvaged = snapshot?.id ?? found;
  const refused = verdict !== 'ambiguous';
  if (salvaged !== undefined || !refused)
    return [{ type: 'unanswered', send, salvaged, ending: { ...ending, refused } }];
  if (status === undefined) return [{ type: 'unsent', at, send, ending }];
  return [{ type: 'rejected', at, code, send, ending }];
}

/** When a poll was answered, in milliseconds. */
export interface PollTimes {
  readonly now: number;
  /** How long this process has watched the job. */
  readonly watched: number;
  readonly retention: number;
}

/** What an answer to a poll says. Polls are free, so every failure but a final one only means polling again. */
export function readPoll(
  { job, snapshot: last }: OwnedJob,
  answer: Answer,
  times: PollTimes,
  describe: Describe,
): Fact[] {
  const { snapshot, retryAfter = 0 } = answer;
  const jobId = job.id;
  // First it counts, then it is written down that it was seen: in this order one poll is one failure.
  if (snapshot?.id === jobId)
    return [{ type: 'answered', jobId, snapshot }, ...firstFailure(snapshot, last, jobId, times.now)];
  const ending = endingOf(job, answer, times, describe);
  return [{ type: 'answered', jobId, ending, retryAfter: Math.min(retryAfter, longestPause) }];
}

/** That a job was seen failed is written down: a process that comes later need not see it twice more. */
const firstFailure = (now: JobSnapshot, last: JobSnapshot | undefined, jobId: string, at: number): Fact[] =>
  now.state === 'failed' && last?.state !== 'failed' ? [{ type: 'polled', at, jobId, state: 'failed' }] : [];

/** What a poll that brought no job means, where polling again cannot help. */
function endingOf(
  job: Job,
  { status, snapshot }: Answer,
  { now, watched, retention }: PollTimes,
  describe: Describe,
): Ending | undefined {
  const verdict = classifyPoll(status && effectiveStatus(status, snapshot?.code));
  const { submittedAt } = job;
  const age = submittedAt === undefined ? Infinity : now - submittedAt;
  // A job that we did not submit may not exist.
  const billed = submittedAt === undefined ? 'unknown' : 'yes';
  const isOld = submittedAt !== undefined && age > retention;
  if (verdict === 'unauthenticated') return { code: verdict, billed, detail: describe(verdict, { billed, job }) };
  if (verdict === 'gone' || (verdict === 'missing' && isOld)) return { code: 'result_expired', billed: 'yes' };
  if (verdict !== 'missing' || (submittedAt !== undefined && Math.min(age, watched) < missingFor)) return undefined;
  return { code: 'not_found', billed, detail: describe('not_found', { billed, job, reason: 'job_not_found' }) };
}
