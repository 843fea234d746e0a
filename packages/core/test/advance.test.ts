import { describe, expect, test, vi } from 'vitest';
import {
  type Advanced,
  type AdvanceImageOptions,
  advanceImage,
  beginImage,
  createMemoryLedger,
  type Ledger,
} from '../src/index.ts';
import { open } from './found/kit.ts';
import { createWorld, type HostName, hosts, inVirtualTime, type World } from './world.ts';

const prompt = 'a lighthouse in fog';

interface Ride {
  readonly steps: Advanced[];
  readonly last: Advanced;
}

/** Calls again whenever the last answer said so, each time as a process of its own, and never sleeps in between. */
async function ride(
  world: World,
  ledger: Ledger,
  host: HostName,
  more: Partial<AdvanceImageOptions> = {},
): Promise<Ride> {
  const steps: Advanced[] = [];
  for (let count = 0; count < 60; count += 1) {
    const model = open(world, host)('seedream-3');
    const step = await advanceImage({ ledger, intentId: 'a', models: [model], ...more });
    steps.push(step);
    if (step.state === 'delivered' || step.state === 'failed') return { steps, last: step };
    if (step.state === 'parked' && step.at > Date.now() + 600_000) return { steps, last: step };
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, step.at - Date.now())));
  }
  throw new Error('it never ends');
}

async function begin(world: World, ledger: Ledger, host: HostName): Promise<void> {
  await beginImage({ model: open(world, host)('seedream-3'), prompt, ledger, intentId: 'a' });
}

describe.each(hosts)('advanceImage at %s', (host) => {
  test('brings the picture step by step, one request a step, and is paid once', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const delivered = vi.fn();
    const { steps, last } = await inVirtualTime(async () => {
      await begin(world, ledger, host);
      expect(world.emulator.requests()).toHaveLength(0);
      return ride(world, ledger, host, { deliver: (image, { intentId }) => delivered(image.url, intentId) });
    });
    expect(last).toMatchObject({ state: 'delivered', images: [{ url: expect.any(String) }] });
    expect(steps.slice(0, -1).every(({ state }) => state === 'waiting')).toBe(true);
    expect(world.emulator.requests().length).toBe(steps.length);
    expect(delivered).toHaveBeenCalledExactlyOnceWith(expect.any(String), 'a');
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('never sleeps: every step ends without a timer of its own passing', async () => {
    const world = createWorld({ generationTime: { fixed: 60_000 } });
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      await begin(world, ledger, host);
      for (let count = 0; count < 5; count += 1) {
        const before = performance.now();
        await advanceImage({ ledger, intentId: 'a', models: [open(world, host)('seedream-3')] });
        expect(performance.now() - before).toBeLessThan(1_000);
      }
    });
  });

  test('a lost answer is settled without a second payment', async () => {
    const world = createWorld({ faults: [{ on: 'submit', reset: 'after' }] });
    const ledger = createMemoryLedger();
    const { last } = await inVirtualTime(async () => {
      await begin(world, ledger, host);
      return ride(world, ledger, host);
    });
    expect(last.state).toBe('delivered');
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('two that advance the same intent at once send one request', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const both = await inVirtualTime(async () => {
      await begin(world, ledger, host);
      const step = () => advanceImage({ ledger, intentId: 'a', models: [open(world, host)('seedream-3')] });
      return Promise.all([step(), step()]);
    });
    expect(both.map(({ state }) => state).sort()).toEqual(['queued', 'waiting']);
    expect(world.submits()).toBe(1);
  });

  test('a failed job is believed at the second step that shows it', async () => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'fail' }] });
    const ledger = createMemoryLedger();
    const [{ steps, last }, again] = await inVirtualTime(async () => {
      await begin(world, ledger, host);
      const first = await ride(world, ledger, host);
      return [first, await ride(world, ledger, host)] as const;
    });
    expect(last).toMatchObject({ state: 'failed', error: { code: 'job_failed', billed: 'no' } });
    expect(steps.length).toBeGreaterThan(2);
    expect(again.steps).toMatchObject([{ state: 'failed', error: { billed: 'no' } }]);
    expect(world.submits()).toBe(1);
  });

  test('a busy account says when to come again, and nothing is sent', async () => {
    const world = createWorld({ generationTime: { fixed: 60_000 } });
    const busy = open(world, host, { limits: { submitsPerMinute: 1 } });
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      for (const intentId of ['a', 'b']) await beginImage({ model: busy('seedream-3'), prompt, ledger, intentId });
      const step = (intentId: string) => advanceImage({ ledger, intentId, models: [busy('seedream-3')] });
      expect(await step('a')).toMatchObject({ state: 'waiting' });
      const second = await step('b');
      expect(second).toMatchObject({ state: 'queued' });
      expect(second.state === 'queued' && second.at - Date.now()).toBeGreaterThan(50_000);
    });
    expect(world.submits()).toBe(1);
  });

  test('a refusal goes on to the next model of the route, in a step of its own', async () => {
    const world = createWorld({ faults: [{ on: 'submit', host, status: 402 }] });
    const other = host === 'wavespeed' ? 'apiframe' : 'wavespeed';
    const ledger = createMemoryLedger();
    const { last } = await inVirtualTime(async () => {
      const model = [open(world, host)('seedream-4'), open(world, other)('seedream-4')];
      await beginImage({ model, prompt, ledger, intentId: 'a' });
      return ride(world, ledger, host, { models: model });
    });
    expect(last).toMatchObject({ state: 'delivered', images: [{ job: { provider: other } }] });
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test.each([
    ['that cannot do it', 'seedream-4.5', { seed: 7 }],
    ["that its host's list has dropped", 'seedream-3', {}],
  ])('a model %s is passed over in the same step', async (_, first, options) => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const { last, steps } = await inVirtualTime(async () => {
      const model = [open(world, 'wavespeed')(first), open(world, 'apiframe')('seedream-3')];
      await beginImage({ model, prompt, ...options, ledger, intentId: 'a' });
      return ride(world, ledger, host, { models: model });
    });
    expect(steps[0]).toMatchObject({ state: 'waiting', job: { provider: 'apiframe' } });
    expect(last).toMatchObject({ state: 'delivered' });
  });
});

