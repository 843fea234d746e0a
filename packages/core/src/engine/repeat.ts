import type { Refusal } from './refusal.ts';
import type { Submission } from './run.ts';

/** A repeat that starts later could not be answered in time. */
export const leastTime = 5_000;
const longestWait = 120_000;
const firstBackoff = 250;
const longestBackoff = 8_000;
const mostRepeats = { accepted: 0, refused: 0, not_accepted: 2, ambiguous: 3 } as const;

/** Milliseconds to wait before the same request goes out again, or undefined when it must not. */
export function repeatDelay(submission: Submission, refusal: Refusal, repeats: number): number | undefined {
  const { key, state, hasNext, host, run } = submission;
  const { verdict } = refusal.classification;
  if (repeats >= mostRepeats[verdict] || refusal.failure.reason === 'idempotency_mismatch') return undefined;
  if (verdict === 'not_accepted' && hasNext && !state.doubt) return undefined;
  if (state.doubt && !keyIsGood(submission)) return undefined;
  if (!state.doubt && host.breaker.state() === 'open') return undefined;
  const wish = refusal.failure.retryAfter ?? 0;
  const delay = Math.max(wish, fullJitter(repeats));
  if (wish > longestWait || delay > run.deadline.remaining() - leastTime) return undefined;
  return key !== undefined || host.retries.spend() ? delay : undefined;
}

/** The host forgets keys: an hour before that, a repeat would no longer be safe. */
export function keyIsGood({ key, host, since }: Submission): boolean {
  const { idempotency } = host.adapter;
  return key !== undefined && idempotency !== undefined && Date.now() - since < idempotency.lifetime - 3_600_000;
}

/** A random wait below a growing limit, so that a crowd does not come back as a crowd. */
export const fullJitter = (repeats: number): number =>
  Math.random() * Math.min(longestBackoff, firstBackoff * 2 ** repeats);
