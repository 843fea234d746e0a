import type { Billed } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import { DeadlineReached, startDeadline } from '../time/deadline.ts';
import type { Frame } from './picture.ts';
import { toLedgerError } from './wait.ts';

export interface Asking<T> {
  /** What an earlier call may have spent, as far as nobody answers. @default 'unknown' */
  readonly billed?: Billed;
  /** Gets an answer that came too late. */
  readonly late?: (answer: T) => unknown;
}

/** Asks a ledger before a run begins: an answer by the end of the call's time, its abort, or an `ImageError`. */
export async function askInTime<T>(
  { end, signal }: Pick<Frame, 'end' | 'signal'>,
  work: () => Promise<T>,
  { billed = 'unknown', late }: Asking<T> = {},
): Promise<T> {
  signal?.throwIfAborted();
  const deadline = startDeadline(Math.max(0, end - performance.now()), signal);
  const asked = (async () => work())();
  try {
    return await deadline.race(asked);
  } catch (error) {
    if (late) asked.then(late).catch(() => undefined);
    if (signal?.aborted) throw error;
    const message = 'The ledger did not answer in time; nothing was sent';
    if (error instanceof DeadlineReached) throw new ImageError({ code: 'timeout', message, billed, stage: 'ledger' });
    const failed = toLedgerError(error);
    throw ImageError.is(failed) && failed.reason === 'ledger_unavailable' ? failed.with({ billed }) : failed;
  } finally {
    deadline.dispose();
  }
}
