import type { Io, Signal } from './io.ts';

/** The user ended the command. */
export class Interrupted extends Error {
  readonly exitCode: number;
  constructor(signal: Signal) {
    super(signal);
    this.exitCode = exitCodes[signal];
  }
}

const exitCodes: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143 };

export interface Interruption {
  readonly signal: AbortSignal;
  stop(): void;
}

/** The first signal ends the work in order, the second at once. */
export function watchSignals(io: Io): Interruption {
  const controller = new AbortController();
  const stop = io.onSignal((signal) => {
    if (controller.signal.aborted) return io.exit(exitCodes[signal]);
    controller.abort(new Interrupted(signal));
  });
  return { signal: controller.signal, stop };
}
