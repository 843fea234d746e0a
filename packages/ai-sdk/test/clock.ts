import { setImmediate } from 'node:timers/promises';
import { expect, vi } from 'vitest';

/** Work that takes real time, such as drawing a picture: meanwhile the virtual clock stands still. */
let working = 0;

async function during<T>(work: Promise<T>): Promise<T> {
  working += 1;
  try {
    return await work;
  } finally {
    working -= 1;
  }
}

/** A fetch whose answers come whole; the clock waits for those that may have a picture in them, which has to be drawn. */
export function whileDrawing(inner: typeof fetch): typeof fetch {
  const whole = async (...asked: Parameters<typeof fetch>): Promise<Response> => {
    const answer = await inner(...asked);
    return new Response(await answer.arrayBuffer(), answer);
  };
  return (input, init) => (init?.method === 'POST' ? inner(input, init) : during(whole(input, init)));
}

/** Turns of the event loop without such work, after which only a timer can bring anything new. */
const quiet = 5;

/** Runs work on a clock that jumps from timer to timer when nothing else is going on. No timer may be left at its end. */
export async function inVirtualTime<T>(work: () => Promise<T>): Promise<T> {
  const start = Math.ceil(performance.now());
  const { subtle } = crypto;
  const digest = subtle.digest.bind(subtle);
  vi.spyOn(subtle, 'digest').mockImplementation((...given) => during(digest(...given)));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  vi.advanceTimersByTime(start);
  try {
    let done = false;
    const running = work().finally(() => {
      done = true;
    });
    running.catch(() => undefined);
    while (!done) {
      for (let turns = 0; turns < quiet; turns = working > 0 ? 0 : turns + 1) await setImmediate();
      if (!done) await vi.advanceTimersToNextTimerAsync();
    }
    const result = await running;
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(0);
    return result;
  } finally {
    vi.useRealTimers();
    vi.restoreAllMocks();
  }
}
