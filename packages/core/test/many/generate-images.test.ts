import { createWavespeed } from '@imageport/wavespeed';
import { describe, expect, test } from 'vitest';
import { fetchTransport } from '../../src/host/fetch-transport.ts';
import {
  createImageClient,
  createMemoryLedger,
  type GeneratedImage,
  generateImage,
  generateImages,
  type Ledger,
  type Limits,
} from '../../src/index.ts';
import { createWorld, inVirtualTime, type World } from '../world.ts';
import { indexes, outcomes, pass, prompts, take, takeAll, watched } from './kit.ts';

/** An account with these limits. */
const limited = ({ emulator }: World, limits: Limits) =>
  createWavespeed({
    apiKey: emulator.wavespeed.apiKey,
    baseUrl: 'https://wavespeed.example.com/wavespeed',
    transport: fetchTransport(emulator.fetch),
    limits,
  })('seedream-4');

/** Much can happen while it writes an intent down. */
function createSlowLedger(): Ledger {
  const memory = createMemoryLedger();
  return { ...memory, begin: (...intent) => pass(500).then(() => memory.begin(...intent)) };
}

describe('the results of a batch', () => {
  test('come in order of completion, each with its index and its item', async () => {
    const world = createWorld();
    const items = [{ prompt: 'a fox' }, { prompt: ' ' }, { prompt: 'a hare' }];
    const results = await inVirtualTime(() => takeAll(items, { model: world.model('wavespeed'), intentId: 'b' }));
    expect(indexes(results).sort()).toEqual([0, 1, 2]);
    expect(results[0]).toMatchObject({
      index: 1,
      intentId: 'b/1',
      outcome: 'failed',
      error: { code: 'invalid_request', message: '`prompt` must not be empty' },
    });
    for (const { index, item } of results) expect(item).toBe(items[index]);
    expect(outcomes(results)).toEqual({ failed: 1, completed: 2 });
    const fox = results.find(({ index }) => index === 0);
    expect(fox?.result?.images).toHaveLength(1);
    expect(world.submits()).toBe(2);
  });

  test('are those of items that fail too, which does not stop the others', async () => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'moderated', nth: 2 }] });
    const items = [...prompts(3), 7 as never, { prompt: 'x', aspectratio: '1:1' } as never];
    const results = await inVirtualTime(() => takeAll(items, { model: world.model('wavespeed') }));
    expect(outcomes(results)).toEqual({ failed: 3, completed: 2 });
    const codes = results.flatMap(({ error }) => error?.code ?? []);
    expect(codes.sort()).toEqual(['invalid_request', 'invalid_request', 'moderated']);
  });

  test('come from lists, generators and async generators alike, and an item wins over what is common', async () => {
    const world = createWorld();
    const [wavespeed, apiframe] = [world.model('wavespeed'), world.model('apiframe')];
    async function* source() {
      yield { prompt: 'a fox', model: apiframe };
      yield { prompt: 'a hare', model: undefined };
    }
    const results = await inVirtualTime(() => takeAll(source(), { model: wavespeed }));
    const hosts = results.map(({ index, result }) => [index, result?.applied.provider]).sort();
    expect(hosts).toEqual([
      [0, 'apiframe'],
      [1, 'wavespeed'],
    ]);
    expect(await inVirtualTime(() => takeAll([], { model: wavespeed }))).toEqual([]);
    expect(await inVirtualTime(() => takeAll(new Set(prompts(2)), { model: wavespeed }))).toHaveLength(2);
  });

  test('belong to the pictures and events that `deliver` and `onEvent` were given with their entry', async () => {
    const world = createWorld();
    const seen: [string, number, string][] = [];
    const own: GeneratedImage[] = [];
    const items = [...prompts(2), { prompt: 'own', deliver: (image: GeneratedImage) => void own.push(image) }];
    await inVirtualTime(() =>
      takeAll(items, {
        model: world.model('wavespeed'),
        deliver: (_, { index, intentId }) => void seen.push(['deliver', index, intentId]),
        onEvent: ({ type, intentId }, { index }) => void (type === 'accepted' && seen.push([type, index, intentId])),
        intentId: 'b',
      }),
    );
    const of = (type: string) => seen.filter(([each]) => each === type).map(([, index, id]) => `${index} ${id}`);
    expect(of('deliver').sort()).toEqual(['0 b/0', '1 b/1']);
    expect(of('accepted').sort()).toEqual(['0 b/0', '1 b/1', '2 b/2']);
    expect(own).toHaveLength(1);
  });

  test('come from a client with its defaults too', async () => {
    const world = createWorld();
    const client = createImageClient({ model: world.model('wavespeed'), maxCost: { USD: 0.06 } });
    const results = await inVirtualTime(() => take(client.generateImages(prompts(3), { concurrency: 1 })));
    expect(outcomes(results)).toEqual({ completed: 2, not_started: 1 });
  });
});

