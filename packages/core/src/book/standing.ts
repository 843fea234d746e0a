import type { LedgerRecord } from '../ledger/facts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { foldRecord } from '../ledger/reduce.ts';
import { billedOf, phaseOf } from '../ledger/state.ts';
import { claimed, idsOf } from './acknowledge.ts';

/**
 * What a ledger says of an intent. `absent`: never seen. `free`: it cost nothing and may be made anew. `open`: paid, or
 * perhaps paid, and not handed over. `held`: somebody is at work on it. `handed`: the caller had it.
 */
export type Standing = 'absent' | 'free' | 'open' | 'held' | 'handed';

/** How the intents of a call stand, taken together. */
export async function standingOf(ledger: Ledger, intentId: string, n: number): Promise<Standing> {
  const all = await Promise.all(idsOf(intentId, n).map((id) => ask(ledger, id)));
  return (['held', 'open', 'handed', 'free'] as const).find((each) => all.includes(each)) ?? 'absent';
}

/** Milliseconds for which looking at an intent keeps others from it. */
const glance = 1_000;

async function ask(ledger: Ledger, id: string): Promise<Standing> {
  if (ledger.read && (await ledger.read(id)) === undefined) return 'absent';
  const owner = crypto.randomUUID();
  const claim = await claimed(ledger, id, { owner, duration: glance });
  if (claim === undefined) return 'absent';
  if (claim === null) return 'held';
  await ledger.claim(id, owner, 0).catch(() => undefined);
  return readRecord(claim.record);
}

function readRecord(record: LedgerRecord): Standing {
  const state = foldRecord(record);
  if (phaseOf(state) === 'delivered') return 'handed';
  return billedOf(state) === 'no' ? 'free' : 'open';
}
