import type { Fault } from '@imageport/emulator';
import { createWorld, type World } from '../world.ts';

/** How old a job of Apiframe is while it is shown as failed, in milliseconds. */
export const failedFrom = 4_000;
const failedUntil = 5_000;

/** Both hosts, of which Apiframe shows a job as failed for a second, and then as completed. */
export function createFlicker(): World {
  const patch: Fault['patch'] = (json) => {
    const job = world.emulator.jobs().find(({ host }) => host === 'apiframe');
    const age = Date.now() - (job?.createdAt ?? 0);
    if (age < failedFrom || age >= failedUntil) return json;
    return { ...json, status: 'FAILED', creditCost: 0, error: 'worker lost', result: null, images: undefined };
  };
  const world: World = createWorld({
    faults: [{ host: 'apiframe', on: 'poll', times: 100_000, patch }],
    generationTime: { fixed: 8_000 },
  });
  return world;
}