describe('back-pressure', () => {
  test('nothing is read or sent before the first result is asked for', async () => {
    const world = createWorld();
    const source = watched(prompts(3));
    const batch = generateImages(source, { model: world.model('wavespeed') });
    await inVirtualTime(async () => {
      await pass(60_000);
      expect(source.reads + world.emulator.requests().length).toBe(0);
      expect(await batch.return()).toEqual({ done: true, value: undefined });
      expect(await batch.next()).toEqual({ done: true, value: undefined });
    });
    expect(source.reads).toBe(0);
  });

  test('the source is read no further than concurrency and the results that were taken allow', async () => {
    const world = createWorld();
    const source = watched(prompts(10));
    await inVirtualTime(async () => {
      const batch = generateImages(source, { model: world.model('wavespeed'), concurrency: 3 });
      for (let taken = 1; taken <= 4; taken += 1) {
        await batch.next();
        await pass(120_000);
        expect([source.reads, world.submits()]).toEqual([taken + 3, taken + 3]);
      }
      await batch.return();
    });
    expect(source.isClosed).toBe(true);
  });

  test('no more jobs run at once than `concurrency` says', async () => {
    const world = createWorld();
    let [running, most] = [0, 0];
    await inVirtualTime(() =>
      takeAll(prompts(9), {
        model: world.model('wavespeed'),
        concurrency: 4,
        onEvent({ type }) {
          if (type === 'accepted') running += 1;
          if (type === 'settled') running -= 1;
          most = Math.max(most, running);
        },
      }),
    );
    expect(most).toBe(4);
  });
});

describe('an account with limits', () => {
  test('takes 1,200 prompts at once, however short its queue', async () => {
    const world = createWorld();
    const model = limited(world, { jobs: 100, queue: 5 });
    const results = await inVirtualTime(() => takeAll(prompts(1200), { model, concurrency: 1200 }));
    expect(outcomes(results)).toEqual({ completed: 1200 });
    expect(world.emulator.charges()).toHaveLength(1200);
  }, 120_000);

  test('whose queue others fill is tried again until there is a place', async () => {
    const world = createWorld();
    const model = limited(world, { jobs: 1, queue: 0 });
    await inVirtualTime(async () => {
      const others = prompts(1).map(({ prompt }) => generateImage({ model, prompt }));
      const batches = await Promise.all([takeAll(prompts(3), { model }), takeAll(prompts(3), { model })]);
      for (const results of batches) expect(outcomes(results)).toEqual({ completed: 3 });
      await Promise.all(others);
    });
  });

  test('gives every item its turn, although the time of a call ends before, and the ledger is slow', async () => {
    const world = createWorld({ generationTime: { fixed: 50_000 } });
    const options = { model: limited(world, { jobs: 1 }), timeout: 70_000, ledger: createSlowLedger() };
    const results = await inVirtualTime(() => takeAll(prompts(6), options));
    expect(outcomes(results)).toEqual({ completed: 6 });
    expect(world.emulator.charges()).toHaveLength(6);
  });

  test('whose only place somebody else takes for longer than a call may last is waited for', async () => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'never' }] });
    const model = limited(world, { jobs: 1 });
    await inVirtualTime(async () => {
      const items = takeAll(prompts(2), { model, timeout: 60_000, ledger: createSlowLedger() });
      await pass(100);
      const other = generateImage({ model, prompt: 'a hare', timeout: 200_000 });
      await expect(other).rejects.toMatchObject({ code: 'timeout', billed: 'yes' });
      expect(outcomes(await items)).toEqual({ completed: 2 });
    });
    expect(world.submits()).toBe(3);
  });
});

