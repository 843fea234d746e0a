import { ImageError } from '../errors/image-error.ts';
import type { Ending, OwnedJob, Sending } from '../ledger/state.ts';
import { failure } from './answer.ts';
import { learn } from './log.ts';
import { leastTime, type Step } from './next.ts';
import { declined, submit } from './perform.ts';
import { elapsed, hostOf, leavePlace, modelOf, nameOf, type Picture, remaining, subjectOf, warn } from './picture.ts';
import { type Asked, prepareAttempt, toReplay, toSending } from './prepare.ts';
import { costOf, noteAttempt } from './project.ts';
import { askPrice } from './quote.ts';
import { needsUpload, uploadReferences } from './uploads.ts';
import { guard, Interrupted, interruptible, isInterrupted, pause, slot } from './wait.ts';
import { failedBilled, isKeyGood, settledAs, toSettle, unsentInstead } from './writing.ts';

/** Asks a model of the route for the first time in this run, up to the answer to its submit. */
export async function begin(picture: Picture, step: Extract<Step, { do: 'submit' }>): Promise<void> {
  const { model, because } = step;
  picture.asking = model;
  if (because) {
    const [from, to] = [modelOf(picture), picture.route[model]];
    await close(picture, because);
    const { reason = '' } = picture.attempts.at(-1) ?? {};
    if (to) picture.emit({ type: 'fallback', from: nameOf(from), to: nameOf(to), code: because.code, reason });
  }
  await learn(picture, { type: 'asking', model, because });
  Object.assign(picture, {
    asked: undefined,
    reserved: undefined,
    begun: elapsed(picture),
    submits: 0,
    accepted: undefined,
    polls: 0,
  });
  let leave: () => void;
  try {
    const asked = prepareAttempt(picture);
    const there = needsUpload(modelOf(picture), asked)
      ? await interruptible(picture, (signal) => uploadReferences(picture, asked, signal))
      : asked;
    picture.asked = picture.frame.policy.quote === 'live' ? await priced(picture, there) : there;
    reserve(picture);
    leave = await admit(picture);
  } catch (error) {
    if (!ImageError.is(error)) throw error;
    return learn(picture, declined(error));
  }
  for (const message of picture.asked.prepared.warnings) tell(picture, message);
  warnOfTwin(picture);
  await send(picture, toSending(picture, picture.asked, picture.state.attempts + 1), leave);
}

/** The same request once more: surely not accepted before, or under the key of a send that may have been. */
export async function repeat(picture: Picture, { after, because }: Extract<Step, { do: 'repeat' }>): Promise<void> {
  const { state, asked } = picture;
  const last = state.sends.at(-1)?.fact;
  if (!last || !asked) throw new TypeError('nothing was sent before');
  if (!last.key) hostOf(picture).retries.spend();
  picture.emit({ type: 'retrying', provider: hostOf(picture).adapter.name, code: because.code, delay: after });
  await pause(picture, after);
  // It has its place within the limits already, unless another process had it.
  const leave = picture.place ? await slot(picture, 'poll') : await takePlace(picture);
  await send(picture, last.key ? toReplay(picture, last) : toSending(picture, asked, last.attempt), leave);
}

async function send(picture: Picture, sending: Sending, leave: () => void): Promise<void> {
  const before = picture.state;
  try {
    await learn(picture, sending);
    const { provider, modelId } = sending.target;
    // Who hears of it may end the call: so it is told before the last look.
    if (!isInterrupted(picture)) picture.emit({ type: 'submitting', provider, modelId, attempt: sending.attempt });
    const known = { before, state: picture.state, sending, keyIsGood: keyIsGood(picture) };
    const unsent = unsentInstead({ ...known, isInterrupted: isInterrupted(picture), at: Date.now() });
    if (unsent) return await learn(picture, unsent);
    picture.submits += 1;
    const cut = new AbortController();
    picture.cut = cut;
    const facts = await submit(picture, cut, sending);
    picture.cut = undefined;
    for (const fact of facts) {
      const written = learn(picture, fact);
      if (written) await written;
    }
  } finally {
    picture.cut = undefined;
    leave();
  }
}

/** Whether the host still remembers the key of the open send. */
export const keyIsGood = (picture: Picture): boolean =>
  isKeyGood(picture.state, hostOf(picture).adapter.idempotency, Date.now());

/** The same at the price that the host itself names. */
async function priced(picture: Picture, { request, prepared }: Asked): Promise<Asked> {
  const { price, warning } = await interruptible(picture, (signal) => askPrice(hostOf(picture), prepared, signal));
  const warnings = warning === undefined ? prepared.warnings : [...prepared.warnings, warning];
  return { request, prepared: { ...prepared, price, warnings } };
}

/** Money is set aside before it is spent. What is over the cap may still fit at the next model. */
function reserve(picture: Picture): void {
  const price = picture.asked?.prepared.price ?? { source: 'unknown' };
  const reserved = picture.frame.budget.reserve(price);
  if (typeof reserved !== 'string') picture.reserved = reserved;
  else throw failure(subjectOf(picture), 'unsupported', reserved, { stage: 'prepare', reason: 'over_budget' });
}

