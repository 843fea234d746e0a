import { type ErrorCode, errorTraits, ImageError } from '@imageport/core';
import { type Failure, Refusal } from './refusal.ts';

/** How an outcome of a call is told: status, type and code, and whether the client may repeat it. */
interface Row {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  /** `free`: where repeating costs nothing, such as waiting on for a paid job. */
  readonly retry: 'free' | 'never';
}

const row = (status: number, type: string, code: string, retry: Row['retry'] = 'never'): Row => ({
  ...{ status, type, code, retry },
});
const badRequest = 'invalid_request_error';
const upstream = 'upstream_error';

/** By code of the error. A budget that is empty is no 429, which every client would repeat. */
const rows: Readonly<Record<ErrorCode, Row>> = {
  invalid_request: row(400, badRequest, 'invalid_value'),
  unsupported: row(400, badRequest, 'unsupported_value'),
  unauthenticated: row(502, upstream, 'upstream_unauthenticated'),
  insufficient_credit: row(402, 'insufficient_quota', 'insufficient_quota'),
  not_found: row(404, badRequest, 'model_not_found'),
  moderated: row(400, 'image_generation_user_error', 'moderation_blocked'),
  rate_limited: row(429, 'rate_limit_error', 'rate_limit_exceeded', 'free'),
  unavailable: row(503, upstream, 'unavailable', 'free'),
  timeout: row(504, 'timeout', 'timeout', 'free'),
  submission_unknown: row(504, upstream, 'submission_unknown'),
  job_failed: row(502, upstream, 'job_failed'),
  invalid_response: row(502, upstream, 'invalid_response'),
  result_expired: row(410, upstream, 'result_expired'),
};

/** Conditions inside a code that have an answer of their own. */
const reasons: Readonly<Partial<Record<string, Row>>> = {
  intent_conflict: row(422, badRequest, 'idempotency_mismatch'),
  over_budget: row(400, badRequest, 'over_max_cost'),
};

/** A job that was paid and failed. Nobody repeats a 424, while many clients repeat a 502 whatever its headers say, and would pay again. */
const paidFailure = row(424, upstream, 'job_failed');

const rowOf = ({ code, reason, billed }: ImageError): Row =>
  reasons[reason ?? ''] ?? (code === 'job_failed' && billed !== 'no' ? paidFailure : rows[code]);

const messages: Readonly<Partial<Record<string, string>>> = {
  intent_conflict: 'this Idempotency-Key was used for another request; use a new one for each request',
};

/** The field of a request that core names as one of its options. */
const fieldOf: Readonly<Record<string, string>> = {
  images: 'image',
  outputFormat: 'output_format',
  ...Object.fromEntries(['prompt', 'n', 'size', 'mask'].map((name) => [name, name])),
};
const ownFields = ['aspectRatio', 'resolution', 'seed', 'promptExpansion', 'providerOptions', 'maxCost', 'fit'];

/** Whatever was thrown, as the client is told. What a host said, and what nobody expected, is not passed on. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Refusal) return error.failure;
  if (!ImageError.is(error)) {
    return { status: 500, type: 'server_error', code: 'internal_error', message: 'the gateway failed' };
  }
  const { status, type, code, retry } = rowOf(error);
  return {
    ...{ status, type, code },
    message: messageOf(error),
    param: paramOf(error),
    retry: retry === 'free' && (error.retryable || error.resumable || isUnspent(error)),
    retryAfter: error.retryAfter,
  };
}

/** A call that ended by its deadline before it was sent, or whose ledger did not answer: it is asked first the next time too. */
const isUnspent = ({ code, billed, stage }: ImageError): boolean =>
  stage === 'ledger' || (code === 'timeout' && billed === 'no');

/** Until something is sent, the words are our own; later they quote the host. */
function messageOf(error: ImageError): string {
  const own = messages[error.reason ?? ''];
  if (own !== undefined) return own;
  if (isOurs(error)) return inFields(error.message).replace(/\bhttps?:\/\/\S+/g, '(an address)');
  const { meaning, next } = errorTraits[error.code];
  if (error.resumable) return `${meaning}; the picture is paid, and the same request again waits for it without paying`;
  return `${meaning}. ${hints[error.code] ?? next}`;
}

/** A sentence about the request, made before anything was sent. */
const isOurs = ({ stage, code, reason }: ImageError): boolean =>
  stage === 'prepare' &&
  ['invalid_request', 'unsupported', 'not_found'].includes(code) &&
  (reason === undefined || reason === 'over_budget');

/** What the one who runs the gateway must do is not the client's to do. */
const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  unauthenticated: "The gateway's own key at the host was refused; yours is fine",
  insufficient_credit: "The gateway's account at the host is empty",
  submission_unknown: 'It was not sent again, and the same request again does not send it either',
};

function paramOf({ code, message }: ImageError): string | undefined {
  if (code !== 'invalid_request' && code !== 'unsupported') return undefined;
  const [, option = ''] = /`(\w+)[^`]*`/.exec(message) ?? [];
  return toField(option);
}

const toField = (option: string): string | undefined =>
  Object.hasOwn(fieldOf, option) ? fieldOf[option] : ownFields.includes(option) ? `imageport.${option}` : undefined;

/** Core's names of options, as the fields of a request are called. */
const inFields = (message: string): string =>
  message.replace(/`(\w+)([^`]*)`/g, (whole, option: string, rest: string) => {
    const field = toField(option);
    return field === undefined ? whole : `\`${field}${rest}\``;
  });
