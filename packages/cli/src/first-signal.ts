import type { Io } from './io.ts';

/** Waits until somebody wants the command to end. */
export function firstSignal(io: Pick<Io, 'onSignal'>): Promise<void> {
  return new Promise((resolve) => {
    const stop = io.onSignal(() => {
      stop();
      resolve();
    });
  });
}
