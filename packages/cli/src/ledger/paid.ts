import { billedOf, foldRecord } from '@imageport/core';
import type { LedgerPlace } from './place.ts';
import { readPlace } from './read.ts';

/** Whether every picture of a call is paid already, so that asking for it again spends nothing. */
export async function isPaid(place: LedgerPlace, intentId: string | undefined, n: number): Promise<boolean> {
  if (intentId === undefined) return false;
  const ids = Array.from({ length: n }, (_, index) => (index === 0 ? intentId : `${intentId}#${index + 1}`));
  const records = (await readPlace(place)).flatMap((content) => content.records);
  const paid = records.filter((record) => billedOf(foldRecord(record)) === 'yes').map(({ intent }) => intent.id);
  return ids.every((id) => paid.includes(id));
}