/**
 * Waits until the account may begin another job, before anything is written or sent. A host that is known to be down,
 * or a queue that is full, is an error at once: the next model is asked instead.
 */
async function admit(picture: Picture): Promise<() => void> {
  const { limiter, scheduler, adapter, breaker } = hostOf(picture);
  const { modelId } = modelOf(picture);
  if (breaker.state() !== 'closed') await checkHealth(picture);
  const isLast = picture.state.model + 1 >= picture.route.length;
  if (!isLast && limiter.pausedFor() > 0) throw refusal(picture, 'the host asked this account to wait', 'paused');
  const isLimited = limiter.delay() > 0;
  const ahead = scheduler.queued();
  if (isLimited && ahead >= limiter.queue) {
    throw refusal(picture, 'as many calls as `limits.queue` allows wait already', 'queue_full');
  }
  if (isLimited) picture.emit({ type: 'queued', provider: adapter.name, modelId, ahead });
  const leave = await takePlace(picture);
  if (!isLimited) return leave;
  try {
    // Much may have happened meanwhile.
    await checkHealth(picture);
    if (remaining(picture) >= leastTime) return leave;
    throw failure(subjectOf(picture), 'timeout', 'it was queued until too little was left', { stage: 'prepare' });
  } catch (error) {
    leave();
    throw error;
  }
}

const takePlace = (picture: Picture): Promise<() => void> =>
  slot(picture, 'submit', () => {
    const { limiter } = hostOf(picture);
    limiter.begin();
    picture.place = limiter;
  });

function refusal(picture: Picture, detail: string, why: 'paused' | 'queue_full'): ImageError {
  const retryAfter = why === 'paused' ? hostOf(picture).limiter.pausedFor() : undefined;
  const reason = why === 'queue_full' ? why : undefined;
  return failure(subjectOf(picture), 'rate_limited', detail, { stage: 'prepare', retryAfter, reason });
}

/** A host that failed a short while ago is not asked to work; then it is asked something that is free first. */
async function checkHealth(picture: Picture): Promise<void> {
  const host = hostOf(picture);
  const { breaker } = host;
  if (breaker.state() === 'half-open')
    await guard(
      picture,
      breaker.probe(() => host.isWell()),
    );
  if (breaker.state() === 'closed') return;
  const retryAfter = breaker.opensAgainIn();
  const detail = `it has failed again and again, and is not asked for ${Math.ceil(retryAfter / 1000)} s`;
  throw failure(subjectOf(picture), 'unavailable', detail, { stage: 'prepare', reason: 'circuit_open', retryAfter });
}

/** Somebody who starts anew after an answer that was lost may pay twice, and should know. */
function warnOfTwin(picture: Picture): void {
  const { unknowns, adapter } = hostOf(picture);
  const earlier = unknowns.recall(picture.intent);
  if (earlier === undefined) return;
  const message = `${adapter.name} may have accepted the same request a short while ago, as intent ${earlier}: use that \`intentId\` to go on with it instead of paying again`;
  tell(picture, message);
}

/** In the result, and at once to who listens. */
function tell(picture: Picture, message: string): void {
  warn(picture, message);
  picture.emit({ type: 'warning', message });
}

/** The current attempt goes no further: what it cost is written down and noted. */
export async function close(picture: Picture, ending: Ending): Promise<void> {
  const { state } = picture;
  const job = toSettle(state, ending);
  if (job) {
    const isRefundDue = failedBilled(state, job, ending.code) === 'no' && (await awaitsMoney(picture, job));
    await learn(picture, settledAs(state, job, ending, { at: Date.now(), cost: costOf(picture, job), isRefundDue }));
  }
  noteAttempt(picture, ending);
  const last = picture.attempts.at(-1);
  if (last?.billed === 'no' && !last.refund) picture.reserved?.settle(undefined);
  leavePlace(picture);
}

/** Whether the host documents a refund that nothing shows yet. Where it is shown elsewhere, a later look asks there. */
async function awaitsMoney(picture: Picture, { job, snapshot }: OwnedJob): Promise<boolean> {
  const { adapter, ask } = hostOf(picture);
  // What nothing will ever show is not waited for.
  if (snapshot?.refund !== 'pending' || !adapter.refunds) return false;
  if (!picture.refunds) return true;
  // After that the host has forgotten the job.
  if (Date.now() - (job.submittedAt ?? 0) > adapter.retention) return false;
  const request = adapter.refunds.toRequest(job.id);
  try {
    const { status, body } = await interruptible(picture, (signal) => ask(request, signal));
    return status !== 200 || adapter.refunds.parse(body, job.id) !== 'done';
  } catch (error) {
    // Who could not look does not know: it is looked for again.
    if (error instanceof Interrupted) return true;
    throw error;
  }
}
