import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Attempt, Billed, Cost } from '../contract/result.ts';
import { errorTraits } from '../errors/error-traits.ts';
import { ImageError, type Reason } from '../errors/image-error.ts';
import { foldRecord, type LedgerRecord, type Standing, type Target } from '../ledger/ledger.ts';
import type { ImageModel } from '../provider/provider.ts';
import { DeadlineReached } from '../time/deadline.ts';
import type { Reservation } from './budget.ts';
import { failure } from './failure.ts';
import { leastTime } from './repeat.ts';
import type { Run, Submission } from './run.ts';
import { prepareSubmission, restoreSubmission } from './submission.ts';
import { type Accepted, keepGoing, submit } from './submit.ts';
import { waitForJob } from './wait.ts';

/** A finished picture and how it came. */
export interface Finished {
  readonly submission: Submission;
  readonly snapshot: JobSnapshot;
  readonly cost: Cost;
}

/** Takes one picture along its route, to the finished picture. */
export function runRoute(run: Run, route: readonly ImageModel[], record: LedgerRecord): Promise<Finished> {
  return tryEach(run, route, record, finishAttempt);
}

/** Takes one picture along its route, only as far as a job that was accepted. */
export function submitRoute(run: Run, route: readonly ImageModel[], record: LedgerRecord): Promise<Accepted> {
  return tryEach(run, route, record, submit);
}

/** The next model only when the one before has surely cost nothing. */
async function tryEach<T>(run: Run, route: readonly ImageModel[], record: LedgerRecord, work: Work<T>): Promise<T> {
  const standing = foldRecord(record);
  const begun = standing.phase === 'new' || standing.phase === 'closed' ? undefined : standing.sending;
  const start = begun ? findTarget(route, begun.target) : 0;
  let attempt = standing.attempts;
  let first: ImageError | undefined;
  for (const [index, model] of [...route.entries()].slice(start)) {
    const next = route[index + 1];
    try {
      if (begun && index === start) return await noteOutcome(takeUp(run, model, standing), work, standing.job);
      attempt += 1;
      return await noteOutcome(await prepare(run, model, { attempt, hasNext: next !== undefined }), work);
    } catch (error) {
      if (!ImageError.is(error)) throw error;
      // A refusal of the last model says less than what happened to the ones that could have done it.
      const worst = first && error.code === 'unsupported' ? first : error;
      first ??= error.code === 'unsupported' ? undefined : error;
      if (!next || !mayFallBack(error, run)) throw worst;
      run.emit({ type: 'fallback', from: nameOf(model), to: nameOf(next), code: error.code });
    }
  }
  throw new TypeError('a route has at least one model');
}

/** Goes on where an earlier call, or an earlier process, was cut off. */
function takeUp(run: Run, model: ImageModel, standing: Standing): Submission {
  const { sending, settled, job } = standing;
  if (!sending) throw new TypeError('nothing was begun');
  const submission = restoreSubmission(run, model, sending);
  if (settled?.outcome === 'failed') {
    const facts = { billed: settled.billed, stage: 'poll', ...(job ? { job } : {}) } as const;
    throw failure(submission, settled.code ?? 'job_failed', 'as an earlier call for this intent found out', facts);
  }
  return submission;
}

const nameOf = ({ provider, modelId }: ImageModel): string => `${provider.adapter.name}:${modelId}`;

/** Which model of the route an earlier call had begun with. Without it nobody can tell what became of the money. */
function findTarget(route: readonly ImageModel[], { provider, modelId }: Target): number {
  const index = route.findIndex((each) => each.provider.adapter.name === provider && each.modelId === modelId);
  if (index >= 0) return index;
  const message = `This intent was begun with ${provider}:${modelId}, which is not in the route; add it to go on`;
  throw new ImageError({ code: 'not_found', message, billed: 'unknown', stage: 'prepare', provider, model: modelId });
}

/** Conditions in which another host would hide a problem that somebody must see. */
const neverElsewhere: readonly (Reason | undefined)[] = ['untrusted_certificate', 'ledger_unavailable'];

function mayFallBack(error: ImageError, { deadline, policy }: Run): boolean {
  if (deadline.remaining() < leastTime && error.stage !== 'prepare') return false;
  if (error.code === 'submission_unknown') return policy.onAmbiguous === 'proceed';
  return errorTraits[error.code].fallback && error.billed === 'no' && !neverElsewhere.includes(error.reason);
}

async function prepare(run: Run, model: ImageModel, place: { attempt: number; hasNext: boolean }): Promise<Submission> {
  const begun = run.deadline.elapsed();
  try {
    return await prepareSubmission(run, model, place);
  } catch (error) {
    if (error instanceof DeadlineReached) throw failure({ run, model, host: model.provider['~host'] }, 'timeout', '');
    if (ImageError.is(error)) note(run, model, { error, begun, submits: 0, cost: { source: 'unknown' } });
    throw error;
  }
}

type Work<T> = (submission: Submission, known?: Job) => Promise<T>;

/** One attempt, from submit or from a known job to the picture. */
async function finishAttempt(submission: Submission, known?: Job): Promise<Finished> {
  const { run, state, prepared, model } = submission;
  const begun = run.deadline.elapsed();
  if (known) {
    Object.assign(state, { job: known, doubt: false, acceptedAfter: begun });
    submission.host.claimed.add(known.id);
  }
  const { job, first } = known ? { job: known, first: undefined } : await submit(submission);
  const snapshot = await waitForJob(submission, job, first);
  const cost = snapshot.cost ?? prepared.price;
  note(run, model, { begun, submits: state.submits, cost, job });
  await settle(run, 'completed', 'yes', cost, snapshot);
  return { submission, snapshot, cost };
}

/** Whatever ends an attempt is noted, with what it cost. */
async function noteOutcome<T>(submission: Submission, work: Work<T>, known?: Job): Promise<T> {
  const { run, model, state, prepared } = submission;
  const begun = run.deadline.elapsed();
  let reserved: Reservation | undefined;
  try {
    if (!known) reserved = reserve(submission);
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
  }
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
function abandoned({ run, model, state }: Submission, reason: unknown, begun: number): unknown {
  const billed: Billed = state.job ? 'yes' : state.doubt ? 'unknown' : 'no';
  const job = state.job ? { job: state.job } : {};
  note(run, model, { begun, submits: state.submits, cost: { source: 'unknown' }, aborted: billed, ...job });
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

function note(run: Run, { provider, modelId }: ImageModel, { begun, error, refund, aborted, ...facts }: Note): void {
  const job = facts.job ?? error?.job;
  run.attempts.push({
    provider: provider.adapter.name,
    modelId,
    outcome: aborted ? 'aborted' : error ? outcomeOf(error) : 'completed',
    billed: aborted ?? error?.billed ?? 'yes',
    cost: facts.cost,
    submits: facts.submits,
    duration: Math.round(run.deadline.elapsed() - begun),
    ...(error ? { code: error.code, reason: error.message } : {}),
    ...(job ? { job } : {}),
    ...(refund === 'pending' && error?.billed === 'no' ? { refund } : {}),
  });
}

function outcomeOf({ code, job, stage }: ImageError): Attempt['outcome'] {
  if (code === 'submission_unknown') return 'unknown';
  if (code === 'timeout') return 'timeout';
  return job || stage === 'poll' ? 'failed' : 'refused';
}
