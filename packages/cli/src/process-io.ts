import type { Io, Signal } from './io.ts';

const signals: readonly Signal[] = ['SIGINT', 'SIGTERM'];

/** The process that runs the command. A reader that went away, as `head` does, must not cost a paid picture. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe);
  return {
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

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
