import type { ImageError } from '../errors/image-error.ts';
import type { Host } from '../host/host.ts';
import { foldRecord } from '../ledger/reduce.ts';
import { billedOf, currentJob } from '../ledger/state.ts';
import type { Frame } from './picture.ts';
import { within } from './wait.ts';

/** Milliseconds for which an intent is held while its caller hears that nothing was spent on it. */
const hold = 10_000;
/** Milliseconds beyond the end of its time for which a call waits for the ledger. */
const grace = 25;

/**
 * Errors of pictures that ended before their call did. Somebody else may have gone on with an intent since: that
 * nothing was spent on it is only said while it is held, and it is given back once that has been said.
 */
export async function confirmUnpaid(
  errors: readonly ImageError[],
  { ledger, signal, end }: Frame,
  host: Pick<Host, 'scheduler'>,
): Promise<ImageError[]> {
  const owner = crypto.randomUUID();
  const giveBack = (intentId: string): void => void ledger.claim(intentId, owner, 0).catch(() => undefined);
  const held: string[] = [];
  const confirmed = await Promise.all(
    errors.map(async (error) => {
      const { billed, intentId } = error;
      if (billed !== 'no' || intentId === undefined) return error;
      const claiming = ledger.claim(intentId, owner, hold);
      const claim = await within(host, signal, Math.max(performance.now(), end) + grace, claiming);
      if (!claim) {
        claiming.then(() => giveBack(intentId)).catch(() => undefined);
        return error.with({ billed: 'unknown' });
      }
      held.push(intentId);
      const state = foldRecord(claim.record);
      const job = currentJob(state)?.job;
      const since = billedOf(state);
      return since === 'no' ? error : error.with({ billed: since, ...(job ? { job } : {}) });
    }),
  );
  // Whoever waits for them hears it in this turn of the event loop.
  setTimeout(() => held.forEach(giveBack));
  return confirmed;
}
