import type { ImageModel } from '../host/provider.ts';
import { startDeadline } from '../time/deadline.ts';
import { loadCatalogues } from './catalogue.ts';

/** When a call ends, in milliseconds of the monotonic clock, and what ends it before. */
export interface Limits {
  readonly end: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Loads the catalogues that `loadCatalogues` says are missing, which may ask a host. Undefined where nothing is missing. Rejects
 * with `DeadlineReached` when the call's time is over, and with the caller's own reason after an abort; others go on loading.
 */
export function loadInTime(models: readonly ImageModel[], limits: Limits): Promise<unknown> | undefined {
  const loading = loadCatalogues(models);
  return loading && within(loading, limits);
}

async function within(loading: Promise<unknown>, { end, signal }: Limits): Promise<unknown> {
  const deadline = startDeadline(Math.max(0, end - performance.now()), signal);
  try {
    return await deadline.race(loading);
  } finally {
    deadline.dispose();
  }
}
