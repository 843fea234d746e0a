import type { Setup } from '../../clients/client.ts';
import type { Target } from '../../servers/test-server.ts';
import { startRemote } from '../remote.ts';
import type { Fall, Fallen } from './fall.ts';
import type { Keeping } from './kept.ts';
import type { Play, Played } from './play.ts';
import type { Hot } from './profile.ts';
import type { Trace } from './trace.ts';

const script = new URL('./main.ts', import.meta.url);

export interface Mate {
  play(options: Play): Promise<Played>;
  /** Where the time goes meanwhile, hottest first. */
  profile(options: Play): Promise<Hot[]>;
  /** What is allocated meanwhile, most first. */
  allocated(options: Play): Promise<Hot[]>;
  /** What is held some milliseconds after the start, most first. */
  held(options: Play & { readonly after: number }): Promise<Hot[]>;
  /** Bytes that each waiting job keeps. */
  kept(options: Keeping): Promise<number>;
  /** What of our code one call runs through. */
  trace(): Promise<Trace>;
  end(): void;
}

/** In a process of its own: how long a client takes where something fails. */
export async function watchFall(options: Fall): Promise<Fallen[]> {
  const remote = startRemote(script);
  try {
    return await remote.ask('fall', options);
  } finally {
    remote.end();
  }
}

/** Starts a process with one client that is pointed at a lane. */
export async function hire(client: string, target: Target, setup: Setup): Promise<Mate> {
  const remote = startRemote(script, ['--expose-gc']);
  await remote.ask('open', { client, target, setup });
  return {
    play: (options) => remote.ask('play', options),
    profile: (options) => remote.ask('profile', options),
    allocated: (options) => remote.ask('allocated', options),
    held: (options) => remote.ask('held', options),
    kept: (options) => remote.ask('kept', options),
    trace: () => remote.ask('trace'),
    end: remote.end,
  };
}
