import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';

/** Moves the time of this process, in which hosts, gateway and clients are. */
export interface Clock {
  /** Lets time pass in small steps until the work has ended, so that what is asked meanwhile is answered. */
  until<Value>(work: Promise<Value>): Promise<Value>;
  forward(ms: number): Promise<void>;
}

const step = 200;

/** Questions to hosts that are being answered: a picture takes as long to draw as the machine needs, whatever the clock says. */
export const asked = { count: 0 };

/** A clock that goes on at the pace of the real one and can be put forward: nobody waits for a deadline. */
export function ownClock(): Clock {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    now: Date.now(),
    shouldAdvanceTime: true,
  });
  onTestFinished(() => void vi.useRealTimers());
  const advance = async (ms: number): Promise<void> => {
    while (asked.count > 0) await sleep(2);
    await vi.advanceTimersByTimeAsync(ms);
    for (let turn = 0; turn < 3; turn += 1) await sleep(1);
  };
  return {
    async until(work) {
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      work.then(over, over);
      while (!isOver) await advance(step);
      return work;
    },
    async forward(ms) {
      for (let left = ms; left > 0; left -= step) await advance(Math.min(step, left));
    },
  };
}
