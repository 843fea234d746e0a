import { describe, expect, test, vi } from 'vitest';
import { clients } from '../src/clients/index.ts';
import { faults } from '../src/fault-table.ts';
import { measure } from '../src/measure.ts';
import { playHere } from './play-here.ts';

// All calls wait at the same time, mostly for their deadline.
vi.setConfig({ maxConcurrency: 100, testTimeout: 120_000 });

describe.concurrent.each(clients.filter(({ ours }) => ours))('$name', (client) => {
  test.concurrent.each(faults)('pays once and loses nothing: $name', async (fault) => {
    const run = await measure({ client, fault, play: playHere });
    // What was still open at the deadline, `resumeImages` has to find without paying again.
    expect(run).toMatchObject({ lostForGood: 0, hung: false });
    expect(run.paid).toBeLessThanOrEqual(1);
    if (!['refused', 'submit-429'].includes(fault.id)) expect(run.paid).toBe(1);
  });
});
