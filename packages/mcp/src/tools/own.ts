import { ImageError, type Ledger } from '@imageport/core';
import type { Door } from '../door.ts';

/** Milliseconds for which looking at an intent keeps others from it. */
const glance = 1_000;

/** Whether a ledger has an intent of this id. */
export async function knows(ledger: Ledger, intentId: string): Promise<boolean> {
  if (ledger.read) return (await ledger.read(intentId)) !== undefined;
  const owner = crypto.randomUUID();
  try {
    const claim = await ledger.claim(intentId, owner, glance);
    if (claim) await ledger.claim(intentId, owner, 0).catch(() => undefined);
    return true;
  } catch (error) {
    if (ImageError.is(error) && error.reason === 'unknown_intent') return false;
    throw error;
  }
}

/** An id that stands in the ledger as somebody else's is none for this caller. */
export async function refuseForeign({ settings, pictures }: Door, intentId: string | undefined): Promise<void> {
  if (intentId === undefined || (await pictures.owns(intentId))) return;
  if (await knows(settings.ledger, intentId)) throw unknownIntent(intentId);
}

export const unknownIntent = (intentId: string): ImageError =>
  new ImageError({
    ...{ code: 'not_found', reason: 'unknown_intent', billed: 'no', stage: 'prepare' },
    message: `There is no open request ${JSON.stringify(intentId)}; nothing was sent`,
  });
