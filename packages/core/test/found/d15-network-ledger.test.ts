import { describe, expect, test } from 'vitest';
import { createMemoryLedger, generateImage } from '../../src/index.ts';
import { createRandom, type Random } from '../history/random.ts';
import { createWorld, hosts, inVirtualTime } from '../world.ts';
import { type Ended, ended, pause } from './kit.ts';
import { type Network, networked, uneven } from './network.ts';

// A ledger behind a network that loses replies and order: nothing is paid twice, and what is told is true.

const prompt = 'a lighthouse in fog at dawn';
const deliver = async (): Promise<void> => undefined;

describe.each(hosts)('D15: of two pictures of %s both are refused', (host) => {
  const refused = async (network: Network): Promise<Ended> => {
    const world = createWorld({ faults: [{ on: 'submit', host, status: 402, times: 2 }] });
    const ledger = networked(createMemoryLedger(), network);
    const end = await inVirtualTime(async () => {
      const end = await ended(generateImage({ model: world.model(host), prompt, n: 2, ledger }));
      await pause(1_000);
      return end;
    });
    expect(world.emulator.charges()).toEqual([]);
    return end;
  };

  test('which cost nothing, although to give an intent back takes longer than to take it', async () => {
    const { error } = await refused({ latency: ({ method, lease }) => (method === 'claim' && lease === 0 ? 30 : 5) });
    expect(error).toMatchObject({ code: 'insufficient_credit', billed: 'no' });
  });

  test('which cost nothing, whatever the latencies are', async () => {
    const wrong: unknown[] = [];
    for (let seed = 1; seed <= 30; seed += 1) {
      const { error, thrown } = await refused(uneven(createRandom(seed), 20));
      if (error?.billed !== 'no') wrong.push({ seed, error, thrown });
    }
    expect(wrong).toEqual([]);
  });
});

describe.each(hosts)('D15: the reply to `begin` is lost', (host) => {
  test('and the id can be used again at once', async () => {
    const world = createWorld();
    let begun = 0;
    const losesReply: Network['losesReply'] = ({ method }) => {
      if (method === 'begin') begun += 1;
      return method === 'begin' && begun === 1;
    };
    const ledger = networked(createMemoryLedger(), { latency: () => 5, losesReply });
    const call = { model: world.model(host), prompt, intentId: 'order-1', ledger };
    const { first, again, duration } = await inVirtualTime(async () => {
      const first = await ended(generateImage(call));
      const start = performance.now();
      const again = await ended(generateImage(call));
      const duration = performance.now() - start;
      await pause(1_000);
      return { first, again, duration };
    });
    expect(first.error).toMatchObject({ code: 'unavailable', billed: 'unknown', stage: 'ledger' });
    expect(again.images).toHaveLength(1);
    expect(duration).toBeLessThan(20_000);
    expect(world.emulator.charges()).toHaveLength(1);
  });
});

describe.each(hosts)('D15: three processes ask for one id of %s', (host) => {
  const lossy = (random: Random): Network => ({
    ...uneven(random, 60),
    losesRequest: () => random.chance(0.03),
    losesReply: () => random.chance(0.06),
  });

  /** What is wrong with how the three ended, if anything is. */
  async function play(seed: number): Promise<string[]> {
    const random = createRandom(seed);
    const world = createWorld();
    const store = createMemoryLedger();
    const ledger = networked(store, lossy(random));
    const jobs = () => world.emulator.charges().map(({ jobId }) => jobId);
    const faults: string[] = [];
    const ask = async (): Promise<void> => {
      await pause(random.next() * 400);
      const timeout = 30_000 + random.next() * 60_000;
      const call = { model: world.fresh(host), prompt, ledger, intentId: 'one', timeout, deliver };
      const { error, thrown } = await ended(generateImage(call));
      if (thrown) faults.push(`seed ${seed}: not an ImageError: ${thrown}`);
      if (error?.billed === 'no' && jobs().length > 0) faults.push(`seed ${seed}: \`no\`, though it was paid`);
    };
    await inVirtualTime(async () => {
      await Promise.all([ask(), ask(), ask()]);
      await pause(300_000);
      const last = await ended(generateImage({ model: world.fresh(host), prompt, ledger: store, intentId: 'one' }));
      // Where nothing was paid because a send was written down and then given up, this may not be known any more.
      const isTrue = last.error?.billed === 'unknown' && jobs().length === 0;
      if (last.jobs.join() !== jobs().join() || (last.error && !isTrue))
        faults.push(`seed ${seed}: ${last.error} for ${jobs()}`);
    });
    if (jobs().length > 1) faults.push(`seed ${seed}: paid ${jobs().length} times`);
    return faults;
  }

  test('over a network that loses requests, replies and order, and never pay twice', async () => {
    const faults: string[] = [];
    for (let seed = 1; seed <= 60; seed += 1) faults.push(...(await play(seed)));
    expect(faults).toEqual([]);
  });
});
