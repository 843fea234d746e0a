import { networkError } from './http/message.ts';

/** Every wait of the emulator, so that close() can end them all. */
export interface Timers {
  sleep(ms: number): Promise<void>;
  /** Never resolves; rejects when the emulator closes. */
  forever(): Promise<never>;
  /** Runs later without keeping the process alive. */
  later(ms: number, task: () => void): void;
  close(): void;
}

export function createTimers(): Timers {
  const waiting = new Set<() => void>();

  const wait = (start: (done: () => void) => NodeJS.Timeout | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        waiting.delete(stop);
        reject(networkError('ECONNRESET'));
      };
      waiting.add(stop);
      const timer = start(() => {
        waiting.delete(stop);
        resolve();
      });
    });

  return {
    sleep: (ms) => wait((done) => setTimeout(done, ms)),
    forever: async () => {
      await wait(() => undefined);
      throw networkError('ECONNRESET');
    },
    later: (ms, task) => {
      wait((done) => setTimeout(done, ms).unref()).then(task, () => undefined);
    },
    close: () => {
      for (const stop of [...waiting]) stop();
    },
  };
}
