import pRetry from 'p-retry';
import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import { type Classification, classifySubmit } from '../errors/classify.ts';
import type { ErrorCode } from '../errors/error-traits.ts';
import { ImageError, networkCode } from '../errors/image-error.ts';
import type { Exchange } from '../http/send.ts';
import type { Host } from '../provider/host.ts';
import { describeExchange, exchangeFacts, failure } from './failure.ts';
import { mayCarryPicture, readSnapshot, salvageJobId } from './look.ts';
import { reconcile } from './reconcile.ts';
import { Refusal } from './refusal.ts';
import { keyIsGood, repeatDelay } from './repeat.ts';
import type { Submission } from './run.ts';

/** An accepted job, with what the answer that accepted it already says about it. */
export interface Accepted {
  readonly job: Job;
  readonly first: JobSnapshot;
}

/** Milliseconds to the headers of a submit. In sync mode the host holds the answer until the picture is done. */
const submitTimeout = 60_000;
/** Milliseconds kept back from a long submit, to find out what became of it. */
const settleTime = 15_000;
/** Milliseconds from the headers to the end of the answer. */
const answerTimeout = 20_000;
const pictureTimeout = 60_000;
/** Milliseconds for which one answer can hold up an account. */
const longestPause = 120_000;
const maxPlainAnswer = 2 * 1024 * 1024;
const maxPictureAnswer = 128 * 1024 * 1024;

/**
 * Brings a paid request to the host exactly once. What was surely not accepted is repeated; what may have been
 * accepted is repeated only under its idempotency key, else looked for in the host's list, and never sent anew.
 */
