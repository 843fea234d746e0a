import type { JsonObject } from '@imageport/core';
import * as v from 'valibot';

const text = v.fallback(v.optional(v.string()), undefined);
const number = v.fallback(v.optional(v.number()), undefined);
const anything = v.optional(v.unknown());
const jobId = v.fallback(v.optional(v.pipe(v.string(), v.regex(/^(?!\.+$)[\x21-\x7e]{1,200}$/))), undefined);
const object = v.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

const envelopeSchema = v.fallback(v.object({ code: number, data: v.fallback(v.optional(object), undefined) }), {});
const taskSchema = v.fallback(
  v.object({
    id: jobId,
    status: text,
    /** The host's own number for what went wrong; not an HTTP status. */
    code: number,
    error: text,
    outputs: anything,
    has_nsfw_contents: anything,
    urls: v.fallback(v.optional(v.object({ get: text })), undefined),
    created_at: text,
    timings: v.fallback(v.optional(v.object({ inference: number })), undefined),
    executionTime: number,
    input: v.fallback(v.optional(object), undefined),
  }),
  {},
);
export type Task = v.InferOutput<typeof taskSchema>;

interface Answer {
  /** Of the envelope; of the task where there is no envelope. */
  readonly code: number | undefined;
  readonly enveloped: boolean;
  readonly task: Task;
}

/** What stands in the envelope, or the body itself. */
export function readTask(body: unknown, status = 200): Answer {
  const { code, data } = v.parse(envelopeSchema, body);
  const task = v.parse(taskSchema, data ?? body);
  const answer = { code, enveloped: data !== undefined };
  const nested =
    task.id === undefined && isSuccess(status) && isSuccess(code) ? findNested(data ?? body, 2) : undefined;
  return { ...answer, task: nested ?? task };
}

/** Some services write 0 for "no error". */
export const isSuccess = (code = 200): boolean => code === 0 || (code >= 200 && code < 300);

const wrapperSchema = v.fallback(
  v.object({ jobId, data: anything, prediction: anything, task: anything, job: anything, result: anything }),
  {},
);

/** A success that is shaped otherwise than documented still names a task that is paid: its id is searched for further in. */
function findNested(value: unknown, depth: number): Task | undefined {
  const task = v.parse(taskSchema, value);
  const { jobId: id = task.id, data, prediction, task: inner, job, result } = v.parse(wrapperSchema, value);
  if (id !== undefined) return { ...task, id };
  if (depth === 0) return undefined;
  for (const member of [data, prediction, inner, job, result]) {
    const found = findNested(member, depth - 1);
    if (found) return found;
  }
  return undefined;
}
