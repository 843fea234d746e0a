import { Worker } from 'node:worker_threads';
import type { Ending, Errand, Message } from './message.ts';

/** Milliseconds after the deadline at which the watchdog ends a call. */
export const patience = 5_000;
/** Milliseconds for a worker to start, and for what follows a call. */
const aftermath = 60_000;

export interface Watched {
  /** The call was ended by force. */
  readonly hung: boolean;
  readonly ending: Ending;
}

/** Plays a call in a worker and ends the worker, with every socket and timer in it, when the call is over or hangs. */
export async function playWatched(errand: Errand): Promise<Watched> {
  const options = { workerData: errand, stdout: true, stderr: true };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), options);
  let timer: NodeJS.Timeout | undefined;
  const wait = (time: number, then: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(then, time);
  };
  try {
    return await new Promise<Watched>((resolve, reject) => {
      const limit = errand.deadline + patience;
      const stuck = (): void => reject(new Error(`${errand.client}: the worker is stuck`));
      const hang = (): void => resolve({ hung: true, ending: silent('hangs', patience) });
      wait(aftermath, stuck);
      worker.on('message', (message: Message) => {
        if (message.type === 'began') return wait(limit, hang);
        if (message.type === 'ended') return wait(aftermath, stuck);
        resolve({ hung: false, ending: message.ending });
      });
      worker.on('error', (error) => {
        resolve({ hung: false, ending: silent(`uncaught ${String(error).slice(0, 60)}`, 0) });
      });
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** Of a call that had to be ended, the caller knows nothing. */
const silent = (outcome: string, late: number): Ending => ({ outcome, late, reported: '', kept: '', resumed: '' });
