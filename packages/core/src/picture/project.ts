import type { Attempt, Billed, Cost } from '../contract/result.ts';
import { ImageError, type ImageErrorOptions } from '../errors/image-error.ts';
import { billedOf, currentJob, type Ending, type OwnedJob } from '../ledger/state.ts';
import { failure } from './answer.ts';
import { elapsed, modelOf, type Picture, subjectOf } from './picture.ts';
import { billedAtEnd, type Known } from './writing.ts';

/** What a job cost: as the host says, else as its price is listed. */
export const costOf = ({ asked }: Picture, { snapshot }: OwnedJob): Cost =>
  snapshot?.cost ?? asked?.prepared.price ?? { source: 'unknown' };

/** What this process may say: less once its hold on the intent has run out. */
export const knownOf = ({ state, lost, leaseEnd }: Pick<Picture, 'state' | 'lost' | 'leaseEnd'>): Known => ({
  state,
  lost: lost || performance.now() > leaseEnd,
});

/** What was spent on the attempt that is under way. */
function billedNow({ state }: Picture, ending: Ending | undefined): Billed {
  if (ending?.early) return 'no';
  return ending?.billed ?? billedOf(state, state.attempts);
}

const outcomes = { submission_unknown: 'unknown', timeout: 'timeout' } as const;

/** Adds the current attempt to what is told of the call. Without an ending it brought the picture. */
export function noteAttempt(picture: Picture, ending?: Ending | 'aborted'): void {
  const { state, submits, begun } = picture;
  const { provider, modelId, chosen } = modelOf(picture);
  const why = ending === 'aborted' ? undefined : ending;
  const found = why?.early ? undefined : currentJob(state);
  const job = found?.attempt === state.attempts ? found : undefined;
  const billed = billedNow(picture, why);
  const failed = job ? 'failed' : 'refused';
  const outcome = outcomes[why?.code as keyof typeof outcomes] ?? failed;
  const reason = why ? messageOf(picture, why) : ending ? undefined : chosen;
  const isRefunded = billed === 'no' && job?.snapshot?.refund === 'pending';
  const attempt: { -readonly [Name in keyof Attempt]: Attempt[Name] } = {
    provider: provider.adapter.name,
    modelId,
    billed,
    submits,
    duration: Math.round(elapsed(picture) - begun),
    outcome: ending === undefined ? 'completed' : ending === 'aborted' ? ending : outcome,
    cost: job && billed === 'yes' ? costOf(picture, job) : { source: 'unknown' },
  };
  if (why) attempt.code = why.code;
  if (reason !== undefined) attempt.reason = reason;
  if (job) attempt.job = job.job;
  if (isRefunded) attempt.refund = 'pending';
  picture.attempts = picture.attempts.concat(attempt);
}

const messageOf = (picture: Picture, ending: Ending): string => errorFor(picture, ending).message;

/** The error that ends the call, with what everything has cost. */
export function errorOf(picture: Picture, ending: Ending): ImageError {
  const { state, attempts, intent, candidates } = picture;
  const billed = billedAtEnd(knownOf(picture), ending);
  const owned = currentJob(state);
  const isAbout = billed !== 'no' || (owned?.attempt === state.attempts && !ending.early);
  const job = isAbout ? owned?.job : undefined;
  const isUnknown = ending.code === 'submission_unknown';
  const more: Partial<ImageErrorOptions> = {
    ...{ billed, attempts: [...attempts], intentId: intent.id },
    ...(job ? { job } : {}),
    ...(isUnknown ? { candidates } : {}),
  };
  return errorFor(picture, ending).with(more);
}

function errorFor(picture: Picture, ending: Ending): ImageError {
  const { code, detail } = ending;
  const known = ImageError.is(detail) ? detail : undefined;
  if (known?.code === code) return known;
  const subject = subjectOf(picture);
  const stage = currentJob(picture.state) ? 'poll' : 'submit';
  const facts: Partial<ImageErrorOptions> = { stage, httpStatus: known?.httpStatus, cause: known?.cause };
  if (code === 'submission_unknown') return failure(subject, code, wordsFor(known), { ...facts, stage: 'submit' });
  const job = currentJob(picture.state);
  if (code === 'timeout') return failure(subject, code, stageOf(job), facts);
  if (code === 'result_expired') return failure(subject, code, 'the host has removed the files', facts);
  if (code === 'invalid_response') {
    return failure(subject, code, 'completed without a picture', { ...facts, reason: 'empty_result' });
  }
  const told =
    job?.snapshot?.message ?? job?.snapshot?.nativeStatus ?? (job?.settled ? 'as an earlier call found out' : '');
  const reason = code === 'moderated' ? { reason: 'content_rejected' as const } : {};
  return failure(subject, code, told, { ...facts, ...reason });
}

/** What the time ran out for. */
function stageOf(job: OwnedJob | undefined): string {
  if (!job) return 'before it was accepted';
  return job.settled?.outcome === 'completed' ? 'while its picture was handed over' : 'while waiting for the job';
}

function wordsFor(error: ImageError | undefined): string {
  if (!error) return 'an earlier call was cut off';
  if (error.reason === 'job_taken') return 'the answer named a job that belongs to another intent';
  return error.httpStatus ? `after HTTP ${error.httpStatus}` : 'no answer came';
}
