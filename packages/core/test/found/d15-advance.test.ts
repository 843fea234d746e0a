import { describe, expect, test, vi } from 'vitest';
import {
  type Advanced,
  advanceImage,
  beginImage,
  createMemoryLedger,
  generateImage,
  type Ledger,
  resumeImages,
  submitImage,
} from '../../src/index.ts';
import { createWorld, inVirtualTime } from '../world.ts';
import { createFlicker } from './flicker.ts';
import { ended, open, pause } from './kit.ts';

// Steps of an intent come early, doubled, or from workers that do not know of each other.

const prompt = 'a lighthouse in fog at dawn';
const routes = [
  ['apiframe', 'wavespeed'],
  ['wavespeed', 'apiframe'],
] as const;
/** More than a step needs. */
const mostSteps = 50;
/** What is true of what somebody else may have paid. */
const perhaps = expect.stringMatching(/^(yes|unknown)$/);

describe('D15: `advanceImage`', () => {
  test.each(routes)('goes on with the next model when a job of %s has failed for good', async (from, to) => {
    const world = createWorld({ faults: [{ on: 'submit', host: from, job: 'fail' }] });
    const models = [world.model(from), world.model(to)] as const;
    const call = { ledger: createMemoryLedger(), intentId: 'one' };
    const { last, duration, charges } = await inVirtualTime(async () => {
      await beginImage({ ...call, model: models, prompt });
      const start = performance.now();
      let last = await advanceImage({ ...call, models });
      for (let count = 1; count < mostSteps && 'at' in last; count += 1) {
        await pause(Math.max(100, last.at - Date.now()));
        last = await advanceImage({ ...call, models });
      }
      return { last, duration: performance.now() - start, charges: world.emulator.charges() };
    });
    expect(charges.map(({ host, refunded }) => [host, refunded])).toEqual([
      [from, true],
      [to, false],
    ]);
    expect(last).toMatchObject({ state: 'delivered', images: [{ job: { id: charges[1]?.jobId } }] });
    expect(duration).toBeLessThan(60_000);
  });

  test('gives back at once what it cannot take up with the models it was given', async () => {
    const world = createWorld();
    const call = { ledger: createMemoryLedger(), intentId: 'one' };
    const { first, second } = await inVirtualTime(async () => {
      await beginImage({ ...call, model: world.model('wavespeed'), prompt });
      const first = await advanceImage({ ...call, models: [world.model('apiframe')] }).catch((error) => error);
      await pause(1_000);
      return { first, second: await advanceImage({ ...call, models: [world.model('wavespeed')] }) };
    });
    expect(first).toMatchObject({ name: 'ImageError', code: 'not_found' });
    expect(second.state).toBe('waiting');
  });
});

describe('D15: steps of a job that is shown as failed for a second, and then as completed', () => {
  const play = async (others: boolean, together: boolean) => {
    const world = createFlicker();
    const models = [world.apiframe('seedream-4'), ...(others ? [world.wavespeed('seedream-4')] : [])] as const;
    const call = { ledger: createMemoryLedger(), intentId: 'one' };
    const step = () => advanceImage({ ...call, models });
    const { early, ...rest } = await inVirtualTime(async () => {
      await beginImage({ ...call, model: models, prompt });
      await step();
      await pause(4_200);
      const early: Advanced[] = [];
      for (let count = 0; count < 2; count += 1)
        early.push(...(together ? await Promise.all([step(), step()]) : [await step()]));
      await pause(30_000);
      return { early, last: await step(), charges: world.emulator.charges() };
    });
    return { early: early.map(({ state }) => state), ...rest };
  };

  test.each([
    ['one after the other, with one model', false, false],
    ['one after the other, with another model left', true, false],
    ['two at once, with one model', false, true],
    ['two at once, with another model left', true, true],
  ])('that come early (%s) do not make two failures of it', async (_, others, together) => {
    const { early, last, charges } = await play(others, together);
    const expected = together ? ['waiting', 'queued', 'waiting', 'queued'] : ['waiting', 'waiting'];
    expect(early).toEqual(expected);
    expect(charges).toMatchObject([{ host: 'apiframe', refunded: false }]);
    expect(last).toMatchObject({ state: 'delivered', images: [{ job: { id: charges[0]?.jobId } }] });
  });
});

