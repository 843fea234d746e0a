import type { ErrorCode, Reason } from '../errors/error-traits.ts';
import { ImageError } from '../errors/image-error.ts';
import type { Intent, LedgerEvent, LedgerRecord } from './facts.ts';
import { sortKeys } from './fingerprint.ts';
import { foldRecord } from './reduce.ts';

/** The id under which a hedge stands in the ledger: an intent of its own, so that the job that loses is not lost. */
export const hedgeId = (intentId: string): string => `${intentId}#hedge`;
export const isHedge = ({ id }: Intent): boolean => id.endsWith('#hedge');

/** What a ledger knows when an event shall be appended. */
export interface AppendCase {
  readonly record: LedgerRecord;
  readonly event: LedgerEvent;
  /** The fence is that of the newest claim. */
  readonly isFresh: boolean;
  /** The number of events that the writer knows of. */
  readonly length?: number | undefined;
  /** Whose job it is, for an `accepted`: the intent's id, or undefined while it is nobody's. A hedge's is its call's too. */
  readonly owner?: string | undefined;
}

/**
 * Whether an event may be written: `write` it, or it is `written` already. Throws what the writer must know:
 * `ledger_stale`, `ledger_conflict` or `job_taken`. Pure, and the same for every ledger.
 */
export function judgeAppend({ record, event, isFresh, length, owner }: AppendCase): 'write' | 'written' {
  const { intent, events } = record;
  if (event.type === 'accepted' && owner !== undefined) {
    if (owner === intent.id && events.some((each) => isSame(each, event))) return 'written';
    const isOurs = owner === intent.id || owner === hedgeId(intent.id);
    if (!isOurs) throw refusal('job_taken', `job ${event.job.id} belongs to intent "${owner}" already`);
  }
  // An answer, or that nothing left, is proof whoever brings it: it adds to the record and overwrites nothing.
  const isProof =
    event.type === 'rejected' || event.type === 'unsent' || (event.type === 'accepted' && event.proof !== 'count');
  if (isProof && event.send !== undefined) {
    if (events.some((each) => isSame(each, event))) return 'written';
    const send = foldRecord(record).sends.find(({ token }) => token === event.send);
    // A person may have adopted a job for this send that was another's. After a count the others take what is left over.
    const isCounted = events.some(
      (each) => each.type === 'accepted' && each.send === event.send && each.proof === 'count',
    );
    if (send && (event.type === 'accepted' ? isFresh || !isCounted : !send.end)) return 'write';
  }
  if (length !== undefined && events[length] && isSame(events[length], event)) return 'written';
  if (!isFresh) throw staleFence(intent.id);
  if (length !== undefined && length !== events.length) {
    throw refusal('ledger_conflict', `"${intent.id}" has ${events.length} events, not ${length}`);
  }
  return 'write';
}

const isSame = (one: LedgerEvent, other: LedgerEvent): boolean =>
  one === other || (one.type === other.type && textOf(one) === textOf(other));

/** A store may give the members of an event back in another order. */
const textOf = (event: LedgerEvent): string => JSON.stringify(sortKeys(event));

/** Another process has taken the intent over: whoever holds the old fence must stop. */
export const staleFence = (intentId: string): ImageError =>
  refusal('ledger_stale', `"${intentId}" is held by somebody else`);

export const unknownIntent = (intentId: string): ImageError =>
  refusal('unknown_intent', `there is no intent "${intentId}"`, 'not_found');

const refusal = (reason: Reason, problem: string, code: ErrorCode = 'unavailable'): ImageError =>
  new ImageError({
    code,
    reason,
    message: `The ledger refused: ${problem}`,
    billed: 'no',
    stage: 'ledger',
  });
