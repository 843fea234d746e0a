import type { Advanced, AdvanceImageOptions } from '../advance.ts';
import type { Call } from '../call.ts';
import { ImageError } from '../errors/image-error.ts';
import { invalid } from '../errors/invalid.ts';
import { hostAt } from '../host/host.ts';
import type { Limiter } from '../host/limits.ts';
import type { ImageModel } from '../host/provider.ts';
import { conflict } from '../ledger/conflict.ts';
import type { LedgerRecord } from '../ledger/facts.ts';
import { billedOf, currentJob, inDoubt, phaseOf } from '../ledger/state.ts';
import { leastInterval } from '../schedule/schedule.ts';
import { askInTime } from './ask-in-time.ts';
import { close } from './attempt.ts';
import { abandon, arrive, fail } from './end.ts';
import { isSameRequest, takeUp } from './enter.ts';
import { toFrame, toIntent } from './generate.ts';
import { release } from './log.ts';
import { lastSearch, next, type Step } from './next.ts';
import { delayBefore } from './pace.ts';
import { createPicture, hostOf, leavePlace, modelOf, type Picture, remaining } from './picture.ts';
import { pollOnce } from './polling.ts';
import { knowModels, prepareAttempt } from './prepare.ts';
import { errorOf } from './project.ts';
import { toRoute } from './resume.ts';
import { circumstancesOf, take } from './step.ts';
import { Interrupted, interrupt } from './wait.ts';

/** Milliseconds after which somebody else's hold is asked about again. */
const heldFor = 5_000;
/** Milliseconds between two searches for a submit that was given up on. */
const parkedFor = 900_000;
/** Milliseconds by which a hold outlives the step. */
const leaseGrace = 10_000;
/** Where only a change can tell when a limit is over. */
const recheck = 1_000;

/** Writes an intent down; refuses it where no model of its route can do it. */
export async function beginIntent(call: Call): Promise<{ readonly intentId: string }> {
  const frame = toFrame(call);
  const intent = toIntent(call, 0);
  prepareAny(createPicture(frame, intent, 0, call.route), call);
  const billed = call.isNamed ? 'unknown' : 'no';
  const { created, record } = await askInTime(frame, () => frame.ledger.begin(intent), { billed });
  if (!created && !isSameRequest(record.intent, intent)) throw conflict(intent.id);
  return { intentId: intent.id };
}

/** Throws what the first model says, unless one of the route can do it. */
function prepareAny(picture: Picture, { route }: Call): void {
  const refusals: unknown[] = [];
  for (const model of route) {
    picture.route = [model];
    try {
      // Pictures given as data are uploaded when the model is asked, not here.
      prepareAttempt(picture);
      return;
    } catch (error) {
      refusals.push(error);
    }
  }
  throw refusals[0];
}

/** Takes hold of an intent for one step. */
export async function advance(
  call: Call,
  intentId: string,
  models: readonly ImageModel[],
  deliver: AdvanceImageOptions['deliver'],
): Promise<Advanced> {
  if (typeof intentId !== 'string' || intentId === '') throw invalid('`intentId` must be what beginImage returned');
  const frame = toFrame(call);
  const owner = crypto.randomUUID();
  const { ledger, signal } = frame;
  const leaseEnd = performance.now() + call.timeout + leaseGrace;
  const giveBack = (): Promise<unknown> => ledger.claim(intentId, owner, 0).catch(() => undefined);
  const claim = await askInTime(frame, () => ledger.claim(intentId, owner, call.timeout + leaseGrace), {
    late: (late) => late && giveBack(),
  });
  if (!claim) return { state: 'queued', at: Date.now() + heldFor };
  const picture = holdOr(() => hold(call, claim, models, deliver), giveBack);
  Object.assign(picture, { owner, leaseEnd });
  const onAbort = (): void => {
    picture.aborted = { reason: signal?.reason };
    interrupt(picture);
  };
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const { scheduler } = hostOf(picture);
  const alarm = scheduler.alarm(frame.end, () => interrupt(picture));
  try {
    await knowModels(picture.route, frame);
    signal?.throwIfAborted();
    // Its time went by while the tables were waited for: nothing is wrong with the intent.
    if (phaseOf(picture.state) === 'new' && remaining(picture) === 0) {
      return { state: 'queued', at: Date.now() + recheck };
    }
    return await stepOnce(picture);
  } catch (error) {
    throw await abandon(picture, error);
  } finally {
    scheduler.cancelAlarm(alarm);
    signal?.removeEventListener('abort', onAbort);
    leavePlace(picture);
    if (!picture.undoing) release(picture);
  }
}

/** What cannot be taken up is given back at once: another worker may know its models. */
function holdOr(take: () => Picture, giveBack: () => unknown): Picture {
  try {
    return take();
  } catch (error) {
    giveBack();
    throw error;
  }
}