describe('D15: a worker that was cut off from what another one pays', () => {
  test('says `no` only while nothing is paid, and its late write changes nothing', async () => {
    const world = createWorld();
    const store = createMemoryLedger();
    const call = { intentId: 'one', timeout: 6_000 };
    const late: Ledger = {
      ...store,
      append: async (...write) => {
        await pause(60_000);
        return store.append(...write);
      },
    };
    const { told, paidThen, states } = await inVirtualTime(async () => {
      const model = world.model('wavespeed');
      await beginImage({ intentId: 'one', model, prompt, ledger: store });
      const told = await advanceImage({ ...call, ledger: late, models: [model] });
      const paidThen = world.emulator.charges().length;
      const states: Advanced['state'][] = [];
      for (const delay of [12_000, 100_000]) {
        await pause(delay);
        states.push((await advanceImage({ ...call, ledger: store, models: [world.fresh('wavespeed')] })).state);
      }
      await pause(60_000);
      return { told, paidThen, states };
    });
    expect(told).toMatchObject({ state: 'failed', error: { code: 'timeout', billed: 'no' } });
    expect(paidThen).toBe(0);
    expect(states).toEqual(['waiting', 'delivered']);
    const [charge, ...others] = world.emulator.charges();
    expect(others).toEqual([]);
    const [record] = await store.find({ job: { provider: 'wavespeed', id: charge?.jobId ?? '' } });
    expect(record?.events.map(({ type }) => type)).toEqual(['sending', 'accepted', 'settled', 'delivered']);
  });

  test.each(['advanceImage', 'generateImage'] as const)(
    'in %s does not say `no` when its process stood still for longer than it held the intent',
    async (how) => {
      const world = createWorld({ generationTime: { fixed: 10 } });
      const slow = open(world, 'wavespeed', { limits: { requestsPerSecond: 1 } })('seedream-4');
      const call = { ledger: createMemoryLedger(), intentId: 'one' };
      const wait = { ...call, timeout: 6_000 };
      const { other, error } = await inVirtualTime(async () => {
        await submitImage({ model: slow, prompt: 'another' });
        await beginImage({ ...call, model: slow, prompt });
        // It waits for its rate; meanwhile the process stands still, so that its timers come late.
        const mine =
          how === 'advanceImage'
            ? advanceImage({ ...wait, models: [slow] }).then((step) => ('error' in step ? step.error : undefined))
            : ended(generateImage({ ...wait, model: slow, prompt })).then((end) => end.error);
        await pause(50);
        const now = performance.now.bind(performance);
        const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 20_000);
        try {
          const other = await advanceImage({ ...call, models: [world.fresh('wavespeed')] });
          return { other, error: await mine };
        } finally {
          clock.mockRestore();
        }
      });
      expect(other.state).toBe('waiting');
      expect(error).toMatchObject({ code: 'timeout', billed: perhaps });
      expect(world.emulator.charges()).toHaveLength(2);
    },
  );

  test('in `resumeImages` does not say `no` of an intent that it cannot take up and somebody else pays', async () => {
    const world = createWorld({ generationTime: { fixed: 20_000 } });
    const ledger = createMemoryLedger();
    const theirs = { model: world.model('apiframe'), prompt, ledger, intentId: 'theirs' };
    const { resumed, other } = await inVirtualTime(async () => {
      await beginImage(theirs);
      await beginImage({ model: world.model('wavespeed'), prompt: 'a pier', ledger, intentId: 'ours' });
      const working = pause(500).then(() => ended(generateImage({ ...theirs, interval: 1_000 })));
      const models = [world.model('wavespeed')];
      const resumed = await resumeImages({ ledger, models, interval: 5_000, timeout: 60_000 });
      return { resumed, other: await working };
    });
    expect(other.images).toHaveLength(1);
    const ends = Object.fromEntries(resumed.map((each) => [each.intentId, each]));
    expect(ends.ours?.images).toHaveLength(1);
    expect(ends.theirs?.error).toMatchObject({ code: 'not_found', billed: perhaps });
    expect(world.emulator.charges()).toHaveLength(2);
  });
});
