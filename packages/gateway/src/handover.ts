import type { Ticket } from '@imageport/core/book';

/** How one request ends for its client: it has the pictures, or it has left, or it is told of a failure. The first counts. */
export interface Handover {
  readonly ticket: Ticket;
  delivered(): Promise<void>;
  leave(): void;
  failed(error: unknown): void;
}

/** `signal`: that of the request. It says that the client has left; what is under way goes on. */
export function createHandover(ticket: Ticket, signal: AbortSignal): Handover {
  let state: 'open' | 'left' | 'ended' = 'open';
  const leave = (): void => {
    if (state !== 'open') return;
    state = 'left';
    ticket.orphaned();
  };
  const end = (): typeof state => {
    signal.removeEventListener('abort', leave);
    const before = state;
    state = 'ended';
    return before;
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  return {
    ticket,
    async delivered() {
      if (end() === 'open') await ticket.delivered();
    },
    leave,
    failed(error) {
      // Also of who has left: what has cost nothing is free again.
      if (end() !== 'ended') ticket.failed(error);
    },
  };
}

/**
 * A body that is handed over once it was pulled to its end. It has no stated length, so that a client knows the end only when
 * that is on record: what it asks for afterwards is a new request.
 */
export function handedOver(
  chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>,
  handover: Handover,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (!done) return controller.enqueue(value);
        await handover.delivered().catch(onError);
        controller.close();
      },
      cancel() {
        handover.leave();
        void chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
