import type { AnswerContext, JobSnapshot, JobState, JsonObject, Output } from '@imageport/core';
import * as v from 'valibot';
import { describe } from './message.ts';

const text = v.fallback(v.optional(v.string()), undefined);
const anything = v.optional(v.unknown());
const jobId = v.fallback(v.optional(v.pipe(v.string(), v.regex(/^(?!\.+$)[\x21-\x7e]{1,200}$/))), undefined);
const object = v.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

const jobSchema = v.fallback(
  v.object({
    /** In a job. */
    id: jobId,
    /** In the answer to a submit, and in webhooks. */
    jobId: jobId,
    /** In webhooks. */
    event: anything,
    status: text,
    progress: v.fallback(v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))), undefined),
    result: anything,
    error: text,
    creditCost: v.fallback(v.optional(v.pipe(v.number(), v.minValue(0))), undefined),
    createdAt: text,
    input: v.fallback(v.optional(object), undefined),
    expired: v.fallback(v.optional(v.boolean()), undefined),
  }),
  {},
);
type RawJob = v.InferOutput<typeof jobSchema>;

const states: ReadonlyMap<string, JobState> = new Map([
  ['QUEUED', 'queued'],
  ['PROCESSING', 'processing'],
  ['COMPLETED', 'completed'],
  ['FAILED', 'failed'],
  ['CANCELLED', 'failed'],
]);

/** Reads every answer that carries a job or a refusal: the 202 of a submit, a job, a webhook, an error. */
export function parse(body: unknown, { status = 200 }: Partial<AnswerContext> = {}): JobSnapshot {
  const inner = status >= 200 && status < 300 ? findJob(body, 3) : body;
  const job = v.parse(jobSchema, inner);
  const id = job.id ?? job.jobId;
  const message = describe(inner) ?? describe(body);
  if (id === undefined) return toRefusal(message);
  const outcome = toState(job, message);
  return {
    id,
    ...outcome,
    outputs: toOutputs(job.result),
    ...withoutUndefined({
      nativeStatus: job.status,
      message,
      progress: job.progress,
      cost: outcome.state === 'failed' ? undefined : toCost(job),
      expired: job.expired,
      createdAt: job.createdAt,
      inputs: job.input,
    }),
  };
}

const wrapperSchema = v.fallback(v.object({ data: anything, job: anything }), {});

/** A success that is wrapped otherwise than documented still names a job that is paid: it is searched for further in. */
function findJob(body: unknown, depth: number): unknown {
  const { id, jobId: submitted } = v.parse(jobSchema, body);
  if (id !== undefined || submitted !== undefined || depth === 0) return body;
  const { data, job } = v.parse(wrapperSchema, body);
  for (const member of [data, job]) {
    const found = findJob(member, depth - 1);
    const named = v.parse(jobSchema, found);
    if (named.id !== undefined || named.jobId !== undefined) return found;
  }
  return body;
}

/** Reads one page of the job list, newest first. */
export function parseList(body: unknown): readonly JobSnapshot[] {
  const { jobs } = v.parse(v.fallback(v.object({ jobs: anything }), {}), body);
  return Array.isArray(jobs) ? jobs.map((job) => parse(job)) : [];
}

/** Reads where the next page of the list begins. */
export function parseCursor(body: unknown): string | undefined {
  const page = v.safeParse(v.object({ hasMore: v.literal(true), nextCursor: v.string() }), body);
  return page.success ? page.output.nextCursor : undefined;
}

/** Reads where an uploaded reference picture lies. */
export function parseUpload(body: unknown): string | undefined {
  const upload = v.safeParse(v.object({ url: v.pipe(v.string(), v.regex(/^https?:\/\//i)) }), body);
  return upload.success ? upload.output.url : undefined;
}

/** Heuristic: the host has no machine-readable reason, only text. */
const moderation =
  /\bnsfw\b|content (policy|moderation|violation)|image denied|image filters?|sensitive (content|information|words?)|moderat(ed|ion)\b|\bflagged\b/i;

/** No job: a refusal, or an answer that is not understood; the HTTP status decides which. */
function toRefusal(message: string | undefined): JobSnapshot {
  const failure = moderation.test(message ?? '') ? ('moderated' as const) : undefined;
  return { state: 'unrecognised', outputs: [], ...withoutUndefined({ message, failure }) };
}

function toState(job: RawJob, message = ''): Pick<JobSnapshot, 'state' | 'failure' | 'refund'> {
  const state = states.get(job.status?.toUpperCase() ?? '') ?? 'unrecognised';
  if (isReceipt(job)) return { state: state === 'completed' || state === 'failed' ? 'processing' : state };
  if (state !== 'failed') return { state };
  return { state, failure: moderation.test(message) ? 'moderated' : 'job_failed', refund: toRefund(job) };
}

/** The pages promise a refund of every failure, and show it as a cost of 0: only that is seen, the promise is not. */
const toRefund = ({ creditCost }: RawJob): 'done' | 'none' | 'unknown' =>
  creditCost === undefined ? 'unknown' : creditCost === 0 ? 'done' : 'none';

/** The answer to a repeated submit can say that the job has ended, but never how: the next poll says. */
const isReceipt = ({ id, event, result, error }: RawJob): boolean =>
  id === undefined && event === undefined && result === undefined && error === undefined;

const toCost = ({ creditCost }: RawJob): JobSnapshot['cost'] =>
  creditCost === undefined ? undefined : { amount: creditCost, currency: 'credit', source: 'reported' };

/** One for all jobs that wait. */
const none: readonly Output[] = [];

/** `{ images: [...] }`; older pages show a bare address. Midjourney's `gridUrl` shows the same pictures again. */
function toOutputs(result: unknown): readonly Output[] {
  if (result === undefined || result === null) return none;
  const { images } = v.parse(v.fallback(v.object({ images: anything }), {}), result);
  const items: readonly unknown[] = Array.isArray(images) ? images : [images ?? result];
  return items.flatMap((item): Output[] => {
    if (typeof item !== 'string') return [];
    if (/^https?:\/\//i.test(item)) return [{ url: item }];
    return item.startsWith('data:image/') ? [{ base64: item }] : [];
  });
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what the host did not say. */
function withoutUndefined<T extends object>(members: T): Known<T> {
  const said: Known<T> = {};
  for (const name in members) if (members[name] !== undefined) said[name] = members[name] as (typeof said)[typeof name];
  return said;
}
