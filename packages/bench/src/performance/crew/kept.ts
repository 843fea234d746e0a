import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../clients/client.ts';
import { play } from './play.ts';

export interface Keeping {
  /** Jobs that wait before the first measurement, and those that come until the second. */
  readonly jobs: readonly [number, number];
  /** Milliseconds from the first submit of a group until all of them wait. */
  readonly settle: number;
}

/** Bytes that each waiting job keeps: by how much the heap grows when more of them wait, garbage collected. */
export async function kept(session: Session, { jobs: [before, more], settle }: Keeping): Promise<number> {
  const wait = async (calls: number): Promise<number> => {
    void play(session, { calls, spread: settle / 2, patience: 3_600_000 });
    await sleep(settle);
    return heldBytes();
  };
  const first = await wait(before);
  return ((await wait(more)) - first) / more;
}

async function heldBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await sleep(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
