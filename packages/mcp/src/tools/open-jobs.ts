import type { LedgerRecord } from '@imageport/core';
import type { Door } from '../door.ts';

/** The id of the call that a picture belongs to. */
export const callOf = ({ intent }: LedgerRecord): string => intent.id.replace(/#\d+$/, '');

/** The open intents of this scope; of one call where its id is given. */
export async function openRecords({ settings, pictures }: Door, intentId?: string): Promise<LedgerRecord[]> {
  const found: LedgerRecord[] = [];
  for await (const record of settings.ledger.open()) {
    const call = callOf(record);
    if ((intentId === undefined || call === intentId) && (await pictures.owns(call))) found.push(record);
  }
  return found;
}
