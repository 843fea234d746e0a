import type { JobSnapshot } from '../contract/adapter.ts';
import { networkCode } from '../errors/cause.ts';
import type { Classification } from '../errors/classify.ts';
import { ImageError } from '../errors/image-error.ts';
import type { Host } from '../host/host.ts';
import type { Exchange } from '../host/transport.ts';
import type { Fact, OwnedJob, Sending } from '../ledger/state.ts';
import { requestAt } from '../request/target.ts';
import { checkAddress } from './address.ts';
import {
  describeExchange,
  exchangeFacts,
  failure,
  maxAnswer,
  mayCarryPicture,
  pictureTimeout,
  readSnapshot,
  salvageJobId,
} from './answer.ts';
import { elapsed, hostOf, modelOf, type Picture, remaining, subjectOf } from './picture.ts';
import { type Answer, judgeSubmit, longestPause, readPoll, readSubmit } from './reading.ts';

/** Milliseconds to the headers of a submit. In sync mode the host holds the answer until the picture is done. */
const submitTimeout = 60_000;
/** Milliseconds kept back from a long submit, to find out what became of it. */
const settleTime = 15_000;
/** Milliseconds from the headers to the end of the answer. */
const answerTimeout = 20_000;
/** Milliseconds to the headers of a free request. */
const pollTimeout = 10_000;

/** Sends a paid request, once, and says what came of it. Its `sending` is durable already. */
export async function submit(picture: Picture, cut: AbortController, sending: Sending): Promise<Fact[]> {
  const host = hostOf(picture);
  const { request, key } = sending;
  const asked = requestAt(picture.intent.request, modelOf(picture).overrides);
  const left = remaining(picture);
  // An answer that hangs must leave time to find out what became of it.
  const timeout = asked.sync ? Math.max(left / 2, left - settleTime) : Math.min(submitTimeout, left / 2);
  const bodyTimeout = Math.min(mayCarryPicture(asked) ? pictureTimeout : answerTimeout, left / 4);
  const maxBytes = maxAnswer(asked);
  const unrepeatable = key === undefined;
  const exchange = await host.send(request, { cut, timeout, bodyTimeout, maxBytes, idempotencyKey: key, unrepeatable });
  const answer = toAnswer(exchange, readSnapshot(host.adapter, exchange, { purpose: 'submit' }));
  // That a hurried caller got no answer in time says nothing about the host.
  const isHurried =
    timeout < submitTimeout && exchange.error instanceof Error && exchange.error.name === 'TimeoutError';
  if (!isHurried && !isInterrupted(picture)) tellHost(host, exchange, judgeSubmit(sending, answer));
  return readSubmit(sending, { ...answer, salvaged: salvageJobId(exchange) }, Date.now(), (code, { reason }) =>
    failure(subjectOf(picture), code, describeExchange(exchange, answer.snapshot), {
      ...exchangeFacts(exchange),
      ...{ stage: 'submit', reason },
    }),
  );
}

function toAnswer(exchange: Exchange, snapshot: JobSnapshot | undefined): Answer {
  const { status, sent, retryAfter, error } = exchange;
  return { status, sent, retryAfter, snapshot, networkCode: networkCode(error) };
}

const isInterrupted = (picture: Picture): boolean => picture.aborted !== undefined || remaining(picture) <= 0;

/** What an answer says about the host's health and about the pace it bears. */
function tellHost({ breaker, limiter }: Host, exchange: Exchange, { verdict, code }: Classification): void {
  const { sent, status, retryAfter = 0 } = exchange;
  if (code === 'rate_limited') {
    limiter.refused();
    limiter.pause(Math.min(retryAfter, longestPause));
    return;
  }
  if (verdict === 'accepted') limiter.accepted();
  const isDown = status === undefined && sent === 'no';
  breaker.report(isDown ? 'unreachable' : verdict === 'ambiguous' ? 'failed' : 'ok');
}

/** Asks once how a job stands. Free, so every failure but a final one only means polling again. */
export async function poll(picture: Picture, cut: AbortController, owned: OwnedJob): Promise<Fact[]> {
  const host = hostOf(picture);
  const { job, snapshot: last } = owned;
  checkAddress(host, job);
  const { request } = picture.intent;
  const exchange = await host.send(host.adapter.toPoll(job.id, last), {
    ...{ cut, timeout: Math.min(pollTimeout, remaining(picture)), maxBytes: maxAnswer(request) },
    bodyTimeout: Math.min(mayCarryPicture(request) ? pictureTimeout : pollTimeout, remaining(picture)),
  });
  const answer = toAnswer(exchange, readSnapshot(host.adapter, exchange, { purpose: 'poll', jobId: job.id }));
  const watched = elapsed(picture) - (picture.accepted ?? 0);
  const times = { now: Date.now(), watched, retention: host.adapter.retention };
  return readPoll(owned, answer, times, (code, more) =>
    failure(subjectOf(picture), code, describeExchange(exchange, answer.snapshot), {
      ...exchangeFacts(exchange),
      ...{ stage: 'poll', ...more },
    }),
  );
}

/** An error that was thrown before anything was sent, as the reason why a model was not asked. */
export function declined(error: unknown): Fact {
  if (!ImageError.is(error)) throw error;
  const { code, retryAfter } = error;
  return { type: 'declined', ending: { code, retryAfter, early: true, detail: error } };
}
