import type { Door } from '../door.ts';
import type { Made } from '../made.ts';
import { knows } from './own.ts';

/**
 * The saved pictures of a call that the ledger does not know any more, as one in memory after a restart: they were paid, and are
 * not made again. Undefined where there are none.
 */
export async function findKept(door: Door, intentId: string | undefined): Promise<Made | undefined> {
  if (intentId === undefined || (await knows(door.settings.ledger, intentId))) return undefined;
  return savedOf(door, intentId);
}

/** What is in the folder. What it cost is not known there. */
export async function savedOf({ pictures }: Door, intentId: string): Promise<Made | undefined> {
  const saved = await pictures.list(intentId);
  return saved.length > 0 ? { intentId, saved, cost: { source: 'unknown' }, warnings: [] } : undefined;
}
