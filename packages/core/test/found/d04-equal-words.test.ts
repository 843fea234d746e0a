import { describe, expect, test } from 'vitest';
import type { ProviderOptions } from '../../src/index.ts';
import { createMemoryLedger, createWebhookHub, generateImage, type Ledger, resumeImages } from '../../src/index.ts';
import { createWorld, inVirtualTime, type World } from '../world.ts';
import { candidatesOf, type Ended, ended, listOpen, open, pause } from './kit.ts';

const words = { prompt: 'the same words' };
const lost = { on: 'submit', reset: 'after' } as const;
const neverArrived = { on: 'submit', reset: 'before' } as const;
const unknown = { code: 'submission_unknown', billed: 'unknown' };

/** One customer: a process of its own, asking for what others ask for too. */
function customer(
  world: World,
  ledger: Ledger,
  { modelId = 'seedream-4', ...more }: ProviderOptions & { modelId?: string } = {},
) {
  const provider = open(world, 'wavespeed', more);
  return {
    ask: (options: { seed?: number; timeout?: number; intentId?: string } = {}): Promise<Ended> =>
      ended(generateImage({ model: provider(modelId), ledger, ...words, ...options })),
    resume: () => resumeImages({ ledger, models: [provider(modelId)] }),
  };
}

const ledgers = {
  'a ledger each': () => [createMemoryLedger(), createMemoryLedger()] as const,
  'one ledger': () => {
    const ledger = createMemoryLedger();
    return [ledger, ledger] as const;
  },
};

/** Every job has one owner at most, and one that has none is named to somebody as a candidate. */
function expectOneOwnerEach(world: World, all: readonly Ended[]): void {
  const owned = all.flatMap(({ jobs }) => jobs);
  expect(new Set(owned).size).toBe(owned.length);
  const named = [...owned, ...all.flatMap(candidatesOf)];
  for (const { jobId } of world.emulator.charges()) expect(named).toContain(jobId);
}

describe.each(Object.entries(ledgers))('D4: two processes with equal words and %s', (_, create) => {
  test.each([
    ['that has no seed', 'seedream-4', {}],
    ['that has a seed', 'seedream-3', {}],
    ['with the same seed', 'seedream-3', { seed: 7 }],
  ])("a submit that never arrived never takes the other's job, at a model %s", async (_, modelId, seed) => {
    const world = createWorld({
      faults: [
        { ...neverArrived, nth: 1 },
        { on: 'submit', nth: 2, delay: 30_000 },
      ],
    });
    const [mine, theirs] = create();
    const [one, other] = [customer(world, mine, { modelId }), customer(world, theirs, { modelId })];
    const [missed, slow] = await inVirtualTime(() => Promise.all([one.ask(seed), other.ask(seed)]));
    expect(slow.images).toHaveLength(1);
    expect(missed.error).toMatchObject(unknown);
    expect(missed.jobs).toEqual([]);
  });

  test('two lost answers leave no job in two hands or in none', async () => {
    const world = createWorld({ faults: [{ ...lost, times: 2 }] });
    const [one, other] = create().map((ledger) => customer(world, ledger));
    const all = await inVirtualTime(async () => {
      const first = one?.ask();
      await pause(10_000);
      return Promise.all([first, other?.ask()]);
    });
    expect(world.emulator.charges()).toHaveLength(2);
    expectOneOwnerEach(
      world,
      all.filter((each) => each !== undefined),
    );
  });

  test('a submit that the host takes late is not forgotten for a job that came earlier', async () => {
    const late = { on: 'submit', nth: 1, accepted: false, delay: 100_000 } as const;
    const world = createWorld({ faults: [late, { on: 'submit', nth: 2, delay: 50_000 }] });
    const [mine, theirs] = create();
    await inVirtualTime(async () => {
      const first = customer(world, mine).ask({ intentId: 'first' });
      await pause(40_000);
      const second = customer(world, theirs).ask({ intentId: 'second' });
      expect((await second).images).toHaveLength(1);
      expect((await first).error).toMatchObject(unknown);
    });
    expect(world.emulator.charges()).toHaveLength(2);
    expect((await listOpen(mine)).map(({ intent }) => intent.id)).toEqual(['first']);
  });

  test("is resumed after a restart without taking the other's job", async () => {
    const world = createWorld({ faults: [{ ...neverArrived, nth: 1 }] });
    const [mine, theirs] = create();
    const resumed = await inVirtualTime(async () => {
      expect((await customer(world, mine).ask({ timeout: 10_000 })).error).toMatchObject(unknown);
      await pause(10_000);
      expect((await customer(world, theirs).ask()).images).toHaveLength(1);
      await pause(10_000);
      return customer(world, mine).resume();
    });
    expect(resumed).toMatchObject([{ images: [], error: unknown }]);
    expect(world.emulator.charges()).toHaveLength(1);
  });
});

