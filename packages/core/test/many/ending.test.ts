import { describe, expect, test } from 'vitest';
import {
  createMemoryLedger,
  foldRecord,
  generateImages,
  type ImageBatchResult,
  type Ledger,
  type LedgerRecord,
  phaseOf,
} from '../../src/index.ts';
import { createWorld, inVirtualTime } from '../world.ts';
import { indexes, outcomes, pass, prompts, take, takeAll, watched } from './kit.ts';

async function open(ledger: Ledger): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.open()) records.push(record);
  return records;
}

const phases = async (ledger: Ledger): Promise<string[]> =>
  (await open(ledger)).map((record) => phaseOf(foldRecord(record)));

/** Answers to submits come late: the job is accepted by then. */
const slowAnswers =
  (duration: number) =>
  (inner: typeof fetch): typeof fetch =>
  async (input, init) => {
    const answer = await inner(input, init);
    const { method } = new Request(input, init);
    if (method === 'POST') await pass(duration);
    return answer;
  };

describe('an aborted batch', () => {
  test('starts nothing more, names the paid jobs and throws the reason of the signal', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const controller = new AbortController();
    const source = watched(prompts(9));
    const results: ImageBatchResult[] = [];
    const model = world.model('wavespeed');
    const options = { model, intentId: 'b', ledger, concurrency: 3, signal: controller.signal };
    await inVirtualTime(async () => {
      setTimeout(() => controller.abort('closing time'), 2000);
      const all = async (): Promise<void> => {
        for await (const result of generateImages(source, options)) results.push(result);
      };
      await expect(all()).rejects.toBe('closing time');
    });
    expect(outcomes(results)).toEqual({ aborted: 3 });
    const paid = world.emulator.jobs().map(({ id }) => id);
    const named = results.flatMap((each) => (each.outcome === 'aborted' ? each.jobs.map(({ id }) => id) : []));
    expect(named.sort()).toEqual(paid.sort());
    expect(results[0]).toMatchObject({ billed: 'yes', reason: 'closing time' });
    expect([source.reads, source.isClosed]).toEqual([3, true]);
    expect(await phases(ledger)).toEqual(['accepted', 'accepted', 'accepted']);

    const again = await inVirtualTime(() => takeAll(prompts(9), { model, intentId: 'b', ledger }));
    const earlier = again.filter((each) => each.outcome === 'completed' && each.earlier);
    expect(indexes(earlier).sort()).toEqual([0, 1, 2]);
    expect(world.emulator.charges()).toHaveLength(9);
  });

  test('waits for the answer to a submit that is under way, so that its outcome is known', async () => {
    const world = createWorld({}, slowAnswers(3000));
    const ledger = createMemoryLedger();
    const signal = AbortSignal.abort();
    const controller = new AbortController();
    await inVirtualTime(async () => {
      const options = { model: world.model('wavespeed'), ledger, signal: controller.signal };
      setTimeout(() => controller.abort(), 1000);
      await expect(takeAll(prompts(2), options)).rejects.toThrow('aborted');
      await expect(takeAll(prompts(2), { ...options, signal })).rejects.toThrow('aborted');
    });
    expect(await phases(ledger)).toEqual(['accepted', 'accepted']);
    expect(world.submits()).toBe(2);
  });

  test('gives what was finished before, and throws nothing when nothing was left to do', async () => {
    const world = createWorld();
    const controller = new AbortController();
    await inVirtualTime(async () => {
      const batch = generateImages(prompts(2), { model: world.model('wavespeed'), signal: controller.signal });
      await batch.next();
      await pass(60_000);
      controller.abort();
      expect(await batch.next()).toMatchObject({ value: { outcome: 'completed' } });
      expect(await batch.next()).toEqual({ done: true, value: undefined });
    });
  });

  test('says of an item with several pictures which are paid, and how many may be', async () => {
    const world = createWorld({
      faults: [
        { on: 'submit', nth: 2, reset: 'after', times: 9 },
        { on: 'list', status: 500, times: 99 },
      ],
    });
    const controller = new AbortController();
    const options = { model: world.model('wavespeed'), signal: controller.signal, ledger: createMemoryLedger() };
    const results = await inVirtualTime(async () => {
      setTimeout(() => controller.abort('enough'), 2000);
      const batch = generateImages([{ prompt: 'a fox', n: 3 }, ...prompts(0)], options);
      const first = await batch.next();
      await expect(batch.next()).rejects.toBe('enough');
      return first.value;
    });
    const id = world.emulator.jobs()[0]?.id;
    expect(results).toMatchObject({ outcome: 'aborted', billed: 'yes', unknown: 2, jobs: [{ id }] });
  });

  test('item ends alone when the signal is its own', async () => {
    const world = createWorld();
    const items = [{ prompt: 'a fox', signal: AbortSignal.abort('not this one') }, ...prompts(1)];
    const results = await inVirtualTime(() => takeAll(items, { model: world.model('wavespeed') }));
    expect(outcomes(results)).toEqual({ aborted: 1, completed: 1 });
    expect(results[0]).toMatchObject({ index: 0, reason: 'not this one', billed: 'no', jobs: [] });
  });
});

