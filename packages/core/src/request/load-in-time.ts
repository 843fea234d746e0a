import type { ImageModel } from '../host/provider.ts';
import type { Frame } from '../picture/picture.ts';
import { startDeadline } from '../time/deadline.ts';
import { loadCatalogues } from './catalogue.ts';

/** When a call ends, on the monotonic clock, and what ends it before. */
type Span = Pick<Frame, 'end' | 'signal'>;

/**
 * Loads the catalogues that `loadCatalogues` says are missing. Undefined where nothing is missing. Where a host is asked it rejects
 * with `DeadlineReached` when the call's time is over, and with the caller's own reason after an abort; others go on loading.
 */
export function loadInTime(models: readonly ImageModel[], frame: Span): Promise<unknown> | undefined {
  const loading = loadCatalogues(models);
  const asksHost = models.some(({ provider }) => provider.adapter.catalogue?.asksHost);
  return loading && asksHost ? within(loading, frame) : loading;
}

async function within(loading: Promise<unknown>, { end, signal }: Span): Promise<unknown> {
  const deadline = startDeadline(Math.max(0, end - performance.now()), signal);
  try {
    return await deadline.race(loading);
  } finally {
    deadline.dispose();
  }
}
