import type { Host } from '../options.ts';

export type RequestKind =
  | 'submit'
  | 'poll'
  | 'list'
  | 'output'
  | 'upload'
  | 'balance'
  | 'models'
  | 'price'
  | 'billing'
  | 'secret'
  | 'delete'
  | 'other';

export type JobFault =
  | 'fail'
  | 'fail-unrefunded'
  | 'moderated'
  | 'nsfw'
  | 'empty'
  | 'never'
  | 'cancelled'
  | 'expired'
  | 'deleted'
  | 'cancelled-unrefunded'
  | 'failed-then-completed'
  | 'completed-at-once';

/** An answer as a patch sees it: every level can be spread into a new one. */
export interface JsonObject {
  readonly [key: string]: JsonObject;
}

/** One injected fault: when, and how. Actions combine where that makes sense. */
export interface Fault {
  readonly name?: string;
  readonly host?: Host;
  /** Which request goes wrong; `probe` is the free request for the balance or the account. */
  readonly on: 'submit' | 'poll' | 'list' | 'output' | 'upload' | 'probe' | 'billing';
  /** The n-th such request at that host since the start, counted from 1. By default the next one. */
  readonly nth?: number;
  /** How many requests in a row. @default 1 */
  readonly times?: number;

  /** Whether the request takes effect (a submit is accepted and charged) although the answer is spoilt. */
  readonly accepted?: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answered instead: a string as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Answer a gateway's HTML page. */
  readonly html?: true;
  /** Answer 307 to this address. */
  readonly redirect?: string;
  /** Cut the connection before the request is read, or after it took effect. */
  readonly reset?: 'before' | 'after';
  readonly refuse?: true;
  readonly hang?: true;
  readonly delay?: number;

  readonly drip?: { readonly bytes: number; readonly every: number };
  readonly stall?: true;
  readonly truncate?: number;
  readonly contentLength?: number;
  readonly endless?: true;
  /** A gzip body that inflates to this many bytes. */
  readonly bomb?: number;
  readonly contentType?: string;
  readonly bytes?: Uint8Array;
  /** Alters the JSON of the true answer: `(json) => ({ ...json, data: { ...json.data, status: 'odd' } })`. */
  readonly patch?: (json: JsonObject) => unknown;

  /** How the submitted job ends. */
  readonly job?: JobFault;
  /** The text that the failed job reports. */
  readonly error?: string;
  readonly syncTimeout?: true;
  /** Right after this submit so many come in from somebody else with the same key; `same`: for the very same words. */
  readonly others?: { readonly count: number; readonly same?: true };
}

/** Every action that a fault can carry. */
export const faultActions = [
  'status',
  'headers',
  'body',
  'html',
  'redirect',
  'reset',
  'refuse',
  'hang',
  'delay',
  'drip',
  'stall',
  'truncate',
  'contentLength',
  'endless',
  'bomb',
  'contentType',
  'bytes',
  'patch',
  'job',
  'syncTimeout',
  'others',
] as const satisfies readonly (keyof Fault)[];

/** The name of a fault: its own, or its place and actions, as in `submit: status 503`. */
export function faultName(fault: Fault): string {
  if (fault.name !== undefined) return fault.name;
  const actions = faultActions.filter((action) => fault[action] !== undefined);
  const detail = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? ` ${value}` : '');
  return `${fault.on}: ${actions.map((action) => action + detail(fault[action])).join(', ')}`;
}
