// What a browser is told of a failure. No message of an error goes out: it may name your account, a job or what the host said.
import { type Billed, type ErrorCode, errorTraits, ImageError } from '@imageport/core';

export interface Failure {
  readonly code: ErrorCode | 'refused' | 'internal' | 'lost';
  readonly message: string;
  /** Whether money was spent. */
  readonly billed: Billed;
  /** The same request under the same key may still bring the picture, without a second payment. */
  readonly again: boolean;
}

/** The request of a browser is wrong. Its message is shown, and nothing was spent. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Troubles of your account are not the visitor's: a browser that gets a 401 would ask them for a password. */
const ours: Partial<Record<ErrorCode, number>> = { unauthenticated: 503, insufficient_credit: 503, not_found: 503 };
/** Asking again for these brings no picture. */
const final: readonly ErrorCode[] = ['invalid_request', 'unsupported', 'moderated', 'job_failed', 'result_expired'];

/** The status and the body to answer with, whatever was thrown. */
export function toFailure(error: unknown): { status: number; failure: Failure; headers: Record<string, string> } {
  const headers = { 'cache-control': 'no-store' };
  if (!ImageError.is(error)) return { ...ofOther(error), headers };
  const { code, reason, billed, retryAfter } = error;
  const message = ours[code] ? errorTraits.unavailable.meaning : errorTraits[code].meaning;
  return {
    status: reason === 'intent_conflict' ? 409 : (ours[code] ?? errorTraits[code].http),
    failure: { code: ours[code] ? 'unavailable' : code, message, billed, again: !final.includes(code) },
    headers: retryAfter ? { ...headers, 'retry-after': `${Math.ceil(retryAfter / 1000)}` } : headers,
  };
}

/** A framework's own refusal, such as of a body that is too large, keeps its status. */
function ofOther(error: unknown): { status: number; failure: Failure } {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (!(status >= 400 && status < 500)) {
    return { status: 500, failure: { code: 'internal', message: 'something broke', billed: 'unknown', again: true } };
  }
  const message = error instanceof Refused ? error.message : 'the request cannot be read';
  return { status, failure: { code: 'refused', message, billed: 'no', again: false } };
}

export function toResponse(error: unknown): Response {
  const { status, failure, headers } = toFailure(error);
  return Response.json(failure, { status, headers });
}