test('a submit that nobody can find is parked, searched for again, and never sent again', async () => {
  const world = createWorld({ listLag: 3_600_000, faults: [{ on: 'submit', reset: 'after' }] });
  const ledger = createMemoryLedger();
  const [parked, found] = await inVirtualTime(async () => {
    await begin(world, ledger, 'wavespeed');
    const first = await ride(world, ledger, 'wavespeed');
    await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    return [first.last, (await ride(world, ledger, 'wavespeed')).last] as const;
  });
  expect(parked).toMatchObject({ state: 'parked', error: { code: 'submission_unknown', billed: 'unknown' } });
  expect(found).toMatchObject({ state: 'delivered' });
  expect(world.emulator.charges()).toHaveLength(1);
});

test('what no model can do is refused when it is written down, and nothing is', async () => {
  const world = createWorld();
  const ledger = createMemoryLedger();
  const asked = beginImage({ model: world.model('wavespeed', 'seedream-4'), prompt, seed: 7, ledger, intentId: 'a' });
  await expect(asked).rejects.toMatchObject({ code: 'unsupported', billed: 'no' });
  await expect(advanceImage({ ledger, intentId: 'a', models: [world.model('wavespeed')] })).rejects.toMatchObject({
    stage: 'ledger',
    billed: 'no',
  });
});

test.each([
  ['no models', { models: [] }, '`models`'],
  ['an empty intent', { intentId: '' }, '`intentId`'],
  ['no ledger', { ledger: undefined }, '`ledger`'],
  ['a timeout of nothing', { timeout: 0 }, '`timeout`'],
])('%s is refused by name', async (_, wrong, name) => {
  const world = createWorld();
  const options = { ledger: createMemoryLedger(), intentId: 'a', models: [world.model('wavespeed')], ...wrong };
  await expect(advanceImage(options as AdvanceImageOptions)).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining(name),
  });
});

test.each(['maxCost', 'quote'] as const)(
  'beginImage takes no %s, which only the call that spends can keep',
  async (name) => {
    const world = createWorld();
    const options = {
      model: world.model('wavespeed'),
      prompt,
      ledger: createMemoryLedger(),
      maxCost: { USD: 1 },
      quote: 'live',
    };
    const { maxCost, quote, ...rest } = options;
    const given = { ...rest, ...(name === 'maxCost' ? { maxCost } : { quote }) };
    await expect(beginImage(given as never)).rejects.toMatchObject({
      ...{ code: 'invalid_request', billed: 'no', message: expect.stringContaining(`\`${name}\``) },
    });
  },
);
