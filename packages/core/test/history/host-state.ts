import type { Without } from './evils.ts';
import type { HostJob, View } from './host-jobs.ts';
import type { Shown, Words } from './host-words.ts';
import type { SubmitNote } from './notes.ts';
import type { Random } from './random.ts';

export interface HostOptions {
  readonly random: Random;
  /** Milliseconds by which the host's clock is ahead. */
  readonly skew: number;
  /** Milliseconds since the history began, on a clock that nobody can set. */
  readonly now: () => number;
  /** Epoch milliseconds when the history began. */
  readonly epoch: number;
  /** From 0, always well, to 1. */
  readonly mischief: number;
  /** Other programs' jobs around ours. */
  readonly strangers: number;
  /** Other programs may use the very same words; never where the account is said to be exclusive. */
  readonly strangersEqual: boolean;
  /** The account has old jobs with the very same words, made before anything of ours. */
  readonly oldEqual: boolean;
  /** Seeds that callers choose, which another program may choose as well; any other is a mark. */
  readonly seeds: readonly number[];
  /** A job's inputs are told to who asks for it alone. */
  readonly tellsInputs: boolean;
  readonly without: Without;
  /** Jobs that a ledger gives to one of its intents. */
  readonly taken: (ledger: string) => readonly string[];
  readonly submits: SubmitNote[];
  readonly count: (what: string) => void;
}

export interface State extends HostOptions {
  readonly words: Words;
  readonly jobs: HostJob[];
  readonly keys: Map<string, { readonly job: HostJob; readonly at: number }>;
  /** Words of which somebody else has a job too. */
  readonly copied: Set<string>;
  isCalm: boolean;
}

export const never = (): Promise<never> => new Promise(() => undefined);
export const broken = (code: string, more: object = {}): Error =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code, ...more }) });

/** How likely a fault is just now. */
export const mischiefOf = ({ isCalm, mischief }: State): number => (isCalm ? 0 : mischief);

export function respond(state: State, status: number, body: unknown, more: Record<string, string> = {}): Response {
  const date = new Date(hostTime(state, state.now())).toUTCString();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  return new Response(status === 204 ? null : text, { status, headers: { date, 'content-type': type, ...more } });
}

export const hostTime = ({ epoch, skew }: State, at: number): number => epoch + at + skew;

/** Puts a job on show. Whoever sees a failure from here on has a proof of it. */
export function show(state: State, job: HostJob, view: View): Shown {
  const failed = ['failed', 'timeout', 'deleted', 'cancelled'].includes(view.status);
  if (failed) job.failedShownAt ??= state.now();
  return [job, view, new Date(hostTime(state, job.madeAt)).toISOString()];
}
