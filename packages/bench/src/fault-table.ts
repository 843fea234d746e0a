/** A step of a generation that can go wrong. */
export type Phase = 'submit' | 'poll' | 'download';

export type How =
  /** Nothing listens at the address. */
  | { readonly kind: 'refused' }
  /** The request takes effect; then the connection is reset. */
  | { readonly kind: 'reset' }
  /** The request takes effect; no answer ever comes. */
  | { readonly kind: 'hang' }
  /** This status instead of the answer. `accepted`: a submit takes effect all the same. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number; readonly accepted: boolean }
  /** The request takes effect; the answer is a 200 that is not JSON. */
  | { readonly kind: 'garbage' }
  /** The request takes effect; the true answer comes at one byte a second. */
  | { readonly kind: 'drip' }
  /** The accepted job completes without a picture. */
  | { readonly kind: 'empty' };

/** One abstract fault, the same for every protocol. It hits the first `times` requests of its phase; later ones work. */
export interface Fault {
  readonly id: string;
  readonly name: string;
  readonly phase: Phase;
  readonly times: number;
  readonly how: How;
}

const fault = (id: string, name: string, phase: Phase, how: How, times = 1): Fault => ({ id, name, phase, how, times });
const status = (code: number): How => ({ kind: 'status', status: code, accepted: true });

export const faults: readonly Fault[] = [
  fault('submit-reset', 'answer to submit lost (reset after accept)', 'submit', { kind: 'reset' }),
  fault('submit-reset-always', 'every answer to submit lost', 'submit', { kind: 'reset' }, Number.POSITIVE_INFINITY),
  fault('submit-503', 'submit 503 after accept', 'submit', status(503)),
  fault('submit-504', 'submit 504 after accept', 'submit', status(504)),
  fault('submit-hang', 'submit accepted, no headers ever', 'submit', { kind: 'hang' }),
  fault('submit-garbage', 'submit accepted, garbage with 200', 'submit', { kind: 'garbage' }),
  fault('submit-drip', 'submit accepted, body drips for ever', 'submit', { kind: 'drip' }),
  fault('poll-503', 'one poll 503', 'poll', status(503)),
  fault('poll-503-thrice', 'three polls 503', 'poll', status(503), 3),
  fault('poll-reset', 'one poll reset', 'poll', { kind: 'reset' }),
  fault('download-503', 'download 503', 'download', status(503)),
  fault('empty', 'completed with no images', 'submit', { kind: 'empty' }),
  fault('submit-429', 'submit 429, Retry-After 2 (not accepted)', 'submit', {
    kind: 'status',
    status: 429,
    retryAfter: 2,
    accepted: false,
  }),
  fault('refused', 'connection refused', 'submit', { kind: 'refused' }, Number.POSITIVE_INFINITY),
];
