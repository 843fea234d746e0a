import { describe, expect, test } from 'vitest';
import { hedge } from '../../src/hedge/index.ts';
import { createMemoryLedger, type GenerateImageOptions, generateImage } from '../../src/index.ts';
import { createRandom } from '../history/random.ts';
import { createWorld, inVirtualTime, type World } from '../world.ts';
import { ended, listOpen, pause } from './kit.ts';
import { type Network, networked, uneven } from './network.ts';

// A hedge that won goes on under the call's own id, over whatever network: the same id never pays for another.

const prompt = 'a lighthouse in fog at dawn';
const hedged = { hedge: hedge({ after: 1_000, maxCost: { credit: 100, USD: 1 } }) };
const even: Network = { latency: () => 5 };
/** To give an intent back takes longer than to take it. */
const slowToGiveBack: Network = { latency: ({ method, lease }) => (method === 'claim' && lease === 0 ? 30 : 5) };
const deliver = async (): Promise<void> => undefined;

/** The first model refuses after 8 seconds; the second was asked after one, and wins. */
const slowRefusal = (): World =>
  createWorld({
    faults: [{ on: 'submit', host: 'wavespeed', status: 402, delay: 8_000 }],
    generationTime: { fixed: 20_000 },
  });

function prepare(world: World, network: Network) {
  const store = createMemoryLedger();
  const model = [world.wavespeed('seedream-4'), world.apiframe('seedream-4')] as const;
  const call = { model, prompt, ledger: networked(store, network), intentId: 'order-1' };
  return { call, store, jobs: () => world.emulator.charges().map(({ jobId }) => jobId) };
}

describe('D15: a hedge that won, over a network', () => {
  const twice = (call: GenerateImageOptions, more: Partial<GenerateImageOptions> = {}) =>
    inVirtualTime(async () => {
      const both = [await ended(generateImage({ ...call, ...hedged, ...more })), await ended(generateImage(call))];
      await pause(30_000);
      return both;
    });

  test('is found under the same id', async () => {
    const { call, jobs } = prepare(slowRefusal(), even);
    const both = await twice(call);
    expect(jobs()).toHaveLength(1);
    expect(both.map((each) => each.jobs)).toEqual([jobs(), jobs()]);
  });

  test('is found under the same id although a reply was lost while it was moved', async () => {
    let won = false;
    let lost = false;
    const losesReply: Network['losesReply'] = ({ method, intentId }) => {
      const loses = won && !lost && method === 'claim' && intentId === 'order-1#hedge';
      lost ||= loses;
      return loses;
    };
    const { call, jobs } = prepare(slowRefusal(), { ...even, losesReply });
    const onEvent: GenerateImageOptions['onEvent'] = (event) => {
      if (event.type === 'progress' && event.state === 'completed') won = true;
    };
    const both = await twice({ ...call, deliver }, { onEvent });
    expect(lost).toBe(true);
    expect(jobs()).toHaveLength(1);
    expect(both.map((each) => each.jobs)).toEqual([jobs(), jobs()]);
  });
});

describe('D15: another call for the id, while the hedge is out', () => {
  const meanwhile = async (call: GenerateImageOptions, wait: number) => {
    const other = pause(wait).then(() => ended(generateImage(call)));
    const both = [await ended(generateImage({ ...call, ...hedged })), await other];
    await pause(1_000);
    return both;
  };

  test('does not pay beside it when giving back takes longer than taking', async () => {
    const { call, jobs } = prepare(slowRefusal(), slowToGiveBack);
    const both = await inVirtualTime(() => meanwhile({ ...call, deliver }, 2_000));
    expect(jobs()).toHaveLength(1);
    expect(both.map((each) => each.jobs)).toEqual([jobs(), jobs()]);
  });

  test('does not pay beside it whatever the latencies are', async () => {
    const paidTwice: number[] = [];
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = createRandom(seed);
      const { call, jobs } = prepare(slowRefusal(), uneven(random, 20));
      await inVirtualTime(() => meanwhile({ ...call, deliver }, 2_000 + random.next() * 100));
      if (jobs().length !== 1) paidTwice.push(seed);
    }
    expect(paidTwice).toEqual([]);
  });
});

describe('D15: a hedge and the first model that are both paid', () => {
  test('the call names the job that it leaves behind, and the ledger keeps it', async () => {
    const world = createWorld({ generationTime: { fixed: 20_000 } });
    const { call, jobs, store } = prepare(world, even);
    const { one, other } = await inVirtualTime(async () => {
      const plain = pause(8).then(() => ended(generateImage({ ...call, deliver })));
      const one = await generateImage({ ...call, ...hedged, deliver });
      const other = await plain;
      await pause(1_000);
      return { one, other };
    });
    const [winner, loser] = jobs();
    expect(one.images.map(({ job }) => job.id)).toEqual([winner]);
    expect(other.jobs).toEqual([winner]);
    expect(one.warnings).toEqual([expect.stringContaining(`${loser}`)]);
    expect(one.attempts.map(({ provider, billed }) => [provider, billed])).toEqual([
      ['wavespeed', 'yes'],
      ['apiframe', 'yes'],
    ]);
    expect((await listOpen(store)).map(({ intent }) => intent.id)).toEqual(['order-1#hedge']);
    expect(jobs()).toHaveLength(2);
  });
});
