import type { Io, Signal } from './io.ts';

/** As for what nobody expected. */
const lostExit = 1;
const signals: readonly Signal[] = ['SIGINT', 'SIGTERM'];

/** The `Io` of a process, and whether all of its results were written. */
export interface ProcessIo extends Io {
  /** The exit code that a command ends with which would end with `code`. */
  endWith(code: number): number;
}

/**
 * The process that runs the command. A reader that went away, as `head` does, or a full disk must not cost a paid picture:
 * the command goes on, and of the disk it is said once.
 */
export function processIo(): ProcessIo {
  const { stdin, stdout, stderr, env } = process;
  let isLost = false;
  stderr.on('error', () => undefined);
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || isLost) return;
    isLost = true;
    stderr.write(`error: the results cannot be written to stdout (${code}); what runs is finished and saved\n`);
    process.exitCode ||= lostExit;
  });
  return {
    endWith: (code) => (isLost ? code || lostExit : code),
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    onSignal(listener) {
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}
