import type { ErrorCode } from './error-traits.ts';
import type { Reason } from './image-error.ts';

/**
 * What an answer to a submit means for money.
 * - `accepted`: the host has a job; it is paid. Go on with it.
 * - `not_accepted`: nothing was accepted; the same request may be sent again.
 * - `refused`: nothing was accepted, and asking again would not help.
 * - `ambiguous`: nobody knows. Never send it again without a key.
 */
export type Verdict = 'accepted' | 'not_accepted' | 'refused' | 'ambiguous';

/** What is known of a submit once it ended. */
export interface SubmitFacts {
  readonly sent: 'yes' | 'no' | 'unknown';
  /** An idempotency key went with it. */
  readonly keyed: boolean;
  /** The answer names a job. */
  readonly hasJob: boolean;
  /** HTTP status; absent when no answer came. */
  readonly status?: number | undefined;
  /** The status that the body itself reports. */
  readonly envelopeCode?: number | undefined;
  /** The network's error code when no answer came. */
  readonly networkCode?: string | undefined;
}

export interface Classification {
  readonly verdict: Verdict;
  readonly code: ErrorCode;
  readonly reason?: Reason;
}

interface Rule extends Classification {
  /** Statuses, or ranges of them. */
  readonly on: readonly (number | readonly [number, number])[];
  /** Only with an idempotency key, or only without. */
  readonly keyed?: boolean;
}

const refusal = (code: ErrorCode, ...on: Rule['on']): Rule => ({ on, verdict: 'refused', code });
const ambiguous = { verdict: 'ambiguous', code: 'submission_unknown' } as const;

/** What each status of an answer without a job means. The first rule that fits decides; no rule: ambiguous. */
export const statusRules: readonly Rule[] = [
  { on: [303], ...ambiguous, reason: 'unexpected_redirect' },
  { on: [[300, 399]], verdict: 'refused', code: 'invalid_response', reason: 'unexpected_redirect' },
  { on: [409], keyed: true, ...ambiguous },
  { on: [422], keyed: true, ...ambiguous, reason: 'idempotency_mismatch' },
  refusal('unauthenticated', 401, 403),
  refusal('insufficient_credit', 402),
  refusal('not_found', 404),
  { on: [408], ...ambiguous },
  { on: [421, 425], verdict: 'not_accepted', code: 'unavailable' },
  { on: [429], verdict: 'not_accepted', code: 'rate_limited' },
  refusal('invalid_request', [400, 499]),
];

/** Certificates that cannot be trusted: asking again or elsewhere would hide an attack. */
const certificateProblems = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/;

/** Reads what a submit did. Pure and total; in doubt it is ambiguous, because doubt must not cost money. */
export function classifySubmit(facts: SubmitFacts): Classification {
  if (facts.hasJob) return { verdict: 'accepted', code: 'invalid_response' };
  if (facts.status === undefined) return classifySilence(facts);
  const status = effectiveStatus(facts.status, facts.envelopeCode);
  const rule = statusRules.find((each) => fits(each, status, facts.keyed));
  if (!rule) return ambiguous;
  const { verdict, code, reason } = rule;
  return reason ? { verdict, code, reason } : { verdict, code };
}

function classifySilence({ networkCode, sent }: SubmitFacts): Classification {
  if (certificateProblems.test(networkCode ?? '')) {
    return { verdict: 'refused', code: 'unavailable', reason: 'untrusted_certificate' };
  }
  return sent === 'no' ? { verdict: 'not_accepted', code: 'unavailable' } : ambiguous;
}

/** A body may report its own status inside an HTTP 200. */
export function effectiveStatus(status: number, envelopeCode: number | undefined): number {
  return status < 300 && envelopeCode !== undefined && envelopeCode >= 300 ? envelopeCode : status;
}

function fits({ on, keyed }: Rule, status: number, withKey: boolean): boolean {
  if (keyed !== undefined && keyed !== withKey) return false;
  return on.some((each) => (typeof each === 'number' ? each === status : each[0] <= status && status <= each[1]));
}

/** What a look that brought no job means: look again, or stop because looking again cannot help. */
export type LookVerdict = 'again' | 'missing' | 'gone' | 'unauthenticated';

/** Reads the status of a failed look. Looking is free, so only what cannot heal ends it. */
export function classifyLook(status: number | undefined): LookVerdict {
  if (status === 401 || status === 403) return 'unauthenticated';
  if (status === 404) return 'missing';
  if (status === 410) return 'gone';
  return 'again';
}