describe('D4: a listed job without proof', () => {
  test('is named and not taken, although it is the only one', async () => {
    const world = createWorld({ faults: [lost] });
    const one = await inVirtualTime(() => customer(world, createMemoryLedger()).ask());
    expect(one.error).toMatchObject(unknown);
    expect(candidatesOf(one)).toEqual(world.emulator.jobs().map(({ id }) => id));
  });

  test('is not taken from somebody else whose words are the same', async () => {
    const world = createWorld({ faults: [{ ...neverArrived, others: { count: 1, same: true } }] });
    const one = await inVirtualTime(() => customer(world, createMemoryLedger()).ask());
    expect(one.error).toMatchObject(unknown);
    expect(one.jobs).toEqual([]);
  });

  test('is taken when it carries the random seed of this very send', async () => {
    const world = createWorld({ faults: [{ ...lost, times: 2 }] });
    const ask = () => customer(world, createMemoryLedger(), { modelId: 'seedream-3' }).ask();
    const all = await inVirtualTime(() => Promise.all([ask(), ask()]));
    expect(all.map(({ images }) => images.length)).toEqual([1, 1]);
    expectOneOwnerEach(world, all);
  });
});

describe('D4: with `exclusive`, jobs are taken by exact count', () => {
  const exclusive = { exclusive: true } as const;

  test.each([1, 2, 3])('%d lost answers and as many jobs: each takes one', async (count) => {
    const world = createWorld({ faults: [{ ...lost, times: count }] });
    const one = customer(world, createMemoryLedger(), exclusive);
    const all = await inVirtualTime(() => Promise.all(Array.from({ length: count }, () => one.ask())));
    expect(all.map(({ images }) => images.length)).toEqual(all.map(() => 1));
    expectOneOwnerEach(world, all);
  });

  test('fewer jobs than sends that could have made them: nobody takes any', async () => {
    const world = createWorld({ faults: [{ ...neverArrived, nth: 1 }, lost] });
    const one = customer(world, createMemoryLedger(), exclusive);
    const all = await inVirtualTime(() => Promise.all([one.ask(), one.ask()]));
    expect(all.flatMap(({ jobs }) => jobs)).toEqual([]);
    expectOneOwnerEach(world, all);
  });

  test('a parked send counts as well, in another process on the same ledger too', async () => {
    const world = createWorld({ faults: [{ ...neverArrived, nth: 1 }, lost] });
    const ledger = createMemoryLedger();
    const [first, second] = await inVirtualTime(async () => {
      const parked = await customer(world, ledger, exclusive).ask();
      await pause(60_000);
      return [parked, await customer(world, ledger, exclusive).ask()] as const;
    });
    expect(first.error).toMatchObject(unknown);
    expect(second.error).toMatchObject(unknown);
    expect(candidatesOf(second)).toEqual(world.emulator.jobs().map(({ id }) => id));
  });

  test('more jobs than sends: nobody takes any', async () => {
    const world = createWorld({ faults: [{ ...lost, others: { count: 1, same: true } }] });
    const one = await inVirtualTime(() => customer(world, createMemoryLedger(), exclusive).ask());
    expect(one.error).toMatchObject(unknown);
    expect(candidatesOf(one).sort()).toEqual(
      world.emulator
        .jobs()
        .map(({ id }) => id)
        .sort(),
    );
  });
});

describe('D4: a webhook that tells of a job with our words', () => {
  /** Tells what the host would of its n-th job, as a verified webhook. */
  const tell = (world: World, webhooks: ReturnType<typeof createWebhookHub>, nth: number): void => {
    const job = world.emulator.jobs()[nth];
    if (!job) throw new Error('the host has no such job');
    const createdAt = new Date(job.createdAt).toISOString();
    const body = { id: job.id, model: job.model, status: 'completed', input: job.input, created_at: createdAt };
    const snapshot = world.wavespeed.adapter.parse({ ...body, outputs: ['https://example.com/a.png'] });
    webhooks.notify({ job: { provider: 'wavespeed', id: job.id }, snapshot });
  };

  test.each([
    ['before the send', 0],
    ['after it', 5_000],
  ])('%s gives nobody the job of another process', async (_, delay) => {
    const world = createWorld({ listLag: 600_000, faults: [{ ...neverArrived, nth: delay ? 1 : 2 }] });
    const webhooks = createWebhookHub();
    const theirs = customer(world, createMemoryLedger());
    const provider = open(world, 'wavespeed');
    const ask = () => ended(generateImage({ model: provider('seedream-4'), webhooks, ...words }));
    const one = await inVirtualTime(async () => {
      const mine = delay ? ask() : undefined;
      await pause(delay / 2);
      expect((await theirs.ask()).images).toHaveLength(1);
      tell(world, webhooks, 0);
      await pause(20_000 - delay);
      return mine ?? ask();
    });
    expect(one.error).toMatchObject(unknown);
    expect(one.jobs).toEqual([]);
  });

  test('is believed when it carries the random seed of the send', async () => {
    const world = createWorld({ listLag: 600_000, faults: [lost] });
    const webhooks = createWebhookHub();
    const provider = open(world, 'wavespeed');
    const one = await inVirtualTime(async () => {
      const asked = ended(generateImage({ model: provider('seedream-3'), webhooks, ...words }));
      await pause(6_000);
      tell(world, webhooks, 0);
      return asked;
    });
    expect(one.jobs).toEqual(world.emulator.jobs().map(({ id }) => id));
  });
});