describe('a batch that its reader leaves', () => {
  test('loses nothing that is paid: the jobs are accepted in the ledger when the loop has ended', async () => {
    const world = createWorld({}, slowAnswers(3000));
    const ledger = createMemoryLedger();
    const source = watched([{ prompt: '' }, ...prompts(8)]);
    const options = { model: world.model('wavespeed'), intentId: 'b', ledger, concurrency: 4 };
    await inVirtualTime(async () => {
      for await (const { outcome } of generateImages(source, options)) {
        expect(outcome).toBe('failed');
        await pass(1000);
        break;
      }
      expect((await phases(ledger)).every((phase) => phase === 'accepted')).toBe(true);
      expect(await phases(ledger)).toHaveLength(world.submits());
    });
    expect(world.submits()).toBeGreaterThan(0);
    expect(source.isClosed).toBe(true);
    const again = await inVirtualTime(() => takeAll([{ prompt: '' }, ...prompts(8)], options));
    expect(outcomes(again)).toEqual({ failed: 1, completed: 8 });
    expect(world.emulator.charges()).toHaveLength(8);
  });

  test('lets a picture that is being delivered be delivered', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const delivered: string[] = [];
    await inVirtualTime(async () => {
      let handing = (): void => undefined;
      const begun = new Promise<void>((resolve) => {
        handing = resolve;
      });
      const batch = generateImages(prompts(1), {
        model: world.model('wavespeed'),
        ledger,
        async deliver({ job }) {
          handing();
          await pass(5000);
          delivered.push(job.id);
        },
      });
      const next = batch.next();
      await begun;
      expect(await batch.return()).toEqual({ done: true, value: undefined });
      expect(await next).toEqual({ done: true, value: undefined });
    });
    expect(delivered).toHaveLength(1);
    expect(await open(ledger)).toEqual([]);
  });

  test('does not wait for a source that has nothing to say', async () => {
    const world = createWorld();
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const batch = generateImages(silent, { model: world.model('wavespeed') });
    const next = batch.next();
    await batch.return();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe('a source that fails', () => {
  test('ends the batch with its error, after the results of what was begun', async () => {
    const world = createWorld();
    async function* source() {
      yield* prompts(2);
      throw new Error('the disk is gone');
    }
    const results: ImageBatchResult[] = [];
    await inVirtualTime(async () => {
      const batch = generateImages(source(), { model: world.model('wavespeed') });
      const all = async (): Promise<void> => {
        for await (const result of batch) results.push(result);
      };
      await expect(all()).rejects.toThrow('the disk is gone');
    });
    expect(outcomes(results)).toEqual({ completed: 2 });
  });
});

describe('maxCost of a batch', () => {
  test('holds for all items together, and the rest is not started and says so', async () => {
    const world = createWorld();
    const results = await inVirtualTime(() =>
      takeAll(prompts(6), { model: world.model('wavespeed'), maxCost: { USD: 0.09 } }),
    );
    expect(outcomes(results)).toEqual({ completed: 3, not_started: 3 });
    const [rest] = results.filter(({ outcome }) => outcome === 'not_started');
    const told = { code: 'unsupported', reason: 'over_budget', billed: 'no' };
    expect(rest?.error).toMatchObject({ ...told, message: '`maxCost` of the batch is spent' });
    expect(world.submits()).toBe(3);
  });

  test('waits for money that may come back before it gives up', async () => {
    const world = createWorld({ faults: [{ host: 'apiframe', on: 'submit', job: 'fail' }] });
    const results = await inVirtualTime(() =>
      takeAll(prompts(3), { model: world.model('apiframe'), maxCost: { credit: 6 } }),
    );
    expect(outcomes(results)).toEqual({ failed: 1, completed: 2 });
    expect(world.submits()).toBe(3);
  });

  test('refuses alone what could never fit, and counts all pictures of an item', async () => {
    const world = createWorld();
    const items = [
      { prompt: 'too many', n: 4 },
      { prompt: 'no listed price', model: world.model('wavespeed', 'bytedance/seedream-v5.5') },
      { prompt: 'in credits', model: world.model('apiframe') },
      { prompt: 'two', n: 2 },
      { prompt: 'one' },
    ];
    const results = await inVirtualTime(() =>
      takeAll(items, { model: world.model('wavespeed'), maxCost: { USD: 0.1 } }),
    );
    const ends = results.sort((a, b) => a.index - b.index).map(({ outcome, error }) => error?.message ?? outcome);
    expect(ends).toEqual([
      'its 4 pictures cost more than `maxCost` of the batch',
      'its price is not listed, so `maxCost` cannot be kept',
      'it is priced in credit, and `maxCost` names no credit',
      'completed',
      'completed',
    ]);
    expect(world.submits()).toBe(3);
  });

  test('does not keep what an earlier run has paid from being found', async () => {
    const world = createWorld();
    const options = { model: world.model('wavespeed'), intentId: 'b', maxCost: { USD: 0.06 } };
    const first = await inVirtualTime(() => takeAll(prompts(4), { ...options, concurrency: 1 }));
    expect(outcomes(first)).toEqual({ completed: 2, not_started: 2 });
    const items = prompts(4)
      .map((item, index) => ({ ...item, intentId: `b/${index}` }))
      .reverse();
    const again = await inVirtualTime(() => takeAll(items, { ...options, maxCost: { USD: 0.03 }, concurrency: 1 }));
    expect(again.map((each) => [each.outcome, each.outcome === 'completed' && each.earlier])).toEqual([
      ['completed', false],
      ['not_started', false],
      ['completed', true],
      ['completed', true],
    ]);
    expect(world.submits()).toBe(3);
    expect(again[1]?.error?.message).toBe('`maxCost` of the batch is spent');
  });

  test('stands beside the cap of an item', async () => {
    const world = createWorld();
    const items = [{ prompt: 'a fox', maxCost: { USD: 0.02 } }, { prompt: 'a hare' }];
    const results = await inVirtualTime(() =>
      take(generateImages(items, { model: world.model('wavespeed'), maxCost: { USD: 0.03 } })),
    );
    expect(outcomes(results)).toEqual({ failed: 1, completed: 1 });
    expect(results.find(({ error }) => error)?.error).toMatchObject({ reason: 'over_budget' });
  });
});
