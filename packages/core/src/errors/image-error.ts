import type { Job } from '../contract/job.ts';
import type { Attempt, Billed } from '../contract/result.ts';
import { describeCause } from './cause.ts';
import { type ErrorCode, errorTraits, type Reason } from './error-traits.ts';

/** Where in a call the error arose. */
export type Stage = 'prepare' | 'submit' | 'poll' | 'download' | 'ledger' | 'webhook';

export interface ImageErrorOptions<Code extends ErrorCode = ErrorCode> {
  readonly code: Code;
  readonly message: string;
  /** `'yes'` needs a `job`: without one it is taken as `'unknown'`. */
  readonly billed: Billed;
  readonly stage: Stage;
  readonly reason?: Reason<Code> | undefined;
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

/** What every error has, whatever its `code` and `billed`. */
class AnyImageError extends Error {
  override readonly name = 'ImageError';
  /** What went wrong, from the table `errorTraits`. It narrows `reason` and `candidates`. */
  readonly code: ErrorCode;
  /** Whether money was spent on what failed. It narrows `job`: `'yes'` always comes with one. */
  readonly billed: Billed;
  /** Where in the call it arose. */
  readonly stage: Stage;
  /** A finer name for the condition, where the code has several. */
  declare readonly reason?: Reason;
  /** The host that it is about. */
  declare readonly provider?: string;
  /** The model id that it is about, as it was given. */
  declare readonly model?: string;
  /** The job that is paid, or may be: `waitForImage` goes on with it where the error is `resumable`. */
  declare readonly job?: Job;
  /** Under which id the request stands in the ledger: the same id again never pays twice. */
  declare readonly intentId?: string;
  /** The host's correlation id, for its support. */
  declare readonly requestId?: string;
  /** The status of the answer, where one came. */
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
    // Who cannot name the job does not know of one.
    this.billed = options.billed === 'yes' && options.job === undefined ? 'unknown' : options.billed;
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
    return this.billed === 'yes' && !finalCodes.includes(this.code);
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

// Node prints it of an uncaught error, whatever a bundler makes of the name above.
Object.defineProperty(AnyImageError, 'name', { value: 'ImageError' });

/** What belongs to a code: its reasons, and the candidates of an outcome that is unknown. */
type OfCode<Code extends ErrorCode> = Code extends ErrorCode
  ? {
      readonly code: Code;
      readonly reason?: Reason<Code>;
      readonly candidates?: Code extends 'submission_unknown' ? readonly Job[] : never;
    }
  : never;

/** What belongs to `billed`: who says that money was spent names the job. */
type OfBilled = { readonly billed: 'yes'; readonly job: Job } | { readonly billed: 'no' | 'unknown' };

/**
 * The one error of imageport; what each `code` means is in `errorTraits`. A union, so that a test of one member narrows the
 * others: `error.billed === 'yes'` means that there is a `job`, and `error.code` says which `reason` there can be.
 */
export type ImageError<Code extends ErrorCode = ErrorCode> = AnyImageError & OfCode<Code> & OfBilled;

/** Makes and recognises the one error of imageport. It is not extended: `code` and `reason` tell errors apart. */
export const ImageError = AnyImageError as unknown as {
  readonly prototype: ImageError;
  new <const Code extends ErrorCode>(options: ImageErrorOptions<Code>): ImageError<Code>;
  /** Recognises an ImageError also when it comes from another copy of the package. */
  is(value: unknown): value is ImageError;
};

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
