/** Every way a call can end without a picture. Codes survive JSON, queues and HTTP. */
export const errorTraits = {
  invalid_request: {
    meaning: "the caller's fault",
    next: 'Correct the request',
    retry: false,
    fallback: false,
    http: 400,
    exit: 2,
  },
  unsupported: {
    meaning: 'this model cannot honour an option',
    next: 'Drop the option, choose another model or a route',
    retry: false,
    fallback: true,
    http: 400,
    exit: 2,
  },
  unauthenticated: {
    meaning: 'key missing or refused',
    next: 'Check the API key and what its role may do',
    retry: false,
    fallback: true,
    http: 401,
    exit: 3,
  },
  insufficient_credit: {
    meaning: 'the account is empty',
    next: 'Top up the account',
    retry: false,
    fallback: true,
    http: 402,
    exit: 3,
  },
  not_found: {
    meaning: 'model, job or provider unknown',
    next: 'Check the id; `imageport models` lists what there is',
    retry: false,
    fallback: true,
    http: 404,
    exit: 2,
  },
  moderated: {
    meaning: 'refused for content; never shopped around',
    next: 'Change the prompt or the reference pictures',
    retry: false,
    fallback: false,
    http: 422,
    exit: 4,
  },
  rate_limited: {
    meaning: 'asked too often',
    next: 'Try again later, slower',
    retry: true,
    fallback: true,
    http: 429,
    exit: 5,
  },
  job_failed: {
    meaning: 'the host tried and failed',
    next: 'Ask again or choose another model',
    retry: false,
    fallback: true,
    http: 502,
    exit: 5,
  },
  invalid_response: {
    meaning: 'the host broke its contract',
    next: 'Report it to the host with the request id',
    retry: false,
    fallback: true,
    http: 502,
    exit: 5,
  },
  unavailable: {
    meaning: 'the host cannot be reached or is in trouble',
    next: 'Try again later, or give a route with another host',
    retry: true,
    fallback: true,
    http: 503,
    exit: 5,
  },
  submission_unknown: {
    meaning: 'sent, and nobody knows whether it was accepted',
    next: "It was not sent again; resume the intent or look at the host's job list before asking anew",
    retry: false,
    fallback: false,
    http: 504,
    exit: 6,
  },
  timeout: {
    meaning: 'the time was over; a job that was accepted may still finish',
    next: 'If there is a `job`, wait for it again instead of asking anew',
    retry: false,
    fallback: false,
    http: 504,
    exit: 6,
  },
  result_expired: {
    meaning: 'paid, finished, files gone',
    next: 'Fetch pictures soon after they are made',
    retry: false,
    fallback: false,
    http: 410,
    exit: 7,
  },
} as const satisfies Record<string, ErrorTraits>;

export type ErrorCode = keyof typeof errorTraits;

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
}
