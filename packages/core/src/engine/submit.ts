import pRetry from 'p-retry';
import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import { type Classification, classifySubmit } from '../errors/classify.ts';
import type { ErrorCode } from '../errors/error-traits.ts';
import { ImageError, networkCode } from '../errors/image-error.ts';
import type { Exchange } from '../http/send.ts';
import { describeExchange, exchangeFacts, failure } from './failure.ts';
import { readSnapshot, salvageJobId } from './look.ts';
import { reconcile } from './reconcile.ts';
import { Refusal } from './refusal.ts';
import { repeatDelay } from './repeat.ts';
import type { Errand } from './trip.ts';

/** An accepted job, with what the answer that accepted it already says about it. */
export interface Placed {
  readonly job: Job;
  readonly first: JobSnapshot;
}

/** Milliseconds to the headers of a submit. In sync mode the host holds the answer until the picture is done. */
const submitTimeout = 60_000;
/** Milliseconds from the headers to the end of the answer. */
const answerTimeout = 20_000;
const pictureTimeout = 60_000;
const maxPlainAnswer = 2 * 1024 * 1024;
const maxPictureAnswer = 128 * 1024 * 1024;

/**
 * Brings a paid request to the host exactly once. What was surely not accepted is repeated; what may have been
 * accepted is repeated only under its idempotency key, else looked for in the host's list, and never sent anew.
 */
export async function submit(errand: Errand): Promise<Placed> {
  const { host, trip, state } = errand;
  host.retries.earn();
  const alreadySent = state.doubt && errand.key === undefined;
  try {
    if (alreadySent) throw unsettled(errand);
    return await pRetry(() => sendOnce(errand), {
      retries: 3,
      minTimeout: 0, // `repeatDelay` owns the waiting
      signal: trip.deadline.signal,
      shouldRetry: async ({ error, retriesConsumed }) => {
        const delay = error instanceof Refusal ? repeatDelay(errand, error, retriesConsumed) : undefined;
        if (delay === undefined) return false;
        trip.emit({ type: 'retrying', provider: host.adapter.name, code: (error as Refusal).failure.code, delay });
        await trip.deadline.sleep(delay);
        return true;
      },
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (!state.doubt) throw error.failure;
    return settleDoubt(errand, error.failure);
  }
}

/** Nobody knows whether the host accepted: look for the job, else leave the question open in the ledger and say so. */
async function settleDoubt(errand: Errand, last: ImageError): Promise<Placed> {
  const found = await reconcile(errand);
  if (found.snapshot) return accept(errand, found.snapshot);
  const { candidates } = found;
  // `sending` stands in the ledger already, and means the same.
  await errand.trip.record({ type: 'unknown', at: Date.now(), candidates }).catch(keepGoing);
  if (last.code === 'submission_unknown') throw last.with({ candidates });
  throw unsettled(errand, last).failure.with({ candidates });
}

async function sendOnce(errand: Errand): Promise<Placed> {
  const { trip, host, model, request, key, attempt, state } = errand;
  const provider = host.adapter.name;
  const doubtBefore = state.doubt;
  if (!doubtBefore) {
    const target = { provider, modelId: model.modelId };
    await trip.record({ type: 'sending', at: errand.since, attempt, target, request, ...errand.remembered });
  }
  trip.deadline.signal.throwIfAborted();
  trip.emit({ type: 'submitting', provider, modelId: model.modelId, attempt });
  state.submits += 1;
  state.doubt = true;
  const { sync, responseFormat } = trip.intent.request;
  const left = trip.deadline.remaining();
  const sending = host.call(request, {
    signal: trip.deadline.signal,
    // An answer that hangs must leave time to find out what became of it.
    timeout: sync ? left : Math.min(submitTimeout, left / 2),
    bodyTimeout: Math.min(responseFormat === 'base64' ? pictureTimeout : answerTimeout, left / 4),
    maxBytes: responseFormat === 'base64' ? maxPictureAnswer : maxPlainAnswer,
    ...(key ? { idempotencyKey: key } : {}),
  });
  return readAnswer(errand, await markUnderWay(errand, sending), doubtBefore);
}

/** While a submit is under way, a listed job with the same words may be its own: nobody else may adopt it. */
async function markUnderWay<T>({ host, request, key }: Errand, sending: Promise<T>): Promise<T> {
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

async function readAnswer(errand: Errand, exchange: Exchange, doubtBefore: boolean): Promise<Placed> {
  const { trip, host, key, state } = errand;
  const snapshot = readSnapshot(host.adapter, exchange);
  const classification = classifySubmit({
    sent: exchange.sent,
    keyed: key !== undefined,
    hasJob: snapshot?.id !== undefined,
    status: exchange.status,
    envelopeCode: snapshot?.code,
    networkCode: networkCode(exchange.error),
  });
  if (classification.verdict === 'accepted' && snapshot) return accept(errand, snapshot);
  state.doubt = doubtBefore || classification.verdict === 'ambiguous';
  const salvaged = salvageJobId(exchange);
  if (salvaged) state.salvaged = salvaged;
  const code = refusedCode(classification, snapshot);
  const error = failure(errand, code, describeExchange(exchange, snapshot), {
    ...exchangeFacts(exchange),
    billed: state.doubt ? 'unknown' : 'no',
    stage: 'submit',
    reason: classification.reason,
  });
  if (!state.doubt) await trip.record({ type: 'rejected', at: Date.now(), code: error.code });
  trip.deadline.signal.throwIfAborted();
  throw new Refusal(classification, error);
}

/** A host that refuses can tell more in words than by its status. */
function refusedCode({ verdict, code }: Classification, snapshot: JobSnapshot | undefined): ErrorCode {
  return verdict === 'refused' && snapshot?.failure === 'moderated' ? 'moderated' : code;
}

/** From here on the job is paid, and nothing may lose it. */
async function accept(errand: Errand, snapshot: JobSnapshot): Promise<Placed> {
  const { trip, host, model, state } = errand;
  const id = snapshot.id ?? '';
  const job: Job = { provider: host.adapter.name, modelId: model.modelId, id, submittedAt: errand.since };
  state.job = job;
  state.doubt = false;
  state.last = snapshot;
  state.acceptedAfter = trip.deadline.elapsed();
  host.claimed.add(id);
  trip.emit({ type: 'accepted', job });
  await trip.record({ type: 'accepted', at: Date.now(), job }).catch(keepGoing);
  return { job, first: snapshot };
}

/** A ledger that fails after the money is spent must not cost the picture too. */
export function keepGoing(error: unknown): void {
  if (!ImageError.is(error)) throw error;
}

function unsettled(errand: Errand, cause?: ImageError): Refusal {
  const detail = cause
    ? `after ${cause.httpStatus ? `HTTP ${cause.httpStatus}` : 'no answer'}`
    : 'an earlier call was cut off';
  const facts = { billed: 'unknown', stage: 'submit', httpStatus: cause?.httpStatus, cause: cause?.cause } as const;
  const error = failure(errand, 'submission_unknown', detail, facts);
  return new Refusal({ verdict: 'ambiguous', code: 'submission_unknown' }, error);
}
