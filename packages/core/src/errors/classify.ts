import type { ErrorCode, Reason } from './error-traits.ts';

/**
 * What an answer to a submit means for money.
 * - `accepted`: the host has a job; it is paid. Go on with it.
 * - `not_accepted`: nothing was accepted; the same request may be sent again.
 * - `refused`: nothing was accepted, and asking again would not help.
 * - `ambiguous`: it may have been accepted. Never send it again without a key.
 */
export type Verdict = 'accepted' | 'not_accepted' | 'refused' | 'ambiguous';

/** What is known of a submit once it ended. */
export interface SubmitFacts {
  readonly sent: 'yes' | 'no' | 'unknown';
  /** An idempotency key went with it. */
  readonly keyed: boolean;
  /** The answer contains a job id. */
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
  /** Rows of the fault table (`@imageport/core/testing`) that this rule decides. */
  readonly rows: readonly string[];
  /** `no`: no answer came. `unsent`: nor was the request written. `untrusted`: the certificate was refused. */
  readonly answer?: 'job' | 'no' | 'unsent' | 'untrusted';
  /** Statuses, or ranges of them. */
  readonly on?: readonly (number | readonly [number, number])[];
  /** Only with an idempotency key. */
  readonly keyed?: true;
}

const ambiguous = { verdict: 'ambiguous', code: 'submission_unknown' } as const;
const refused = { verdict: 'refused' } as const;
const notAccepted = { verdict: 'not_accepted' } as const;

/** What each way a submit can end means. The first rule that fits decides; the last one fits everything. */
export const submitRules: readonly Rule[] = [
  { rows: ['S11', 'S12'], answer: 'job', verdict: 'accepted', code: 'invalid_response' },
  { rows: ['S2'], answer: 'untrusted', ...refused, code: 'unavailable', reason: 'untrusted_certificate' },
  { rows: ['S1', 'S3', 'S4'], answer: 'unsent', ...notAccepted, code: 'unavailable' },
  { rows: ['S5', 'S6', 'S7', 'S26', 'S27'], answer: 'no', ...ambiguous },
  { rows: ['S13b'], on: [303], ...ambiguous, reason: 'unexpected_redirect' },
  { rows: ['S13'], on: [[300, 399]], ...refused, code: 'invalid_response', reason: 'unexpected_redirect' },
  { rows: ['S19'], on: [409], keyed: true, ...ambiguous },
  { rows: ['S20'], on: [422], keyed: true, ...ambiguous, reason: 'idempotency_mismatch' },
  { rows: ['S15'], on: [401, 403], ...refused, code: 'unauthenticated' },
  { rows: ['S16'], on: [402], ...refused, code: 'insufficient_credit' },
  { rows: ['S17'], on: [404], ...refused, code: 'not_found' },
  { rows: ['S18'], on: [408], ...ambiguous },
  { rows: ['S21'], on: [421, 425], ...notAccepted, code: 'unavailable' },
  { rows: ['S22', 'S23'], on: [429], ...notAccepted, code: 'rate_limited' },
  { rows: ['S14', 'S10'], on: [[400, 499]], ...refused, code: 'invalid_request' },
  { rows: ['S8', 'S9', 'S24', 'S25'], ...ambiguous },
];

/** Certificates that cannot be trusted: asking again or elsewhere would hide an attack. */
const certificateProblems = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/;

/** Reads what a submit did. Pure and total; in doubt it is ambiguous, because doubt must not cost money. */
export function classifySubmit(facts: SubmitFacts): Classification {
  const rule = submitRules.find((each) => fits(each, facts)) ?? ambiguous;
  const { verdict, code } = rule;
  return 'reason' in rule && rule.reason ? { verdict, code, reason: rule.reason } : { verdict, code };
}

function fits({ answer, on, keyed }: Rule, facts: SubmitFacts): boolean {
  if (keyed && !facts.keyed) return false;
  if (answer) return answers(facts).includes(answer);
  if (facts.status === undefined) return false;
  const status = effectiveStatus(facts.status, facts.envelopeCode);
  return (
    on?.some((each) => (typeof each === 'number' ? each === status : each[0] <= status && status <= each[1])) ?? true
  );
}

function answers({ hasJob, status, sent, networkCode = '' }: SubmitFacts): NonNullable<Rule['answer']>[] {
  if (hasJob) return ['job'];
  if (status !== undefined) return [];
  // After the request was written, a certificate alert comes too late to prove anything.
  if (sent !== 'yes' && certificateProblems.test(networkCode)) return ['untrusted'];
  return sent === 'no' ? ['unsent'] : ['no'];
}

/** A body may report its own status inside an HTTP 200. */
export function effectiveStatus(status: number, envelopeCode: number | undefined): number {
  return status < 300 && envelopeCode !== undefined && envelopeCode >= 300 ? envelopeCode : status;
}

/** What a poll that brought no job means: poll again, or stop because polling again cannot help. */
export type PollVerdict = 'again' | 'missing' | 'gone' | 'unauthenticated';

/** Reads the status of a failed poll. Polling is free, so only what cannot heal ends it. */
export function classifyPoll(status: number | undefined): PollVerdict {
  if (status === 401 || status === 403) return 'unauthenticated';
  if (status === 404) return 'missing';
  if (status === 410) return 'gone';
  return 'again';
}
