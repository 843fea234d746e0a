import { createEmulator, type Emulator } from '@imageport/emulator';
import { describe, expect, test } from 'vitest';
import { createMemoryLedger, generateImage, resumeImages } from '../../src/index.ts';
import { fastest } from '../../src/order/index.ts';
import { createWorld, hosts, inVirtualTime } from '../world.ts';
import { ended, open, pause } from './kit.ts';

// What was sent is looked for where it was sent: at the same account, with the same options, in the same ledger.

const prompt = 'a lighthouse in fog at dawn';
const jobsAt = (emulator: Emulator): string[] => emulator.charges().map(({ jobId }) => jobId);

/** Two accounts at Apiframe, the first of which is out of credit. */
function twoAccounts() {
  const account = (letter: string) =>
    createEmulator({ generationTime: { fixed: 5_000 }, apiKeys: [`afk_${letter}${'0'.repeat(32)}`] });
  const [poor, rich] = [account('a'), account('b')];
  poor.inject({ on: 'submit', status: 402 });
  const at = (emulator: Emulator) => open({ emulator }, 'apiframe')('seedream-4');
  const call = { model: [at(poor), at(rich)], prompt, ledger: createMemoryLedger(), intentId: 'order-1' } as const;
  return { poor, rich, call };
}

describe('D15: two accounts at one host, of which the second took the job', () => {
  test('a submit whose answer was lost is repeated at the second, although the call was cut off in between', async () => {
    const { poor, rich, call } = twoAccounts();
    rich.inject({ on: 'submit', reset: 'after' });
    const controller = new AbortController();
    const reason = new Error('shut down');
    const [first, again] = await inVirtualTime(async () => [
      await ended(
        generateImage({
          ...{ ...call, signal: controller.signal },
          onEvent: ({ type }) => {
            if (type === 'retrying') controller.abort(reason);
          },
        }),
      ),
      await ended(generateImage(call)),
    ]);
    expect(first?.thrown).toBe(reason);
    expect(jobsAt(poor)).toEqual([]);
    expect(jobsAt(rich)).toHaveLength(1);
    expect(again?.jobs).toEqual(jobsAt(rich));
  });

  test.each(['generateImage', 'resumeImages'] as const)('%s takes a job up at the second', async (how) => {
    const { poor, rich, call } = twoAccounts();
    const { first, again } = await inVirtualTime(async () => {
      const first = await ended(generateImage({ ...call, timeout: 6_000, jobTimeout: 2_000 }));
      await pause(60_000);
      if (how === 'generateImage') return { first, again: (await ended(generateImage(call))).jobs };
      const [resumed] = await resumeImages({ ledger: call.ledger, models: call.model });
      return { first, again: resumed?.images.map(({ job }) => job.id) };
    });
    expect(first.error).toMatchObject({ code: 'timeout', billed: 'yes', job: { id: jobsAt(rich)[0] } });
    expect(again).toEqual(jobsAt(rich));
    expect(jobsAt(poor)).toEqual([]);
    expect(jobsAt(rich)).toHaveLength(1);
  });
});

describe('D15: an order that changes its mind', () => {
  test.each([
    ['at once', 0],
    ['after other calls', 5],
  ])('does not change the ledger: the same id, asked again %s, pays nothing', async (_, others) => {
    const world = createWorld({ generationTime: { fixed: 60_000 } });
    const model = [world.wavespeed('seedream-4'), world.apiframe('seedream-4')];
    const ask = (intentId: string) => ended(generateImage({ model, prompt, order: fastest, intentId }));
    const [one, two] = await inVirtualTime(async () => {
      const one = await ask('order-1');
      for (let index = 0; index < others; index += 1) await ask(`other-${index}`);
      return [one, await ask('order-1')] as const;
    });
    expect(one.images).toHaveLength(1);
    expect(two.jobs).toEqual(one.jobs);
    expect(world.emulator.charges()).toHaveLength(1 + others);
  });
});

describe.each(hosts)('D15: a route that names one model of %s twice, each with a size of its own', (host) => {
  test('is taken up with the size that was sent', async () => {
    const world = createWorld({ faults: [{ on: 'submit', host, status: 402 }] });
    const account = world[host];
    const model = [
      { model: account('seedream-4'), size: '1024x1024' },
      { model: account('seedream-4'), size: '2048x2048' },
    ] as const;
    const call = { model, prompt, ledger: createMemoryLedger(), intentId: 'one' };
    const { first, again } = await inVirtualTime(async () => {
      const first = await ended(generateImage({ ...call, timeout: 9_000, jobTimeout: 1_000 }));
      await pause(20_000);
      return { first, again: await generateImage(call) };
    });
    expect(first.error).toMatchObject({ code: 'timeout', billed: 'yes' });
    const [job, ...others] = world.emulator.jobs();
    expect(others).toEqual([]);
    expect(again.images.map((image) => image.job.id)).toEqual([job?.id]);
    expect(again.applied.request.body).toEqual(job?.input);
    expect(JSON.stringify(job?.input)).toContain('2048');
  });
});
