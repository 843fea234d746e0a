import type { JobFault } from '@imageport/emulator';
import { describe, expect, test } from 'vitest';
import { createMemoryLedger, generateImage } from '../../src/index.ts';
import { createWorld, type HostName, inVirtualTime, play } from '../world.ts';
import { ended } from './kit.ts';

const ends: readonly (readonly [JobFault, HostName])[] = [
  ['deleted', 'wavespeed'],
  ['cancelled-unrefunded', 'wavespeed'],
  ['deleted', 'apiframe'],
  ['cancelled-unrefunded', 'apiframe'],
];

describe.each(ends)('D5: a job that ends %s at %s', (job, host) => {
  const other = host === 'wavespeed' ? 'apiframe' : 'wavespeed';

  test("never counts as refunded: billed is not 'no', and no other host is asked", async () => {
    const world = createWorld({ faults: [{ on: 'submit', job }] });
    const { error } = await play(world, { model: [world.model(host), world.model(other)] });
    expect(error?.job?.provider).toBe(host);
    expect(['yes', 'unknown']).toContain(error?.billed);
    expect(world.submits()).toBe(1);
  });

  test('is never paid again under the same intent', async () => {
    const world = createWorld({ faults: [{ on: 'submit', job }] });
    const ledger = createMemoryLedger();
    const call = { model: world.model(host), prompt: 'a pier', ledger, intentId: 'one' };
    await inVirtualTime(async () => {
      await ended(generateImage(call));
      await ended(generateImage(call));
    });
    expect(world.emulator.charges()).toHaveLength(1);
  });
});

describe('D5: what a failed job of Apiframe cost', () => {
  test.each([
    ['not said', undefined, 'unknown'],
    ['null', null, 'unknown'],
    ['more than 0', 3, 'yes'],
    ['0', 0, 'no'],
  ])('%s, is not guessed', async (_, creditCost, billed) => {
    const patch = (json: object): unknown => JSON.parse(JSON.stringify({ ...json, creditCost }));
    const world = createWorld({
      faults: [
        { on: 'submit', job: creditCost === 0 ? 'fail' : 'fail-unrefunded' },
        { on: 'poll', times: 99, patch },
      ],
    });
    const { error } = await play(world, { model: [world.model('apiframe'), world.model('wavespeed')] });
    if (billed === 'no') return expect(error).toBeUndefined();
    expect(error).toMatchObject({ billed, job: { provider: 'apiframe' } });
    expect(world.submits('wavespeed')).toBe(0);
  });
});
