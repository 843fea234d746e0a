import type { Call } from '../call.ts';
import { ImageError } from '../errors/image-error.ts';
import { DeadlineReached } from '../time/deadline.ts';
import { loadInTime } from './load-in-time.ts';

/** Loads what tells the models of a call, within its time. Throws `timeout`, and the caller's own reason after an abort. */
export async function loadRoute(call: Call): Promise<void> {
  const { route, start, timeout, signal } = call;
  try {
    await loadInTime(route, { end: start + timeout, signal });
  } catch (error) {
    throw error instanceof DeadlineReached ? tooLate(call) : error;
  }
}

/** Of an id that the caller gave an earlier call may have paid. */
const tooLate = ({ isNamed }: Call): ImageError =>
  new ImageError({
    ...{ code: 'timeout', billed: isNamed ? 'unknown' : 'no', stage: 'prepare' },
    message: 'The list of models did not come in time; nothing was sent. Give the call more `timeout`',
  });
