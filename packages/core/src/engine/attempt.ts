import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Attempt, Billed, Cost } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import type { Admission } from '../pace/limits.ts';
import type { RouteModel } from '../provider/provider.ts';
import { kindOf } from '../schedule/kind.ts';
import { DeadlineReached } from '../time/deadline.ts';
import { admit } from './admission.ts';
import type { Reservation } from './budget.ts';
import { failure } from './failure.ts';
import type { Run, Submission } from './run.ts';
import { keepGoing, submit } from './submit.ts';
import { waitForJob } from './wait.ts';

/** A finished picture and how it came. */
export interface Finished {
  readonly submission: Submission;
  readonly snapshot: JobSnapshot;
  readonly cost: Cost;
}

/** What is done in one attempt: all of it, or only the submit. */
export type Work<T> = (submission: Submission, known?: Job) => Promise<T>;

/** One attempt, from submit or from a known job to the picture. */
export async function finishAttempt(submission: Submission, known?: Job): Promise<Finished> {
  const { run, host, state, prepared, model } = submission;
  const begun = run.deadline.elapsed();
  if (known) {
    Object.assign(state, { job: known, doubt: false, acceptedAfter: begun });
    submission.host.claimed.add(known.id);
  }
  const { job, first } = known ? { job: known, first: undefined } : await submit(submission);
  const snapshot = await waitForJob(submission, job, first);
  const cost = snapshot.cost ?? prepared.price;
  note(run, model, { begun, submits: state.submits, cost, job });
  if (!known) {
    // An answer that brought the picture at once was the wait itself.
    const since = first?.state === 'completed' ? begun : (state.acceptedAfter ?? begun);
    const duration = run.deadline.elapsed() - since;
    host.experience.note(kindOf(host.adapter.name, model.modelId, run.intent.request), duration, cost);
  }
  await settle(run, 'completed', 'yes', cost, snapshot);
  return { submission, snapshot, cost };
}

/** Whatever ends an attempt is noted, with what it cost. */
export async function noteOutcome<T>(submission: Submission, work: Work<T>, known?: Job): Promise<T> {
  const { run, model, state, prepared } = submission;
  const begun = run.deadline.elapsed();
  let reserved: Reservation | undefined;
  let admission: Admission | undefined;
  try {
    if (!known) {
      reserved = reserve(submission);
      admission = await admit(submission);
      warnOfTwin(submission);
    }
    return await work(submission, known);
  } catch (thrown) {
    const ending = thrown instanceof DeadlineReached ? interrupted(submission) : thrown;
    if (!ImageError.is(ending)) throw abandoned(submission, ending, begun);
    // Whatever ended it: a send whose fate is open may have been paid.
    const error = state.doubt && ending.billed === 'no' ? ending.with({ billed: 'unknown' }) : ending;
    const cost: Cost = error.billed === 'yes' ? (state.last?.cost ?? prepared.price) : { source: 'unknown' };
    note(run, model, { error, begun, submits: state.submits, cost, refund: state.last?.refund });
    if (error.billed === 'no' && state.last?.refund !== 'pending') reserved?.settle(undefined);
    if (isFinal(error)) await settle(run, 'failed', error.billed, cost, undefined, error);
    throw error;
  } finally {
    admission?.release();
    keepQuestion(submission);
  }
}

/** Somebody who starts anew after an answer that was lost may pay twice, and should know. */
function warnOfTwin({ run, host }: Submission): void {
  const earlier = host.questions.recall(run.intent);
  if (earlier === undefined) return;
  const message = `${host.adapter.name} may have accepted the same request a short while ago, as intent ${earlier}: use that \`intentId\` to go on with it instead of paying again`;
  run.warnings.push(message);
  run.emit({ type: 'warning', message });
}

function keepQuestion({ run, host, state }: Submission): void {
  if (state.doubt) host.questions.remember(run.intent);
  else host.questions.settle(run.intent);
}

/** Money is set aside before it is spent. What is over the cap may still fit at the next model. */
function reserve(submission: Submission): Reservation {
  const reserved = submission.run.budget.reserve(submission.prepared.price);
  if (typeof reserved !== 'string') return reserved;
  throw failure(submission, 'unsupported', reserved, { stage: 'prepare', reason: 'over_budget' });
}

/** The time is over: what was under way decides what is true about the money. */
function interrupted(submission: Submission): ImageError {
  const { job, doubt } = submission.state;
  if (job) return failure(submission, 'timeout', 'while waiting for the job', { billed: 'yes', stage: 'poll', job });
  if (doubt)
    return failure(submission, 'submission_unknown', 'the time was over before an answer', { billed: 'unknown' });
  return failure(submission, 'timeout', 'before anything was sent');
}

/** The caller's own reason goes back to the caller; the last event says which job is still open. */
function abandoned({ run, model, state, prepared }: Submission, reason: unknown, begun: number): unknown {
  // The picture was there already, only the ledger was still busy with it.
  if (state.job && run.attempts.some(({ job }) => job?.id === state.job?.id)) return reason;
  const billed: Billed = state.job ? 'yes' : state.doubt ? 'unknown' : 'no';
  const job = state.job ? { job: state.job } : {};
  const cost: Cost = state.job ? (state.last?.cost ?? prepared.price) : { source: 'unknown' };
  note(run, model, { begun, submits: state.submits, cost, aborted: billed, ...job });
  return reason;
}

/** The host's last word on a job that was accepted; a job that may still finishAttempt a picture stays open. */
const isFinal = (error: ImageError): boolean => error.job !== undefined && !error.resumable;

async function settle(
  run: Run,
  outcome: 'completed' | 'failed',
  billed: Billed,
  cost: Cost,
  snapshot?: JobSnapshot,
  error?: ImageError,
): Promise<void> {
  const urls = snapshot?.outputs.flatMap(({ url }) => (url === undefined ? [] : [url])) ?? [];
  const code = error ? { code: error.code } : {};
  await run.record({ type: 'settled', at: Date.now(), outcome, billed, cost, urls, ...code }).catch(keepGoing);
}

interface Note {
  readonly begun: number;
  readonly submits: number;
  readonly cost: Cost;
  readonly error?: ImageError;
  readonly job?: Attempt['job'];
  readonly refund?: JobSnapshot['refund'] | undefined;
  /** The caller left; this is what had been spent by then. */
  readonly aborted?: Billed;
}

export function note(
  run: Run,
  { provider, modelId, chosen }: RouteModel,
  { begun, error, refund, aborted, ...facts }: Note,
): void {
  const job = facts.job ?? error?.job;
  run.attempts.push({
    provider: provider.adapter.name,
    modelId,
    outcome: aborted ? 'aborted' : error ? outcomeOf(error) : 'completed',
    billed: aborted ?? error?.billed ?? 'yes',
    cost: facts.cost,
    submits: facts.submits,
    duration: Math.round(run.deadline.elapsed() - begun),
    ...(error ? { code: error.code, reason: error.message } : chosen ? { reason: chosen } : {}),
    ...(job ? { job } : {}),
    ...(refund === 'pending' && error?.billed === 'no' ? { refund } : {}),
  });
}

function outcomeOf({ code, job, stage }: ImageError): Attempt['outcome'] {
  if (code === 'submission_unknown') return 'unknown';
  if (code === 'timeout') return 'timeout';
  return job || stage === 'poll' ? 'failed' : 'refused';
}
