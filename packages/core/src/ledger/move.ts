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
  const source = await ledger.claim(from.id, from.owner, lease);
  const target = source && (await ledger.claim(to.id, to.owner, lease));
  if (!source || !target) return undefined;
  const { attempts } = foldRecord(target.record);
  for (const event of source.record.events) {
    if (event.type === 'delivered') continue;
    const moved = event.type === 'sending' ? { ...event, attempt: event.attempt + attempts } : event;
    await ledger.append(to.id, target.fence, moved);
  }
  const at = Date.now();
  // Its open sends are on the books of the own intent now, and searched for there.
  if (inDoubt(foldRecord(source.record)).length > 0)
    await ledger.append(from.id, source.fence, { type: 'resolved', at });
  await ledger.append(from.id, source.fence, { type: 'delivered', at });
  await ledger.claim(from.id, from.owner, 0);
  return target.fence;
}
