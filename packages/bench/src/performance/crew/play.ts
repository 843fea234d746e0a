import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { prompt, type Session } from '../../clients/client.ts';
import { clock } from '../clock.ts';

export interface Play {
  readonly calls: number;
  /** How many calls are under way at once. @default all */
  readonly concurrency?: number;
  /** Milliseconds over which the starts are spread. @default 0 */
  readonly spread?: number;
  /** Milliseconds after which what has not ended is given up. @default never */
  readonly patience?: number;
  /** Also memory and event loop, which costs a little. */
  readonly watch?: boolean;
}

export interface Played {
  /** Milliseconds of this process. */
  readonly cpu: number;
  readonly wall: number;
  /** When each call had ended well, by `clock`; undefined when it had not. */
  readonly noticed: readonly (number | undefined)[];
  /** How often each error came. */
  readonly errors: Readonly<Record<string, number>>;
  /** Milliseconds by which the event loop was late. */
  readonly loop?: { readonly p99: number; readonly max: number };
  /** Bytes by which the process grew at most. */
  readonly memory?: number;
}

/** Many calls of one client, measured from inside. */
export async function play(session: Session, options: Play): Promise<Played> {
  const { calls, patience } = options;
  const watch = options.watch ? startWatch() : undefined;
  const noticed = Array.from<number | undefined>({ length: calls });
  const errors: Record<string, number> = {};
  const one = async (number: number): Promise<void> => {
    try {
      const { pictures } = await session.run(undefined, `${prompt} #${number}`);
      if (pictures < 1) throw new Error('no picture');
      noticed[number] = clock();
    } catch (error) {
      const name = String(error).slice(0, 160);
      errors[name] = (errors[name] ?? 0) + 1;
    }
  };
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const work = options.concurrency ? inLanes(options.concurrency, calls, one) : inTime(options, one);
  const given = patience === undefined ? [] : [sleep(patience, undefined, { ref: false })];
  await Promise.race([work, ...given]);
  const wall = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1000, wall, noticed: [...noticed], errors, ...watch?.() };
}

type One = (number: number) => Promise<void>;

async function inLanes(lanes: number, calls: number, one: One): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < calls) {
      next += 1;
      await one(next - 1);
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
}

async function inTime({ calls, spread = 0 }: Play, one: One): Promise<void> {
  const begun = performance.now();
  const all: Promise<void>[] = [];
  for (let number = 0; number < calls; number += 1) {
    const wait = begun + (spread * number) / calls - performance.now();
    if (wait > 0) await sleep(wait);
    all.push(one(number));
  }
  await Promise.all(all);
}

const resolution = 5;

function startWatch(): () => Pick<Played, 'loop' | 'memory'> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const loop = monitorEventLoopDelay({ resolution });
  loop.enable();
  return () => {
    loop.disable();
    // The histogram counts the pause between two samples too.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
    const memory = Math.max(0, process.resourceUsage().maxRSS * 1024 - before);
    return { memory, loop: { p99: late(loop.percentile(99)), max: late(loop.max) } };
  };
}
