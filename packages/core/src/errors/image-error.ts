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
  | 'ledger_unavailable'
  | 'job_not_found'
  | 'not_saved';

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

/** The one error of imageport. What each `code` means stands in `errorTraits`. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ErrorCode;
  /** Whether money was spent on what failed. `'yes'` always comes with a `job`. */
  readonly billed: Billed;
  readonly stage: Stage;
  readonly reason?: Reason;
  readonly provider?: string;
  readonly model?: string;
  readonly job?: Job;
  readonly intentId?: string;
  /** The host's correlation id, for its support. */
  readonly requestId?: string;
  readonly httpStatus?: number;
  /** Milliseconds the host asked to wait. */
  readonly retryAfter?: number;
  /** Jobs of the host that could be the lost one of a `submission_unknown`. */
  readonly candidates?: readonly Job[];
  /** What was tried, in order. */
  readonly attempts: readonly Attempt[];

  constructor(options: ImageErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: describeCause(options.cause) });
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

  /** A paid job is still there: `waitForImage` with `job` can bring the picture. */
  get resumable(): boolean {
    return this.billed === 'yes' && this.job !== undefined && !finalCodes.includes(this.code);
  }

  /** Recognises an ImageError also when it comes from another copy of the package. */
  static is(value: unknown): value is ImageError {
    return typeof value === 'object' && value !== null && brand in value;
  }

  /** The same error with more known about it. */
  with(more: Partial<ImageErrorOptions>): ImageError {
    const copy = new ImageError({ ...this, message: this.message, cause: this.cause, ...more });
    if (this.stack !== undefined) copy.stack = this.stack;
    return copy;
  }

  toJSON(): object {
    return { ...this, message: this.message, retryable: this.retryable, resumable: this.resumable };
  }
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

/** A raw error, Request or Response can hold the key in its headers: only these three facts are kept. */
function describeCause(cause: unknown): unknown {
  if (!(cause instanceof Error)) return isDescribed(cause) ? cause : undefined;
  const root = innermost(cause);
  const fact = (key: 'code' | 'syscall'): Record<string, string> => {
    const value: unknown = (root as { code?: unknown; syscall?: unknown })[key];
    return typeof value === 'string' ? { [key]: value } : {};
  };
  return { name: root.name, ...fact('code'), ...fact('syscall') };
}

const isDescribed = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && Object.keys(cause).every((key) => causeFacts.includes(key));
const causeFacts = ['name', 'code', 'syscall'];

/** The network's own error code, however deep fetch has wrapped it. */
export function networkCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? (innermost(error) as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function innermost(error: Error, depth = 0): Error {
  return error.cause instanceof Error && depth < 8 ? innermost(error.cause, depth + 1) : error;
}