export async function submit(submission: Submission): Promise<Accepted> {
  const { host, run, state } = submission;
  host.retries.earn();
  try {
    // What an earlier process may have sent goes out again only while its key is remembered.
    if (state.doubt && !keyIsGood(submission)) throw unsettled(submission);
    return await pRetry(() => sendOnce(submission), {
      retries: 3,
      minTimeout: 0, // `repeatDelay` owns the waiting
      signal: run.deadline.signal,
      shouldRetry: async ({ error, retriesConsumed }) => {
        const delay = error instanceof Refusal ? repeatDelay(submission, error, retriesConsumed) : undefined;
        if (delay === undefined) return false;
        run.emit({ type: 'retrying', provider: host.adapter.name, code: (error as Refusal).failure.code, delay });
        await run.deadline.sleep(delay);
        return true;
      },
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (!state.doubt) throw error.failure;
    return settleDoubt(submission, error.failure);
  }
}

/** Nobody knows whether the host accepted: look for the job, else leave the question open in the ledger and say so. */
async function settleDoubt(submission: Submission, last: ImageError): Promise<Accepted> {
  const found = await reconcile(submission);
  if (found.snapshot) return accept(submission, found.snapshot);
  const { candidates } = found;
  // `sending` stands in the ledger already, and means the same.
  await submission.run.record({ type: 'unknown', at: Date.now(), candidates }).catch(keepGoing);
  if (last.code === 'submission_unknown') throw last.with({ candidates });
  throw unsettled(submission, last).failure.with({ candidates });
}

async function sendOnce(submission: Submission): Promise<Accepted> {
  const { run, host } = submission;
  const { signal } = run.deadline;
  await host.limiter.request(signal);
  const leave = await host.gate.enter('submit', signal);
  try {
    return await sendNow(submission);
  } finally {
    leave();
  }
}

async function sendNow(submission: Submission): Promise<Accepted> {
  const { run, host, model, request, key, attempt, state } = submission;
  const provider = host.adapter.name;
  const doubtBefore = state.doubt;
  if (!doubtBefore) {
    const { modelId, overrides } = model;
    const target = { provider, modelId, ...(overrides ? { overrides } : {}) };
    await run.record({ type: 'sending', at: submission.since, attempt, target, request, ...submission.remembered });
  }
  run.deadline.signal.throwIfAborted();
  run.emit({ type: 'submitting', provider, modelId: model.modelId, attempt });
  state.submits += 1;
  state.doubt = true;
  const { sync } = run.intent.request;
  const large = mayCarryPicture(run.intent.request);
  const left = run.deadline.remaining();
  // An answer that hangs must leave time to find out what became of it.
  const timeout = sync ? Math.max(left / 2, left - settleTime) : Math.min(submitTimeout, left / 2);
  const sending = host.call(request, {
    held: true,
    signal: run.deadline.signal,
    timeout,
    bodyTimeout: Math.min(large ? pictureTimeout : answerTimeout, left / 4),
    maxBytes: large ? maxPictureAnswer : maxPlainAnswer,
    ...(key ? { idempotencyKey: key } : {}),
  });
  const exchange = await markUnderWay(submission, sending);
  // That a hurried caller got no answer in time says nothing about the host.
  const isHurried = timeout < submitTimeout && isTimeout(exchange.error);
  const told = isHurried || run.deadline.signal.aborted ? undefined : host;
  return readAnswer(submission, exchange, doubtBefore, told);
}

/** While a submit is under way, a listed job with the same words may be its own: nobody else may adopt it. */
async function markUnderWay<T>({ host, request, key }: Submission, sending: Promise<T>): Promise<T> {
  if (key !== undefined) return sending;
  const words = JSON.stringify(request.body);
  host.underWay.set(words, (host.underWay.get(words) ?? 0) + 1);
  try {
    return await sending;
  } finally {
    const left = (host.underWay.get(words) ?? 1) - 1;
    if (left > 0) host.underWay.set(words, left);
    else host.underWay.delete(words);
  }
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';

async function readAnswer(
  submission: Submission,
  exchange: Exchange,
  doubtBefore: boolean,
  told: Host | undefined,
): Promise<Accepted> {
  const { run, host, key, state } = submission;
  const snapshot = readSnapshot(host.adapter, exchange);
  const classification = classifySubmit({
    sent: exchange.sent,
    keyed: key !== undefined,
    hasJob: snapshot?.id !== undefined,
    status: exchange.status,
    envelopeCode: snapshot?.code,
    networkCode: networkCode(exchange.error),
  });
  if (told) tellHost(told, exchange, classification);
  if (classification.verdict === 'accepted' && snapshot) return accept(submission, snapshot);
  state.doubt = doubtBefore || classification.verdict === 'ambiguous';
  const salvaged = salvageJobId(exchange);
  if (salvaged) state.salvaged = salvaged;
  const code = refusedCode(classification, snapshot);
  const error = failure(submission, code, describeExchange(exchange, snapshot), {
    ...exchangeFacts(exchange),
    billed: state.doubt ? 'unknown' : 'no',
    stage: 'submit',
    reason: classification.reason,
  });
  if (!state.doubt) await run.record({ type: 'rejected', at: Date.now(), code: error.code });
  run.deadline.signal.throwIfAborted();
  throw new Refusal(classification, error);
}

/** What an answer says about the host's health and about the pace it bears. */
function tellHost(
  { breaker, limiter }: Host,
  { sent, status, retryAfter = 0 }: Exchange,
  { verdict, code }: Classification,
): void {
  if (code === 'rate_limited') {
    limiter.refused();
    limiter.pause(Math.min(retryAfter, longestPause));
    return;
  }
  if (verdict === 'accepted') limiter.accepted();
  const isDown = status === undefined && sent === 'no';
  breaker.report(isDown ? 'unreachable' : verdict === 'ambiguous' ? 'failed' : 'ok');
}

/** A host that refuses can tell more in words than by its status. */
function refusedCode({ verdict, code }: Classification, snapshot: JobSnapshot | undefined): ErrorCode {
  return verdict === 'refused' && snapshot?.failure === 'moderated' ? 'moderated' : code;
}

/** From here on the job is paid, and nothing may lose it. */
async function accept(submission: Submission, snapshot: JobSnapshot): Promise<Accepted> {
  const { run, host, model, state } = submission;
  const id = snapshot.id ?? '';
  const job: Job = { provider: host.adapter.name, modelId: model.modelId, id, submittedAt: submission.since };
  state.job = job;
  state.doubt = false;
  state.last = snapshot;
  state.acceptedAfter = run.deadline.elapsed();
  host.claimed.add(id);
  run.emit({ type: 'accepted', job });
  await run.record({ type: 'accepted', at: Date.now(), job }).catch(keepGoing);
  return { job, first: snapshot };
}

/** A ledger that fails after the money is spent must not cost the picture too. */
export function keepGoing(error: unknown): void {
  if (!ImageError.is(error)) throw error;
}

function unsettled(submission: Submission, cause?: ImageError): Refusal {
  const detail = cause
    ? `after ${cause.httpStatus ? `HTTP ${cause.httpStatus}` : 'no answer'}`
    : 'an earlier call was cut off';
  const facts = { billed: 'unknown', stage: 'submit', httpStatus: cause?.httpStatus, cause: cause?.cause } as const;
  const error = failure(submission, 'submission_unknown', detail, facts);
  return new Refusal({ verdict: 'ambiguous', code: 'submission_unknown' }, error);
}
