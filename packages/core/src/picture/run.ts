import { ImageError } from '../errors/image-error.ts';
import type { RouteModel } from '../host/provider.ts';
import type { Alarm, Scheduler } from '../host/scheduler.ts';
import type { Intent } from '../ledger/facts.ts';
import { currentJob, hasFailed, type OwnedJob, phaseOf } from '../ledger/state.ts';
import { abandon, arrive, type Finished, fail } from './end.ts';
import { enter } from './enter.ts';
import { release, releaseOnceTold } from './log.ts';
import { next } from './next.ts';
import { type Frame, hostOf, leavePlace, type Picture } from './picture.ts';
import { waitForPoll } from './polling.ts';
import { errorOf, knownOf } from './project.ts';
import { circumstancesOf, take } from './step.ts';
import { Interrupted, interrupt, isInterrupted, within } from './wait.ts';
import { billedBy } from './writing.ts';

export type { Finished } from './end.ts';

/** Begins the run of one picture; `begun` gets hold of it, to end it early. */
export type Start = (
  frame: Frame,
  intent: Intent,
  index: number,
  route: readonly RouteModel[],
  begun?: (picture: Picture) => void,
) => Promise<Finished>;

/**
 * How far a run goes: to the finished picture, only to a job that was accepted, to the picture unless the intent has
 * ended meanwhile, or to the refund of a job that failed before.
 */
export type Goal = 'picture' | 'job' | 'unfinished' | 'refund';

/** How a run ended: without a picture when only a job was asked for. */
type End = PromiseSettledResult<Finished | undefined>;

/** Told once how the run of picture `index` ended. */
export interface Listener {
  ended(end: End, index: number): void;
}

/** One picture on its way to an end: the alarm that rings at the end of its call, too. */
class Run implements Alarm {
  readonly at: number;
  cancelled = false;
  readonly picture: Picture;
  readonly goal: Goal;
  readonly #listener: Listener;
  /** Of the first model's host, whichever is asked in the end. */
  readonly #scheduler: Scheduler;
  readonly #onAbort: (() => void) | undefined;

  constructor(picture: Picture, goal: Goal, listener: Listener) {
    const { frame } = picture;
    this.at = frame.end;
    this.picture = picture;
    this.goal = goal;
    this.#listener = listener;
    this.#onAbort = frame.signal && abortOn(picture, frame.signal);
    this.#scheduler = hostOf(picture).scheduler;
    this.#scheduler.set(this);
  }

  /** The call's time is over. */
  run(): void {
    interrupt(this.picture);
  }

  resolve(value: Finished | undefined): void {
    this.#stop();
    if (!this.picture.undoing) void release(this.picture);
    this.#listener.ended({ status: 'fulfilled', value }, this.picture.index);
  }

  reject(reason: unknown): void {
    this.#stop();
    const { picture } = this;
    const { undoing, frame, isKept } = picture;
    const tell = (): void => this.#listener.ended({ status: 'rejected', reason }, picture.index);
    if (undoing || isKept) tell();
    else if (frame.several) {
      // Given back before its call takes hold of it again, to say what it cost.
      within(hostOf(picture), undefined, frame.end, release(picture)).then(tell);
    } else {
      tell();
      releaseOnceTold(picture);
    }
  }

  /** After a poll, or after something broke that no policy knows. */
  goOn(broken?: { readonly error: unknown }): void {
    if (broken) abandon(this.picture, broken.error).then((reason) => this.reject(reason));
    else void go(this);
  }

  #stop(): void {
    const { picture } = this;
    this.#scheduler.cancelAlarm(this);
    if (this.#onAbort) picture.frame.signal?.removeEventListener('abort', this.#onAbort);
    leavePlace(picture);
  }
}

/** Ends the picture when the caller aborts. */
function abortOn(picture: Picture, signal: AbortSignal): () => void {
  const onAbort = (): void => {
    picture.aborted = { reason: signal.reason };
    interrupt(picture);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return onAbort;
}

/** Takes one picture along its route. Resolves with the picture, or without one when only a job was asked for. */
export function runPicture(picture: Picture, goal?: 'picture'): Promise<Finished>;
export function runPicture(picture: Picture, goal: Goal): Promise<Finished | undefined>;
export function runPicture(picture: Picture, goal: Goal = 'picture'): Promise<Finished | undefined> {
  return new Promise((resolve, reject) => {
    runTo(picture, goal, {
      ended: (end) => (end.status === 'fulfilled' ? resolve(end.value) : reject(end.reason)),
    });
  });
}

/** The same for who needs no promise. */
export const runTo = (picture: Picture, goal: Goal, listener: Listener): void =>
  void start(new Run(picture, goal, listener));

async function start(run: Run): Promise<void> {
  const { picture } = run;
  picture.refunds = run.goal === 'refund';
  try {
    await enter(picture);
  } catch (error) {
    if (error instanceof Interrupted && picture.aborted) return run.reject(await abandon(picture, error));
    const failed = error instanceof Interrupted ? errorOf(picture, { code: 'timeout' }) : error;
    const code = ImageError.is(failed) ? { code: failed.code } : {};
    // The reply that would have said so may be lost.
    if (picture.fence < 0 && !(error instanceof Interrupted)) void release(picture);
    picture.emit({ type: 'settled', outcome: 'failed', billed: billedBy(knownOf(picture)), ...code });
    return run.reject(ImageError.is(failed) ? notTaken(picture, failed) : failed);
  }
  const phase = phaseOf(picture.state);
  if (run.goal === 'unfinished' && (phase === 'closed' || phase === 'delivered')) return run.resolve(undefined);
  return go(run);
}

/** The ledger did not let us have the intent: then it could not say either what was spent on it before. */
function notTaken(picture: Picture, error: ImageError): ImageError {
  const billed = error.stage === 'ledger' && error.billed === 'no' ? billedBy(knownOf(picture)) : error.billed;
  return error.with({ intentId: picture.intent.id, billed });
}

/** Takes step after step until one must wait: then the scheduler calls again, and nothing but a record is kept. */
async function go(run: Run): Promise<void> {
  const { picture, goal } = run;
  try {
    while (!picture.aborted) {
      const owned = goal === 'job' ? currentJob(picture.state) : undefined;
      if (owned && !hasFailed(owned)) {
        // A job that may not stand in the ledger yet is not given back as if it did.
        const isDurable = picture.length !== undefined || !isInterrupted(picture);
        if (isDurable) return run.resolve(undefined);
        return run.reject(await fail(picture, { do: 'fail', ending: { code: 'timeout' } }));
      }
      const step = next(picture.state, circumstancesOf(picture));
      if (step.do === 'fail') return run.reject(await fail(picture, step));
      if (step.do === 'deliver') return await arriveAt(run, step.job);
      if (step.do === 'poll') return waitForPoll(picture, step, run);
      await take(picture, step).catch(unlessInterrupted);
    }
    run.reject(await abandon(picture));
  } catch (error) {
    run.reject(await abandon(picture, error));
  }
}

/** Its cause is in the picture, and what it means is for `next` to say. */
function unlessInterrupted(error: unknown): void {
  if (!(error instanceof Interrupted)) throw error;
}

async function arriveAt(run: Run, job: OwnedJob): Promise<void> {
  await arrive(run.picture, job).then(
    (finished) => run.resolve(finished),
    (error: unknown) => run.reject(error),
  );
}
