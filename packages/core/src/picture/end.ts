import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Cost } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import type { GeneratedImage } from '../image/picture.ts';
import { billedOf, currentJob, type OwnedJob } from '../ledger/state.ts';
import { outputsOf } from './answer.ts';
import { close } from './attempt.ts';
import { deliver } from './deliver.ts';
import { learn } from './log.ts';
import type { Step } from './next.ts';
import { hostOf, leavePlace, modelOf, type Picture } from './picture.ts';
import { costOf, errorOf, knownOf, noteAttempt } from './project.ts';
import { within } from './wait.ts';
import { billedBy, closesAtEnd, readFailedAppend } from './writing.ts';

/** A picture that is there. */
export interface Finished {
  readonly picture: Picture;
  readonly job: Job;
  readonly snapshot: JobSnapshot;
  readonly images: readonly GeneratedImage[];
  readonly cost: Cost;
}

/** The job is done: it is settled and handed over at once, whatever becomes of the others of its call. */
export async function arrive(picture: Picture, job: OwnedJob): Promise<Finished> {
  await picture.frame.arrived?.();
  const { snapshot } = job;
  if (!snapshot) throw new TypeError('a finished job has an answer');
  const cost = costOf(picture, job);
  noteAttempt(picture);
  picture.reserved?.settle(cost);
  leavePlace(picture);
  const urls = outputsOf(snapshot).flatMap(({ url }) => (url === undefined ? [] : [url]));
  const facts = { at: Date.now(), outcome: 'completed', billed: 'yes', cost, urls, jobId: job.job.id } as const;
  await learn(picture, { type: 'settled', ...facts });
  hostOf(picture).unknowns.settle(picture.intent);
  try {
    const images = await deliver(picture, job.job, snapshot, cost);
    return { picture, job: job.job, snapshot, images, cost };
  } catch (error) {
    // It is paid and stays open: whoever resumes the intent delivers it again.
    const { provider, modelId } = job.job;
    picture.emit({ type: 'settled', outcome: 'failed', billed: 'yes', provider, modelId, job: job.job });
    throw error;
  }
}

/** Nothing more comes of it: that is settled, told and written down. Returns what to throw. */
export async function fail(picture: Picture, { ending, last }: Extract<Step, { do: 'fail' }>): Promise<ImageError> {
  await close(picture, last ?? ending);
  const told = errorOf(picture, ending);
  remember(picture);
  if (closesAtEnd(told, knownOf(picture).lost, picture.undoing !== undefined)) {
    await learn(picture, { type: 'delivered', at: Date.now() });
  }
  // What the ledger said to that counts: only who holds the intent can say that nothing was spent.
  const error = picture.lost ? errorOf(picture, ending) : told;
  const { provider, modelId } = picture.attempts.at(-1) ?? {};
  const asked = provider && modelId ? { provider, modelId } : {};
  const { code, billed, job } = error;
  // Who only looked for a refund was told the end before.
  if (!picture.refunds) {
    picture.emit({ type: 'settled', outcome: 'failed', billed, code, ...(job ? { job } : {}), ...asked });
  }
  return error;
}

function remember(picture: Picture): void {
  const { unknowns } = hostOf(picture);
  if (billedOf(picture.state) === 'unknown') unknowns.remember(picture.intent);
  else unknowns.settle(picture.intent);
}

/**
 * The caller has gone, or something broke that no policy knows: the ledger keeps what may have been paid. Returns what
 * to throw.
 */
export async function abandon(picture: Picture, error?: unknown): Promise<unknown> {
  const reason = picture.aborted ? picture.aborted.reason : error;
  const isOurs = ImageError.is(reason) && !picture.aborted;
  if (mayClose(picture)) await closeQuietly(picture);
  const billed = billedBy(knownOf(picture));
  if (isOurs) noteAttempt(picture, { code: reason.code, detail: reason, early: billed === 'no' });
  else if (picture.asked || picture.state.jobs.length > 0) noteAttempt(picture, 'aborted');
  remember(picture);
  if (billed === 'no') picture.reserved?.settle(undefined);
  const job = currentJob(picture.state)?.job;
  const {
    provider: { adapter },
    modelId,
  } = modelOf(picture);
  const code = isOurs ? { code: reason.code } : {};
  const last = { provider: adapter.name, modelId, ...(job && billed !== 'no' ? { job } : {}) };
  picture.emit({ type: 'settled', outcome: isOurs ? 'failed' : 'aborted', billed, ...code, ...last });
  if (!isOurs) return reason;
  const more = {
    intentId: picture.intent.id,
    attempts: [...picture.attempts],
    ...(job && billed !== 'no' ? { job } : {}),
  };
  return reason.with({ billed, ...more });
}

/** Nothing was spent, and nothing is still being written. */
const mayClose = (picture: Picture): boolean =>
  picture.fence >= 0 && !picture.undoing && billedBy(knownOf(picture)) === 'no';

/** Milliseconds for which the last write may hold up a call that has ended. */
const lastWrite = 500;

/** The request may be made anew: whatever becomes of this write, nothing is lost. */
async function closeQuietly(picture: Picture): Promise<void> {
  const { frame, intent, fence } = picture;
  const fact = { type: 'delivered', at: Date.now() } as const;
  const closed = frame.ledger.append(intent.id, fence, fact).catch((error: unknown) => {
    if (readFailedAppend(fact, ImageError.is(error) ? error.reason : undefined).lost) picture.lost = true;
  });
  await within(hostOf(picture), undefined, performance.now() + lastWrite, closed);
}
