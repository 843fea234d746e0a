/** Every way a call can end without an image. Codes survive JSON, queues and HTTP. */
export const errorTraits = {
  invalid_request: {
    meaning: 'the request is invalid',
    next: 'Correct the request',
    retry: false,
    fallback: false,
    http: 400,
    exit: 2,
    reasons: ['intent_conflict', 'other_address'],
  },
  unsupported: {
    meaning: 'this model cannot do what was asked',
    next: 'Change the option or the limit, or choose another model or a route',
    retry: false,
    fallback: true,
    http: 400,
    exit: 2,
    reasons: ['over_budget', 'old_runtime'],
  },
  unauthenticated: {
    meaning: 'the API key is missing or was rejected',
    next: 'Check the API key and its permissions',
    retry: false,
    fallback: true,
    http: 401,
    exit: 3,
    reasons: [],
  },
  insufficient_credit: {
    meaning: 'the account has no credit left',
    next: 'Top up the account',
    retry: false,
    fallback: true,
    http: 402,
    exit: 3,
    reasons: [],
  },
  not_found: {
    meaning: 'the model, job or provider does not exist',
    next: 'Check the id; `imageport models` lists what there is',
    retry: false,
    fallback: true,
    http: 404,
    exit: 2,
    reasons: ['job_not_found', 'unknown_intent'],
  },
  moderated: {
    meaning: 'rejected by content moderation; never retried on another host',
    next: 'Change the prompt or the reference images',
    retry: false,
    fallback: false,
    http: 422,
    exit: 4,
    reasons: ['content_rejected'],
  },
  rate_limited: {
    meaning: 'too many requests',
    next: 'Try again later, at a lower rate',
    retry: true,
    fallback: true,
    http: 429,
    exit: 5,
    reasons: ['queue_full'],
  },
  job_failed: {
    meaning: 'the job was accepted and failed at the host',
    next: 'Try again or choose another model',
    retry: false,
    fallback: true,
    http: 502,
    exit: 5,
    reasons: [],
  },
  invalid_response: {
    meaning: 'the host sent an answer that does not follow its API',
    next: 'Report it to the host, with the request id',
    retry: false,
    fallback: true,
    http: 502,
    exit: 5,
    reasons: ['empty_result', 'output_invalid', 'output_too_large', 'forbidden_address', 'unexpected_redirect'],
  },
  unavailable: {
    meaning: 'the host cannot be reached or has a fault',
    next: 'Try again later, or give a route with another host',
    retry: true,
    fallback: true,
    http: 503,
    exit: 5,
    reasons: [
      'circuit_open',
      'untrusted_certificate',
      'ledger_unavailable',
      'ledger_locked',
      'ledger_stale',
      'ledger_conflict',
      'job_taken',
      'not_saved',
    ],
  },
  submission_unknown: {
    meaning: 'the outcome is unknown: the submit may have been accepted',
    next: "It was not sent again; resume the intent, or check the host's job list before submitting anew",
    retry: false,
    fallback: false,
    http: 504,
    exit: 6,
    reasons: ['idempotency_mismatch', 'unexpected_redirect'],
  },
  timeout: {
    meaning: 'timed out; a job that was accepted may still finish',
    next: 'If there is a `job`, wait for it again instead of submitting anew',
    retry: false,
    fallback: false,
    http: 504,
    exit: 6,
    reasons: [],
  },
  result_expired: {
    meaning: 'the job is paid and finished, but the host has removed the files',
    next: 'Download images soon after they are made',
    retry: false,
    fallback: false,
    http: 410,
    exit: 7,
    reasons: [],
  },
} as const satisfies Record<string, ErrorTraits>;

export type ErrorCode = keyof typeof errorTraits;

/** A finer name for a condition inside a code, for programs that must tell them apart. */
export type Reason<Code extends ErrorCode = ErrorCode> = (typeof errorTraits)[Code]['reasons'][number];

export interface ErrorTraits {
  readonly meaning: string;
  /** What the caller can do. */
  readonly next: string;
  /** The same request could succeed later. `billed` says whether repeating it is safe. */
  readonly retry: boolean;
  /** Another model could help. `billed` says whether going there is safe. */
  readonly fallback: boolean;
  /** HTTP status for a server that passes the error on. */
  readonly http: number;
  /** Exit code of the command line. */
  readonly exit: number;
  /** The finer names that an error of this code can have as its `reason`. */
  readonly reasons: readonly string[];
}
