import type { Job } from '../contract/job.ts';
import type { Attempt, Billed } from '../contract/result.ts';
import { type ErrorCode, errorTraits } from './error-traits.ts';

/** Where in a call the error arose. */
export type Stage = 'prepare' | 'submit' | 'poll' | 'download' | 'ledger' | 'webhook';

/** A finer name for a condition inside a code, for programs that must tell them apart. */
export type Reason =
  | 'content_rejected'
  | 'empty_result'
  | 'output_invalid'
  | 'output_too_large'
  | 'forbidden_address'
  | 'unexpected_redirect'
  | 'untrusted_certificate'
  | 'idempotency_mismatch'
  | 'intent_conflict'
  | 'over_budget'
  | 'old_runtime'
  | 'ledger_unavailable'
  | 'ledger_locked'
  | 'ledger_stale'
  | 'ledger_conflict'
  | 'job_taken'
  | 'unknown_intent'
  | 'circuit_open'
  | 'queue_full'
  | 'job_not_found'
  | 'not_saved'
  | 'other_address';

export interface ImageErrorOptions {
  readonly code: ErrorCode;
  readonly message: string;
  readonly billed: Billed;
  readonly stage: Stage;
  readonly reason?: Reason | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly job?: Job | undefined;
  readonly intentId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly retryAfter?: number | undefined;
  readonly candidates?: readonly Job[] | undefined;
  readonly attempts?: readonly Attempt[] | undefined;
  readonly cause?: unknown;
}

const brand = Symbol.for('imageport.ImageError');

/** The one error of imageport. What each `code` means is in `errorTraits`. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ErrorCode;
  /** Whether money was spent on what failed. `'yes'` always comes with a `job`. */
  readonly billed: Billed;
  readonly stage: Stage;
  declare readonly reason?: Reason;
  declare readonly provider?: string;
  declare readonly model?: string;
  declare readonly job?: Job;
  declare readonly intentId?: string;
  /** The host's correlation id, for its support. */
  declare readonly requestId?: string;
  declare readonly httpStatus?: number;
  /** Milliseconds the host asked to wait. */
  declare readonly retryAfter?: number;
  /** Jobs of the host that could be the lost one of a `submission_unknown`. */
  declare readonly candidates?: readonly Job[];
  /** What was tried, in order. */
  readonly attempts: readonly Attempt[];

  constructor(options: ImageErrorOptions) {
    const cause = describeCause(options.cause);
    super(options.message, cause && { cause });
    this.code = options.code;
    this.billed = options.billed;
    this.stage = options.stage;
    this.attempts = options.attempts ?? [];
    for (const name of optionalMembers) {
      if (options[name] !== undefined) Object.assign(this, { [name]: options[name] });
    }
    Object.defineProperty(this, brand, { value: true });
  }

  /** The same request could succeed later, and repeating it cannot pay twice. */
  get retryable(): boolean {
    return errorTraits[this.code].retry && this.billed === 'no';
  }

  /** A paid job is still there: `waitForImage` with `job` can still retrieve the picture. */
  get resumable(): boolean {
    return this.billed === 'yes' && this.job !== undefined && !finalCodes.includes(this.code);
  }

  /** Recognises an ImageError also when it comes from another copy of the package. */
  static is(value: unknown): value is ImageError {
    return typeof value === 'object' && value !== null && brand in value;
  }

  /** The same error with more known about it. */
  with(more: Partial<ImageErrorOptions>): ImageError {
    const copy = create({ ...this, message: this.message, cause: this.cause, ...more });
    if (this.stack !== undefined) copy.stack = this.stack;
    return copy;
  }

  toJSON(): object {
    return { ...this, message: this.message, retryable: this.retryable, resumable: this.resumable };
  }
}

/** A class that names itself in its body is bundled under another name, which Node prints of an uncaught error. */
const create = (options: ImageErrorOptions): ImageError => new ImageError(options);

/** Of several failures the one that cost most, with what became of all of them. */
export function worstOf(failures: readonly ImageError[]): ImageError {
  const [first] = (['yes', 'unknown', 'no'] as const).flatMap((billed) =>
    failures.filter((each) => each.billed === billed),
  );
  if (!first) throw new TypeError('nothing failed');
  return failures.length === 1 ? first : first.with({ attempts: failures.flatMap(({ attempts }) => attempts) });
}

const finalCodes: readonly ErrorCode[] = ['moderated', 'job_failed', 'result_expired'];

const optionalMembers = [
  'reason',
  'provider',
  'model',
  'job',
  'intentId',
  'requestId',
  'httpStatus',
  'retryAfter',
  'candidates',
] as const;

/** A raw error, Request or Response can hold the key in its headers: only these three facts are kept, as texts. */
function describeCause(cause: unknown): object | undefined {
  const facts = isError(cause) ? innermost(cause) : isPlain(cause) ? cause : {};
  const kept = ['name', 'code', 'syscall'].flatMap((key) => {
    const value: unknown = (facts as Record<string, unknown>)[key];
    return typeof value === 'string' ? [[key, value] as const] : [];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** Recognised by tag, because frames and test runners have an `Error` of their own. */
export const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A fact that the network's own error carries, however deep fetch has wrapped it. */
export function networkFact(error: unknown, key: 'code' | 'syscall'): string | undefined {
  const fact: unknown = isError(error) ? (innermost(error) as { code?: unknown; syscall?: unknown })[key] : undefined;
  return typeof fact === 'string' ? fact : undefined;
}

export const networkCode = (error: unknown): string | undefined => networkFact(error, 'code');

function innermost(error: Error, depth = 0): Error {
  return isError(error.cause) && depth < 8 ? innermost(error.cause, depth + 1) : error;
}
