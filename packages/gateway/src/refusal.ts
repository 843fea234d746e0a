/** What a client is told of a failure, in the form that OpenAI's SDKs read. */
export interface Failure {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  /** The field of the request that is wrong. */
  readonly param?: string | undefined;
  /** The same request again can succeed, and cannot pay twice. */
  readonly retry?: boolean | undefined;
  /** Milliseconds to wait before that. */
  readonly retryAfter?: number | undefined;
}

const badRequest = [400, 'invalid_request_error'] as const;

/** What the gateway refuses by itself, before anything is spent: status and type by code. */
const refusals = {
  invalid_body: badRequest,
  missing_required_parameter: badRequest,
  unknown_parameter: badRequest,
  unsupported_parameter: badRequest,
  unsupported_value: badRequest,
  invalid_value: badRequest,
  price_unknown: badRequest,
  invalid_api_key: [401, 'authentication_error'],
  insufficient_quota: [402, 'insufficient_quota'],
  forbidden_origin: [403, 'permission_error'],
  model_not_found: [404, 'invalid_request_error'],
  unknown_url: [404, 'invalid_request_error'],
  file_not_found: [404, 'invalid_request_error'],
  method_not_allowed: [405, 'invalid_request_error'],
  file_expired: [410, 'invalid_request_error'],
  request_too_large: [413, 'invalid_request_error'],
  unsupported_media_type: [415, 'invalid_request_error'],
  rate_limit_exceeded: [429, 'rate_limit_error'],
} as const satisfies Record<string, readonly [number, string]>;

export type RefusalCode = keyof typeof refusals;

/** Thrown inside the gateway; a client gets its `failure`. */
export class Refusal extends Error {
  readonly failure: Failure;

  constructor(code: RefusalCode, message: string, more: Pick<Failure, 'param' | 'retry' | 'retryAfter'> = {}) {
    super(message);
    const [status, type] = refusals[code];
    this.failure = { status, type, code, message, ...more };
  }
}
