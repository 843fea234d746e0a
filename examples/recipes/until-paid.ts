// A browser that leaves ends the call only while nothing can have been paid. Later the picture is made and saved.
import type { ImageEvent } from '@imageport/core';

/** The `signal` and the `onEvent` of a call for somebody who may leave: `left` aborts when they do. */
export function untilPaid(left: AbortSignal): { signal: AbortSignal; onEvent: (event: ImageEvent) => void } {
  const call = new AbortController();
  const abort = (): void => call.abort(left.reason);
  if (left.aborted) abort();
  left.addEventListener('abort', abort, { once: true });
  return {
    signal: call.signal,
    // An intent that waits in the queue has cost nothing. From `submitting` on it may have.
    onEvent: ({ type }) => {
      if (type !== 'queued') left.removeEventListener('abort', abort);
    },
  };
}
