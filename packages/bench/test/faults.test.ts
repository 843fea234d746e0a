import { beforeAll, describe, expect, test } from 'vitest';
import { clients } from '../src/clients/index.ts';
import { faults } from '../src/fault-table.ts';
import { measure, type Run } from '../src/measure.ts';
import { playHere } from './play-here.ts';

const ours = clients.filter((client) => client.ours);
const runs = new Map<string, PromiseSettledResult<Run>>();
const nameOf = (client: string, fault: string): string => `${client}: ${fault}`;

// Calls wait at the same time, mostly for their deadline. As concurrent tests they would not: how many of those run
// at once is decided by the first file of a worker, for all the files after it. Not all of them at once, and not before
// everything is loaded: on a busy machine their deadline would come before their first request.
const together = 28;

beforeAll(async () => {
  const pairs = ours.flatMap((client) => faults.map((fault) => ({ client, fault })));
  for (const client of ours) await measure({ client, play: playHere });
  for (let from = 0; from < pairs.length; from += together) {
    const some = pairs.slice(from, from + together);
    const settled = await Promise.allSettled(some.map((pair) => measure({ ...pair, play: playHere })));
    for (const [index, { client, fault }] of some.entries()) {
      const run = settled[index];
      if (run) runs.set(nameOf(client.name, fault.id), run);
    }
  }
}, 240_000);

describe.each(ours)('$name', (client) => {
  test.each(faults)('pays once and loses nothing: $name', (fault) => {
    const run = runs.get(nameOf(client.name, fault.id));
    if (run?.status !== 'fulfilled') throw run?.reason;
    // What was still open at the deadline, `resumeImages` has to find without paying again.
    expect(run.value).toMatchObject({ lostForGood: 0, hung: false });
    expect(run.value.paid).toBeLessThanOrEqual(1);
    if (!['refused', 'submit-429'].includes(fault.id)) expect(run.value.paid).toBe(1);
  });
});
