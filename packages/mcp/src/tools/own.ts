import { ImageError, type LedgerRecord } from '@imageport/core';
import type { Door } from '../door.ts';

/** Milliseconds for which looking at an intent keeps others from it. */
const glance = 1_000;

/** What the ledger says of an intent: `held` by somebody who works on it, or undefined where there is none. */
export async function lookUp({ settings }: Door, intentId: string): Promise<LedgerRecord | 'held' | undefined> {
  const { ledger } = settings;
  const owner = crypto.randomUUID();
  try {
    const claim = await ledger.claim(intentId, owner, glance);
    if (!claim) return 'held';
    await ledger.claim(intentId, owner, 0).catch(() => undefined);
    return claim.record;
  } catch (error) {
    if (ImageError.is(error) && error.reason === 'unknown_intent') return undefined;
    throw error;
  }
}

/** An id that stands in the ledger as somebody else's is none for this caller. */
export async function refuseForeign(door: Door, intentId: string | undefined): Promise<void> {
  if (intentId === undefined || (await door.pictures.owns(intentId))) return;
  if ((await lookUp(door, intentId)) !== undefined) throw unknownIntent(intentId);
}

export const unknownIntent = (intentId: string): ImageError =>
  new ImageError({
    ...{ code: 'not_found', reason: 'unknown_intent', billed: 'no', stage: 'prepare' },
    message: `There is no open request ${JSON.stringify(intentId)}; nothing was sent`,
  });
