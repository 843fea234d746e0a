import type { AnswerContext, JobSnapshot, JobState, Output } from '@imageport/core';
import * as v from 'valibot';
import { describe, endedEarly, findId, shorten } from './message.ts';
import { isSuccess, readTask, type Task } from './task.ts';

const states: ReadonlyMap<string, JobState> = new Map([
  ['created', 'queued'],
  ['pending', 'queued'],
  ['processing', 'processing'],
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['cancelled', 'failed'],
  ['timeout', 'failed'],
  ['deleted', 'failed'],
]);

/** Reads every answer that carries a job or a refusal, in the envelope or, as webhooks send it, without. */
export function parse(body: unknown, { status }: Partial<AnswerContext> = {}): JobSnapshot {
  const { code, enveloped, task } = readTask(body, status);
  const state = states.get(task.status?.toLowerCase() ?? '') ?? 'unrecognised';
  // Only what went wrong is looked for in every place where a host may tell of it.
  const isWell = task.id !== undefined && isSuccess(code) && state !== 'failed' && state !== 'unrecognised';
  const message = shorten(task.error ?? '') ?? (isWell ? undefined : describe(body));
  const id = task.id ?? findId(task.urls?.get) ?? (endedEarly(message) ? findId(message) : undefined);
  if (id === undefined) return toRefusal(code ?? task.code, message, task.code);
  const outputs = toOutputs(task);
  return {
    id,
    ...toState(task, state, message, outputs.length === 0),
    outputs,
    ...withoutUndefined({
      nativeStatus: task.status,
      code: enveloped ? code : undefined,
      message,
      inference: task.timings?.inference ?? task.executionTime,
      createdAt: task.created_at,
      inputs: task.input,
    }),
  };
}

/** No job: a refusal, or an answer that is not understood; the HTTP status decides which. */
function toRefusal(code: number | undefined, message: string | undefined, taskCode: number | undefined): JobSnapshot {
  const moderated = toFailure(taskCode, message) === 'moderated' && code !== 200;
  const failure = moderated ? 'moderated' : undefined;
  return { state: 'unrecognised', outputs: [], ...withoutUndefined({ code: toStatus(code), message, failure }) };
}

/** Task codes stand where a status is expected when there is no task: a bad request has its own, the rest is unclear. */
const toStatus = (code: number | undefined): number | undefined =>
  code !== undefined && [1200, 1400, 1401, 1402].includes(code) ? 400 : code;

function toState(
  task: Task,
  state: JobState,
  message: string | undefined,
  empty: boolean,
): Pick<JobSnapshot, 'state' | 'failure' | 'refund'> {
  if (state === 'completed') {
    const flagged = Array.isArray(task.has_nsfw_contents) && task.has_nsfw_contents.includes(true);
    // The picture was made, charged and withheld.
    return empty && flagged ? { state: 'failed', failure: 'moderated', refund: 'none' } : { state };
  }
  // Only the wait for the answer ended; the task goes on and is charged.
  if (endedEarly(message)) return { state: 'processing' };
  if (state !== 'failed') return { state };
  return { state, failure: toFailure(task.code, message), refund: toRefund(task.status) };
}

/**
 * "Credit for failed requests returns by itself within 3 hours", and no answer shows that it did. Of a task that was
 * deleted or cancelled no page says so.
 */
export const toRefund = (status: string | undefined): 'pending' | 'unknown' =>
  ['failed', 'timeout'].includes(status?.toLowerCase() ?? '') ? 'pending' : 'unknown';

/** Heuristic: a moderated job need not carry its code, its text may be all there is. */
const moderation =
  /\bnsfw\b|sensitive (content|information|words?)|content (policy|moderation|violation)|moderat(ed|ion)\b|\bflagged\b|safety (checker|filter)/i;

function toFailure(code: number | undefined, message = ''): NonNullable<JobSnapshot['failure']> {
  if (code === 1200) return 'moderated';
  if (code === 1400 || code === 1401 || code === 1402) return 'invalid_request';
  return moderation.test(message) ? 'moderated' : 'job_failed';
}

function toOutputs({ outputs, has_nsfw_contents: flags }: Task): readonly Output[] {
  const items: readonly unknown[] = Array.isArray(outputs) ? outputs : [outputs];
  if (items.length === 0) return none;
  return items.flatMap((item, index) => toOutput(item, Array.isArray(flags) ? flags[index] : undefined));
}

/** One for all jobs that wait. */
const none: readonly Output[] = [];

/** Naked, as the page says, or as the data URL that older answers had. */
const base64 = /^(data:image\/[^,]*,)?[\w+/=\s-]+$/;

function toOutput(item: unknown, flag: unknown): Output[] {
  const value = typeof item === 'string' ? item : v.is(v.object({ url: v.string() }), item) ? item.url : '';
  if (value === '') return [];
  const flagged = typeof flag === 'boolean' ? { flagged: flag } : {};
  if (/^https?:\/\//i.test(value)) return [{ url: value, ...flagged }];
  return base64.test(value) ? [{ base64: value, ...flagged }] : [];
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what the host did not say. */
function withoutUndefined<T extends object>(members: T): Known<T> {
  const said: Known<T> = {};
  for (const name in members) if (members[name] !== undefined) said[name] = members[name] as (typeof said)[typeof name];
  return said;
}
