import { vi } from 'vitest';
import type { Random } from './random.ts';

/** A clock that nobody can set, beside the one of the machine that everybody reads. */
export interface Clock {
  readonly epoch: number;
  /** Milliseconds since the history began. */
  now(): number;
  /** Sets the machine's clock forward, or back. */
  jump(milliseconds: number): void;
}

export const pause = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));

/** Milliseconds of virtual time in which any history has ended: its processes come back within days. */
const longest = 30 * 86_400_000;

const epoch = Date.UTC(2026, 10, 21, 9);

/** Runs work on a clock that jumps from timer to timer. What is still waiting when it ends, dead processes, is dropped. */
export async function inVirtualTime<T>(random: Random, work: (clock: Clock) => Promise<T>): Promise<T> {
  const before = Math.ceil(performance.now());
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    now: epoch - before,
  });
  const restore = seedChance(random);
  try {
    // Modules that remember the monotonic clock must never see it go back.
    vi.advanceTimersByTime(before);
    const start = performance.now();
    let done = false;
    const jump = (by: number): void => void vi.setSystemTime(Date.now() + by);
    const running = work({ epoch, now: () => performance.now() - start, jump }).finally(() => {
      done = true;
    });
    running.catch(() => undefined);
    for (let idle = 0; !done; idle = vi.getTimerCount() > 0 ? 0 : idle + 1) {
      if (idle > 10_000) throw new Error('nothing is due any more, and the history has not ended');
      if (performance.now() - start > longest) throw new Error('the history does not end');
      await vi.advanceTimersToNextTimerAsync();
    }
    return await running;
  } finally {
    restore();
    vi.useRealTimers();
  }
}

/** Marks, jitter and names of the library come from the seed too. */
function seedChance(random: Random): () => void {
  const restores = [
    replace(Math, 'random', random.next),
    replace(crypto, 'getRandomValues', (array) => fill(array, random)),
    replace(crypto, 'randomUUID', () => uuid(random)),
  ];
  return () => {
    for (const restore of restores) restore();
  };
}

function fill<T extends ArrayBufferView | null>(array: T, random: Random): T {
  const bytes = array && new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  bytes?.forEach((_, index) => {
    bytes[index] = random.between(0, 255);
  });
  return array;
}

function uuid(random: Random): `${string}-${string}-${string}-${string}-${string}` {
  const part = (length: number): string => Array.from({ length }, () => random.between(0, 15).toString(16)).join('');
  return `${part(8)}-${part(4)}-4${part(3)}-8${part(3)}-${part(12)}`;
}

function replace<O extends object, K extends keyof O>(owner: O, name: K, value: O[K]): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { configurable: true, writable: true, value });
  return () => {
    if (own) Object.defineProperty(owner, name, own);
    else Reflect.deleteProperty(owner, name);
  };
}
