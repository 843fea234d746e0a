import { type Context, SpanKind, type Tracer } from '@opentelemetry/api';
import type { ImageEvent } from '../picture/events.ts';
import { attemptAt, attemptLeft, attemptOf, endAttempt, enter, leave, noteProgress, type Setting } from './attempt.ts';
import { askedBy, costOf, jobOf, noteOf, operation, readName, requestOf, type Told, targetOf } from './attributes.ts';
import { openSpan, type SafeSpan } from './safe-span.ts';

/** The spans of one picture, from its first event to `settled`. */
export interface Generation extends Setting {
  /** The first event may be one that names no model. */
  named: boolean;
  /** Epoch milliseconds of the last event. */
  heard: number;
}

export interface Opening {
  readonly tracer: Tracer;
  readonly prompt: string | undefined;
  readonly parent: Context;
}

/** Begins when the call began, which is before its first event. */
export function openGeneration({ tracer, prompt, parent }: Opening, first: ImageEvent, at: number): Generation {
  const target = askedBy(first);
  const root = openSpan(tracer, target ? nameOf(target.modelId) : operation, parent, {
    kind: SpanKind.CLIENT,
    startTime: at - first.elapsed,
    attributes: { ...requestOf(first, prompt), ...(target ? targetOf(target) : {}) },
  });
  return { tracer, root, attempts: [], named: target !== undefined, heard: at };
}

const nameOf = (modelId: string): string => `${operation} ${modelId}`;

/** Takes one event into the spans of its picture. */
export function hear(generation: Generation, event: ImageEvent, at: number): void {
  generation.heard = at;
  nameLate(generation, event);
  switch (event.type) {
    case 'queued':
    case 'submitting':
      enter(generation, attemptAt(generation, event, at), event.type === 'queued' ? 'queue' : 'submit', at);
      break;
    case 'accepted':
    case 'polling':
    case 'progress':
    case 'downloading':
      hearOfJob(generation, event, at);
      break;
    case 'fallback':
      endAttempt(attemptLeft(generation, readName(event.from), at), at, event.code);
      break;
    case 'settled':
      settle(generation, event, at);
  }
  const note = noteOf(event);
  if (note) noteTaker(generation, event).note(`imageport.${event.type}`, note, at);
}

/** A span that was opened by an event that names no model gets its name from the first one that does. */
function nameLate(generation: Generation, event: ImageEvent): void {
  const target = generation.named ? undefined : askedBy(event);
  if (!target) return;
  generation.named = true;
  generation.root.rename(nameOf(target.modelId));
  generation.root.set(targetOf(target));
}

/** What happened between an attempt and its host is noted there, everything else at the picture. */
function noteTaker({ root, attempts }: Generation, event: ImageEvent): SafeSpan {
  if (!('provider' in event)) return root;
  return attempts.findLast(({ ended, target }) => !ended && target.provider === event.provider)?.span ?? root;
}

type JobEvent = Told<'accepted' | 'polling' | 'progress' | 'downloading'>;

function hearOfJob(generation: Generation, event: JobEvent, at: number): void {
  const attempt = attemptOf(generation, event.job, at);
  if (attempt.ended) return;
  if (event.type === 'polling') attempt.polls += 1;
  enter(generation, attempt, event.type === 'downloading' ? 'download' : 'wait', at);
  if (event.type !== 'progress') return;
  noteProgress(attempt, event, at);
  // The pictures of a call settle together; this one has waited enough.
  if (event.state === 'completed' || event.state === 'failed') leave(attempt, at);
}

function settle(generation: Generation, event: Told<'settled'>, at: number): void {
  const { root, attempts } = generation;
  const { job, cost, code, outcome, billed } = event;
  for (const each of attempts) {
    // Of several that ran at once, the error is about one.
    const isItsError = outcome === 'failed' && (!job || each.job?.id === job.id);
    endAttempt(each, at, isItsError ? code : undefined);
  }
  const last = job ?? attempts.at(-1)?.target;
  root.set({
    ...(last ? targetOf(last) : {}),
    ...(job ? jobOf(job) : {}),
    ...(job && outcome === 'completed' ? { 'gen_ai.response.model': job.modelId } : {}),
    ...(cost ? costOf(cost) : {}),
  });
  if (outcome === 'failed') root.fail(code);
  close(generation, { outcome, billed }, at);
}

/** Ends what will hear no more, at the moment it was last heard of. Nobody said what became of the money. */
export function abandon(generation: Generation): void {
  for (const each of generation.attempts) endAttempt(each, generation.heard);
  close(generation, { outcome: 'unsettled', billed: 'unknown' }, generation.heard);
}

function close({ root, attempts }: Generation, ending: { outcome: string; billed: string }, at: number): void {
  root.set({
    'imageport.outcome': ending.outcome,
    'imageport.billed': ending.billed,
    'imageport.attempts': attempts.length,
    'imageport.polls': attempts.reduce((sum, { polls }) => sum + polls, 0),
  });
  root.end(at);
}