function hold(
  call: Call,
  { fence, record }: { readonly fence: number; readonly record: LedgerRecord },
  models: readonly ImageModel[],
  deliver: AdvanceImageOptions['deliver'],
): Picture {
  const { intent } = record;
  const frame = {
    ...toFrame(call),
    deliver,
  } satisfies Picture['frame'];
  const picture = createPicture(frame, intent, 0, toRoute(record, models));
  picture.fence = fence;
  picture.lost = false;
  takeUp(picture, record, 'go on');
  return picture;
}

/** One step, and what comes after it. */
async function stepOnce(picture: Picture): Promise<Advanced> {
  if (phaseOf(picture.state) === 'closed') return { state: 'failed', error: closedError(picture) };
  if (picture.state.parked) searchOnceMore(picture);
  const step = next(picture.state, circumstancesOf(picture));
  const later = notBefore(picture, step);
  if (later) return later;
  const end = await ended(picture, step);
  if (end) return end;
  if (step.do === 'poll') await pollOnce(picture, step.job).catch(unlessInterrupted);
  else if (isWork(step)) await take(picture, 'after' in step ? { ...step, after: 0 } : step).catch(unlessInterrupted);
  let then = next(picture.state, circumstancesOf(picture));
  // That a model was not asked stands nowhere: the one after it is asked in the same step, or the next step would begin anew.
  while (!picture.aborted && isAfterNone(then)) {
    const { limiter } = hostAt((picture.route[then.model] ?? modelOf(picture)).provider);
    const full = untilFree(limiter);
    if (full) return full;
    await take(picture, then).catch(unlessInterrupted);
    then = next(picture.state, circumstancesOf(picture));
  }
  if (picture.aborted) throw picture.aborted.reason;
  if (then.do === 'park') await take(picture, then);
  // That a job has failed for good is written down in the step that found it out.
  if (then.do === 'submit' && then.because) await close(picture, then.because);
  const last = then.do === 'park' ? next(picture.state, circumstancesOf(picture)) : then;
  return (await ended(picture, last)) ?? pauseBefore(picture, last);
}

/** The model before it was asked for nothing. */
const isAfterNone = (step: Step): step is Extract<Step, { do: 'submit' }> =>
  step.do === 'submit' && step.because?.early === true;

function unlessInterrupted(error: unknown): void {
  if (!(error instanceof Interrupted)) throw error;
}

const isWork = (step: Step): step is Exclude<Step, { do: 'fail' | 'deliver' | 'poll' }> =>
  step.do !== 'fail' && step.do !== 'deliver' && step.do !== 'poll';

/** A submit that was given up on is searched for once each time somebody asks. */
function searchOnceMore(picture: Picture): void {
  picture.state = { ...picture.state, parked: undefined, searches: lastSearch };
}

function untilFree(limiter: Limiter): Advanced | undefined {
  const delay = limiter.delay();
  return delay > 0 ? { state: 'queued', at: Date.now() + (delay === Infinity ? recheck : delay) } : undefined;
}

/** What is not due yet, or not allowed by the limits of the account. */
function notBefore(picture: Picture, step: Step): Advanced | undefined {
  const now = Date.now();
  if (step.do === 'submit') return untilFree(hostOf(picture).limiter);
  if (step.do === 'poll' && step.job.failures > 0) {
    // The second look at a failure is worth nothing if it comes too soon after the first.
    const again = picture.since + Math.max(delayBefore(picture), leastInterval.default);
    return again > now ? { state: 'waiting', job: step.job.job, at: again } : undefined;
  }
  if (step.do !== 'repeat' && step.do !== 'search') return undefined;
  const due = picture.since + step.after;
  return due > now && picture.state.searches < lastSearch ? pauseBefore(picture, step) : undefined;
}

async function ended(picture: Picture, step: Step): Promise<Advanced | undefined> {
  if (step.do === 'deliver') {
    const { images, cost } = await arrive(picture, step.job);
    return { state: 'delivered', images, cost };
  }
  if (step.do !== 'fail') return undefined;
  const error = await fail(picture, step);
  if (error.code !== 'submission_unknown') return { state: 'failed', error };
  return { state: 'parked', error, at: Date.now() + parkedFor };
}

/** When to come again for a step. */
function pauseBefore(picture: Picture, step: Step): Advanced {
  const now = Date.now();
  if (step.do === 'poll')
    return { state: 'waiting', job: step.job.job, at: now + (step.after ?? delayBefore(picture)) };
  const after = 'after' in step ? (step.after ?? 0) : 0;
  const isUnknown = inDoubt(picture.state, picture.state.attempts).length > 0;
  if (!isUnknown) return { state: 'queued', at: now + after };
  return { state: 'parked', error: errorOf(picture, { code: 'submission_unknown' }), at: now + after };
}

function closedError(picture: Picture): ImageError {
  const { state, intent } = picture;
  const job = currentJob(state);
  const code = job?.settled?.code ?? state.end?.code ?? (job && 'job_failed');
  if (code) return errorOf(picture, { code });
  return new ImageError({
    code: 'not_found',
    message: `Intent ${intent.id} was closed, and no job of it was accepted: there is nothing to go on with. Begin another intent for the same request`,
    billed: billedOf(state),
    stage: 'prepare',
    intentId: intent.id,
  });
}