describe('the same batch again', () => {
  test('finds what was delivered and pays only for what is new', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const options = { model: world.model('wavespeed'), intentId: 'import-7', ledger };
    const first = await inVirtualTime(() => takeAll(prompts(3), options));
    expect(first.map((each) => each.outcome === 'completed' && each.earlier)).toEqual([false, false, false]);
    const again = await inVirtualTime(() => takeAll(prompts(4), options));
    const earlier = again.filter((each) => each.outcome === 'completed' && each.earlier);
    expect(indexes(earlier).sort()).toEqual([0, 1, 2]);
    const jobOf = (results: typeof first, index: number) =>
      results.find((each) => each.index === index)?.result?.images[0]?.job.id;
    for (const index of [0, 1, 2]) expect(jobOf(again, index)).toBe(jobOf(first, index));
    expect(world.emulator.charges()).toHaveLength(4);
  });

  test('delivers what was delivered before once more, and says what it cost then', async () => {
    const world = createWorld();
    const delivered: string[] = [];
    const deliver = ({ job }: GeneratedImage) => void delivered.push(job.id);
    const options = { model: world.model('apiframe'), intentId: 'b', ledger: createMemoryLedger(), deliver };
    const [first] = await inVirtualTime(() => takeAll(prompts(1), options));
    const [again] = await inVirtualTime(() => takeAll(prompts(1), options));
    expect(delivered).toHaveLength(2);
    expect(delivered[0]).toBe(delivered[1]);
    expect(again?.result?.cost).toEqual(first?.result?.cost);
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('is known by the id that a batch without one was given', async () => {
    const world = createWorld();
    const model = world.model('wavespeed');
    const batch = generateImages(prompts(2), { model });
    await inVirtualTime(() => take(batch));
    await inVirtualTime(() => takeAll(prompts(2), { model, intentId: batch.intentId }));
    expect(world.emulator.charges()).toHaveLength(2);
  });

  test('refuses another request under the id of an earlier one, and own ids follow their items', async () => {
    const world = createWorld();
    const model = world.model('wavespeed');
    const own = prompts(3).map((item, index) => ({ ...item, intentId: `page-${index}` }));
    await inVirtualTime(() => takeAll(own, { model, intentId: 'b' }));
    const moved = await inVirtualTime(() => takeAll([...own].reverse(), { model, intentId: 'b' }));
    expect(outcomes(moved)).toEqual({ completed: 3 });
    await inVirtualTime(() => takeAll(prompts(2), { model, intentId: 'c' }));
    const other = await inVirtualTime(() => takeAll(prompts(3).slice(1), { model, intentId: 'c' }));
    expect(other.map(({ error }) => error?.reason)).toEqual(['intent_conflict', 'intent_conflict']);
    expect(world.emulator.charges()).toHaveLength(5);
  });
});

describe('a wrong option', () => {
  test.each<[string, object]>([
    ['concurrency', { concurrency: 0 }],
    ['concurrency', { concurrency: 1.5 }],
    ['concurrency', { concurrency: '4' }],
    ['intentId', { intentId: 'two words' }],
    ['intentId', { intentId: 'x'.repeat(181) }],
    ['maxCost', { maxCost: 5 }],
    ['signal', { signal: {} }],
    ['deliver', { deliver: true }],
    ['onEvent', { onEvent: 'log' }],
    ['timeout', { timeout: 0 }],
    ['aspectratio', { aspectratio: '1:1' }],
  ])('of all items is refused before the source is read: %s %o', async (name, more) => {
    const world = createWorld();
    const source = watched(prompts(2));
    const batch = generateImages(source, { model: world.model('wavespeed'), ...more });
    await expect(batch.next()).rejects.toMatchObject({ code: 'invalid_request', billed: 'no' });
    await expect(batch.next()).rejects.toThrow(`\`${name}\``);
    expect(source.reads).toBe(0);
  });

  test.each([undefined, 7, 'a fox', { prompt: 'a fox' }])('instead of a source is refused: %o', async (items) => {
    const world = createWorld();
    await expect(takeAll(items as never, { model: world.model('wavespeed') })).rejects.toMatchObject({
      code: 'invalid_request',
      message: '`items` must be a list, a generator or another iterable of options',
    });
  });
});
