import type { Ledger } from './ledger.ts';
import { foldRecord } from './reduce.ts';
import { inDoubt } from './state.ts';

/** An intent and who holds it. */
export interface Held {
  readonly id: string;
  readonly owner: string;
}

/**
 * Writes what happened to a hedge under its call's own id and closes the hedge: the same id asked for again must find
 * that job and never pay anew. The fence of the own intent, or undefined where somebody else holds one of the two.
 */
export async function move(ledger: Ledger, from: Held, to: Held, lease: number): Promise<number | undefined> {
  const source = await again(() => ledger.claim(from.id, from.owner, lease));
  const target = source && (await again(() => ledger.claim(to.id, to.owner, lease)));
  if (!source || !target) return undefined;
  const { attempts } = foldRecord(target.record);
  let length = target.record.events.length;
  for (const event of source.record.events) {
    if (event.type === 'delivered') continue;
    const moved = event.type === 'sending' ? { ...event, attempt: event.attempt + attempts } : event;
    const at = length;
    await again(() => ledger.append(to.id, target.fence, moved, at));
    length += 1;
  }
  const at = Date.now();
  // Its open sends are on the books of the own intent now, and searched for there.
  if (inDoubt(foldRecord(source.record)).length > 0)
    await again(() => ledger.append(from.id, source.fence, { type: 'resolved', at }));
  await again(() => ledger.append(from.id, source.fence, { type: 'delivered', at }));
  await ledger.claim(from.id, from.owner, 0).catch(() => null);
  return target.fence;
}

/** A reply may be lost: what was done already is not done twice. */
const again = <T>(work: () => Promise<T>): Promise<T> => work().catch(() => work());
