import type { Family } from './family.ts';
import type { JsonObject } from './json.ts';
import type { ModelList } from './model-list.ts';
import type { Cost } from './result.ts';

/** An HTTP request as data. `path` is relative to the provider's base URL: an adapter cannot name another host. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: JsonObject;
  /** Harmless ones such as `Prefer: wait`. The key never stands here. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What one host is asked for, in its own words. */
export interface NativeRequest {
  /** The host's own model id. */
  readonly model: string;
  /** Empty where the model takes none, or where it stands among the fields. */
  readonly prompt: string;
  /** The model's fields, named and valued as the host documents them. */
  readonly fields: JsonObject;
  readonly webhookUrl?: string | undefined;
  /** As the model's row has it. */
  readonly endpoint?: Readonly<Record<string, string>> | undefined;
}

export type JobState = 'queued' | 'processing' | 'completed' | 'failed' | 'unrecognised';

/** One finished picture as the host hands it over. */
export type Output =
  | { readonly url: string; readonly base64?: never; readonly flagged?: boolean }
  | { readonly base64: string; readonly url?: never; readonly flagged?: boolean };

/** Where a body came from, for a host whose answers do not say everything by themselves. */
export interface AnswerContext {
  readonly purpose: 'submit' | 'poll' | 'webhook';
  /** HTTP status of the answer. */
  readonly status?: number;
  /** The job that was asked about. */
  readonly jobId?: string;
}

/** What one answer of the host says, be it to a submit, a poll or a list, or a webhook. */
export interface JobSnapshot {
  /** Absent when the answer carries no job: then it is a refusal or not understood. */
  readonly id?: string;
  readonly state: JobState;
  /** The host's own word for the state. */
  readonly nativeStatus?: string;
  /** The HTTP-like status that the body itself reports, where it reports one. */
  readonly code?: number;
  /** The host's own words about what went wrong. */
  readonly message?: string;
  /** Why a failed job failed, where the host reports it; `job_failed` otherwise. */
  readonly failure?: 'moderated' | 'invalid_request' | 'job_failed';
  /**
   * What became of the money of a failed job. `pending`: the host documents a refund that is not visible yet.
   * `unknown`, or absent: the host does not say.
   */
  readonly refund?: 'done' | 'pending' | 'none' | 'unknown';
  /** The job has ended, and how takes one more poll, which `toPoll` names; until then `state` is `processing`. */
  readonly more?: boolean;
  readonly outputs: readonly Output[];
  /** 0 to 100. */
  readonly progress?: number;
  readonly cost?: Cost;
  /** Milliseconds the host says it computed. */
  readonly inference?: number;
  /** The host says that the files are gone. */
  readonly expired?: boolean;
  readonly createdAt?: string;
  /** The request as the host received it, where it shows that. */
  readonly inputs?: JsonObject;
}

/** Which of the host's recent jobs to list. */
export interface ListQuery {
  /** Only jobs of this model; absent: of any. */
  readonly model?: string;
  /** Only jobs made at or after this moment, in epoch milliseconds. */
  readonly since: number;
  /** Ask for this many at most. */
  readonly limit: number;
  /** Where the previous page ended, as returned by `next`; absent: the newest jobs. */
  readonly cursor?: string;
}

/**
 * Translation for one host's API: pure, synchronous, without loops over I/O, clock or randomness. The engine in core
 * owns every policy; what a host can do beyond the required members is declared by the presence of the optional ones.
 * `Id`: the ids of its tables, which complete in an editor.
 */
export interface Adapter<Id extends string = string> {
  /** The name used in jobs, configs and `providerOptions`. */
  readonly name: string;
  /** What stands before every path. */
  readonly baseUrl: string;
  /** The environment variables that `create…` falls back to. */
  readonly env: { readonly apiKey: string; readonly baseUrl: string };
  /** The models this adapter vouches for, one family per shared set of parameters. */
  readonly families: readonly Family<Id>[];
  /**
   * Present when there are more models than `families` holds: they are loaded when an id that is not there is first
   * used, and an id that is nowhere is refused unless the request says `unchecked`. Absent: `generic` takes it.
   */
  readonly catalogue?: {
    load(): Promise<readonly Family[]>;
    /** It asks the host, which may not answer: a call waits for it no longer than its own time. @default false */
    readonly asksHost?: boolean;
    /** In words: why what was loaded last may be older than what the host has. Undefined: it is of today. */
    doubt?(): string | undefined;
    /** Present when the host tells which models it has. */
    readonly list?: ModelList;
  };
  /** Any other id of this host: a family that takes a prompt and `providerOptions`, nothing neutral. */
  readonly generic: Family;
  /** Whether an id that is in no family can be one of the host's own. */
  isNativeId(id: string): boolean;
  /** Milliseconds between two polls of one job, as the host documents it. */
  readonly interval: number;
  /** How long the host keeps a job's files at least, in milliseconds. */
  readonly retention: number;
  /** Present when the host honours an idempotency key: the header, and for how long it is remembered, in milliseconds. */
  readonly idempotency?: { readonly header: string; readonly lifetime: number };
  /** The headers that carry the key. */
  authorize(apiKey: string): Readonly<Record<string, string>>;
  toSubmit(request: NativeRequest): HttpRequest;
  /** `last`: what the poll before found, for a host that keeps status and result apart. */
  toPoll(jobId: string, last?: JobSnapshot): HttpRequest;
  /** Reads every body that carries a job or a refusal. Total: it never throws. */
  parse(body: unknown, context?: AnswerContext): JobSnapshot;
  /** Present when the host can list its recent jobs. */
  readonly list?: {
    toRequest(query: ListQuery): HttpRequest;
    parse(body: unknown): readonly JobSnapshot[];
    /**
     * Whether a listed job is the one that was submitted: compares what the host says it received. `undefined`: the
     * entry does not show it, so the job itself must be polled and compared. `false` is proof that it is another job.
     */
    isSame(listed: JobSnapshot, submitted: HttpRequest): boolean | undefined;
    /** Where the next page begins, if there is one. */
    next?(body: unknown): string | undefined;
    /** The host does not mind the list being used to poll many jobs at once. */
    readonly bulk?: boolean;
  };
  /** Present when the host reports refunds elsewhere than in the job. */
  readonly refunds?: {
    toRequest(jobId: string): HttpRequest;
    parse(body: unknown, jobId: string): JobSnapshot['refund'];
  };
  /** Present when reference pictures must be uploaded first, because the host takes only URLs. */
  readonly upload?: { readonly path: string; readonly field: string; parse(body: unknown): string | undefined };
  /** Present when the host says for free what a request would cost. */
  readonly quote?: { toRequest(request: NativeRequest): HttpRequest; parse(body: unknown): Cost | undefined };
  /** A free request that needs the key: answers whether account and host are well. */
  readonly probe: HttpRequest;
}
