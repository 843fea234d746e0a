import type { Tracer } from '@opentelemetry/api';
import type { Job } from '../contract/job.ts';
import type { Target } from '../ledger/ledger.ts';
import { jobOf, progressOf, type Told, targetOf } from './attributes.ts';
import { openSpan, type SafeSpan } from './safe-span.ts';

/** One model that was asked, and the phase that it is in. */
export interface TracedAttempt {
  readonly target: Target;
  readonly span: SafeSpan;
  /** Ended attempts are kept, so that late news of their jobs opens nothing anew. */
  ended: boolean;
  phase?: { readonly name: Phase; readonly span: SafeSpan };
  /** The engine's number, once it is submitted. */
  number?: number;
  job?: Job;
  polls: number;
  /** The last that was noted. */
  progress?: string;
}

export type Phase = 'queue' | 'submit' | 'wait' | 'download';

/** The spans of one picture share these. */
export interface Setting {
  readonly tracer: Tracer;
  readonly root: SafeSpan;
  readonly attempts: TracedAttempt[];
}

export function beginAttempt({ tracer, root, attempts }: Setting, target: Target, at: number): TracedAttempt {
  const name = `attempt ${target.provider}:${target.modelId}`;
  const span = openSpan(tracer, name, root.inside, { startTime: at, attributes: targetOf(target) });
  const attempt = { target, span, ended: false, polls: 0 };
  attempts.push(attempt);
  return attempt;
}

/** Ends the phase before and begins this one, unless the attempt is in it already. */
export function enter({ tracer }: Setting, attempt: TracedAttempt, name: Phase, at: number): void {
  if (attempt.ended || attempt.phase?.name === name) return;
  leave(attempt, at);
  attempt.phase = { name, span: openSpan(tracer, name, attempt.span.inside, { startTime: at }) };
}

export function leave(attempt: TracedAttempt, at: number): void {
  attempt.phase?.span.end(at);
  delete attempt.phase;
}

/** A host that repeats itself fills no span. */
export function noteProgress(attempt: TracedAttempt, event: Told<'progress'>, at: number): void {
  const progress = `${event.state} ${event.progress}`;
  if (progress !== attempt.progress) attempt.span.note('imageport.progress', progressOf(event), at);
  attempt.progress = progress;
}

/** Ends an attempt that failed, if there is a code, or that has come to its end. */
export function endAttempt(attempt: TracedAttempt, at: number, code?: string): void {
  if (attempt.ended) return;
  attempt.ended = true;
  if (code !== undefined) {
    attempt.phase?.span.fail(code);
    attempt.span.fail(code);
  }
  leave(attempt, at);
  attempt.span.set({ 'imageport.polls': attempt.polls, ...(attempt.job ? jobOf(attempt.job) : {}) });
  attempt.span.end(at);
}

const isAt = ({ target }: TracedAttempt, { provider, modelId }: Target): boolean =>
  target.provider === provider && target.modelId === modelId;

/** The attempt that `queued` or `submitting` is about. Two accounts of a host may be asked for the same model. */
export function attemptAt(setting: Setting, event: Told<'queued' | 'submitting'>, at: number): TracedAttempt {
  const number = event.type === 'submitting' ? event.attempt : undefined;
  const mine = ({ number: known }: TracedAttempt): boolean => known === undefined || known === number;
  const open = setting.attempts.find((each) => !each.ended && isAt(each, event) && mine(each));
  const attempt = open ?? beginAttempt(setting, event, at);
  if (number !== undefined) attempt.number = number;
  return attempt;
}

/** The attempt that a job belongs to; a call that takes up an earlier job begins with it. */
export function attemptOf(setting: Setting, job: Job, at: number): TracedAttempt {
  const known = setting.attempts.find((each) => each.job?.id === job.id);
  if (known) return known;
  const open = setting.attempts.find((each) => !each.ended && !each.job && isAt(each, job));
  return Object.assign(open ?? beginAttempt(setting, job, at), { job });
}

/** The attempt that was left for another model: it may have been refused before anything was sent. */
export function attemptLeft(setting: Setting, target: Target, at: number): TracedAttempt {
  return setting.attempts.find((each) => !each.ended && isAt(each, target)) ?? beginAttempt(setting, target, at);
}
