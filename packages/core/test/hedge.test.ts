import type { Fault } from '@imageport/emulator';
import { describe, expect, test, vi } from 'vitest';
import { type HedgeOptions, hedge } from '../src/hedge/index.ts';
import {
  checkImage,
  createMemoryLedger,
  currentJob,
  foldRecord,
  type GeneratedImage,
  generateImage,
  type ImageEvent,
  type Ledger,
  type LedgerEvent,
  resumeImages,
  submitImage,
} from '../src/index.ts';
import { createWorld, inVirtualTime, play, type World } from './world.ts';
// Loaded by the first call with a hedge, which a virtual clock does not wait for.
import '../src/hedge/run-hedged.ts';

const prompt = 'a lighthouse in fog at dawn';
const maxCost = { USD: 1, credit: 100 };
const late = hedge({ after: 10_000, maxCost });
const slow = (host: 'wavespeed' | 'apiframe') => ({ host, on: 'poll', status: 503, times: 1_000 }) as const;
const both = (world: World) => [world.model('wavespeed'), world.model('apiframe')];
const accepted = (world: World) => world.emulator.jobs().map(({ host }) => host);

describe('a hedge', () => {
  test('does nothing while the first is in time', async () => {
    const world = createWorld();
    const ending = await play(world, { model: [world.model('wavespeed'), world.model('apiframe')], hedge: late });
    expect(ending.images).toBe(1);
    expect(world.submits()).toBe(1);
  });

  test('asks the next model when the first is late; the one that lost is reported and stays in the ledger', async () => {
    const world = createWorld({ faults: [slow('wavespeed')] });
    const ledger = createMemoryLedger();
    const events: ImageEvent[] = [];
    const model = [world.model('wavespeed'), world.model('apiframe')];
    const result = await inVirtualTime(() =>
      generateImage({ model, prompt, hedge: late, ledger, onEvent: (event) => events.push(event) }),
    );
    expect(result.images).toHaveLength(1);
    expect(accepted(world).sort()).toEqual(['apiframe', 'wavespeed']);
    expect(result.attempts).toMatchObject([
      { provider: 'wavespeed', outcome: 'aborted', billed: 'yes', cost: { source: 'listed' } },
      { provider: 'apiframe', outcome: 'completed', billed: 'yes' },
    ]);
    expect(events.find(({ type }) => type === 'hedging')).toMatchObject({ after: 10_000, to: 'apiframe:seedream-4' });
    expect(result.warnings.join()).toContain(result.attempts[0]?.job?.id);
    const open: unknown[] = [];
    for await (const record of ledger.open()) open.push(currentJob(foldRecord(record))?.job.id);
    expect(open).toEqual([result.attempts[0]?.job?.id]);
  });

  test('may ask after as long as one job in twenty takes', async () => {
    const world = createWorld({ faults: [slow('wavespeed')] });
    const model = [world.model('wavespeed'), world.model('apiframe')];
    const ending = await play(world, { model, hedge: hedge({ after: 'p95', maxCost }) });
    expect(ending.images).toBe(1);
    expect(ending.duration).toBeGreaterThan(12_000 * Math.exp(1.6 * 0.5));
  });

  test('never spends more than it may', async () => {
    const world = createWorld({ generationTime: { fixed: 30_000 } });
    const events: ImageEvent[] = [];
    const ending = await play(world, {
      model: [world.model('wavespeed'), world.model('apiframe')],
      hedge: hedge({ after: 5_000, maxCost: { USD: 0.000001 } }),
      onEvent: (event) => events.push(event),
    });
    expect(ending.images).toBe(1);
    expect(world.submits()).toBe(1);
    expect(events.map(({ type }) => type)).toContain('warning');
  });

  test('falls back like any route when the first refuses', async () => {
    const world = createWorld({ faults: [{ host: 'wavespeed', on: 'submit', status: 402 }] });
    const ending = await play(world, { model: [world.model('wavespeed'), world.model('apiframe')], hedge: late });
    expect(ending).toMatchObject({ images: 1, attempts: [{ outcome: 'refused' }, { outcome: 'completed' }] });
  });

  test('is remembered: the same intent asked for again is not paid again, whoever won', async () => {
    const refusal: Fault = { host: 'wavespeed', on: 'submit', status: 402 };
    for (const faults of [[slow('wavespeed')], [refusal], [{ ...refusal, delay: 12_000 }]]) {
      const world = createWorld({ faults });
      const ledger = createMemoryLedger();
      const model = [world.model('wavespeed'), world.model('apiframe')];
      const call = () => generateImage({ model, prompt, hedge: late, ledger, intentId: 'same', timeout: 60_000 });
      const paid = await inVirtualTime(async () => {
        expect((await call()).images).toHaveLength(1);
        const charges = world.emulator.charges().length;
        await call().catch(() => undefined);
        return charges;
      });
      expect(world.emulator.charges()).toHaveLength(paid);
    }
  });

  test('goes nowhere after a submit whose outcome is unknown, and after a refusal for content', async () => {
    for (const fault of [
      { on: 'submit', reset: 'after' },
      { on: 'submit', status: 400, body: '{"message":"nsfw"}' },
    ] as const) {
      const world = createWorld({ listLag: 600_000, faults: [{ host: 'wavespeed', ...fault }] });
      const model = [world.model('wavespeed'), world.model('apiframe')];
      const ending = await play(world, { model, hedge: hedge({ after: 80_000, maxCost }) });
      expect(ending.images).toBe(0);
      expect(world.submits('apiframe')).toBe(0);
    }
  });

  test('ends with the worst of both when neither brings a picture', async () => {
    const world = createWorld({ faults: [slow('wavespeed'), slow('apiframe')] });
    const ending = await play(world, { model: [world.model('wavespeed'), world.model('apiframe')], hedge: late });
    expect(ending.error).toMatchObject({ code: 'timeout', billed: 'yes' });
    expect(ending.attempts.map(({ provider }) => provider)).toEqual(['wavespeed', 'apiframe']);
    expect(ending.duration).toBeLessThan(120_500);
  });

  test('whose next model cannot do it leaves the first alone', async () => {
    const world = createWorld({ generationTime: { fixed: 20_000 } });
    const model = [world.model('wavespeed'), world.model('apiframe', 'seedream-5-lite')];
    const ending = await play(world, { model, size: '1280*720', hedge: late });
    expect(ending).toMatchObject({ images: 1, attempts: [{ outcome: 'completed' }] });
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('that was paid while the first refused is found again, not paid again', async () => {
    const world = createWorld({
      faults: [{ host: 'wavespeed', on: 'submit', status: 402, delay: 12_000 }, slow('apiframe')],
    });
    const call = { model: [world.model('wavespeed'), world.model('apiframe')], prompt, hedge: late, intentId: 'late' };
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      const error = await generateImage({ ...call, ledger, timeout: 30_000 }).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'timeout', billed: 'yes', intentId: 'late' });
      for (const again of [undefined, late]) {
        await generateImage({ ...call, hedge: again, ledger, timeout: 30_000 }).catch(() => undefined);
      }
    });
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('that was never sent is dropped by a resume, not sent', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const route = [{ provider: 'wavespeed', modelId: 'seedream-4' }];
    const request = { prompt, images: [], fit: 'exact', providerOptions: {} } as const;
    await ledger.begin({ id: 'cut-off#hedge', createdAt: Date.now(), request, route });
    const resumed = await inVirtualTime(() => resumeImages({ ledger, models: [world.model('wavespeed')] }));
    expect(resumed).toEqual([{ intentId: 'cut-off#hedge', images: [] }]);
    expect(world.submits()).toBe(0);
    for await (const record of ledger.open()) throw new Error(`${record.intent.id} is still open`);
  });

  test('keeps what the caller allowed after an unknown submit', async () => {
    const world = createWorld({ listLag: 600_000, faults: [{ host: 'wavespeed', on: 'submit', reset: 'after' }] });
    const model = [world.model('wavespeed'), world.model('apiframe')];
    const ending = await play(world, { model, hedge: hedge({ after: 100_000, maxCost }), onAmbiguous: 'proceed' });
    expect(ending).toMatchObject({ images: 1, attempts: [{ outcome: 'unknown' }, { outcome: 'completed' }] });
  });

  test('ends with the caller, who is told of both jobs', async () => {
    const world = createWorld({ generationTime: { fixed: 60_000 } });
    const events: ImageEvent[] = [];
    const controller = new AbortController();
    const reason = new Error('enough');
    const error = await inVirtualTime(() => {
      setTimeout(() => controller.abort(reason), 20_000);
      const model = [world.model('wavespeed'), world.model('apiframe')];
      const onEvent = (event: ImageEvent) => events.push(event);
      return generateImage({ model, prompt, hedge: late, signal: controller.signal, onEvent }).catch(
        (thrown) => thrown,
      );
    });
    expect(error).toBe(reason);
    expect(events.filter(({ type }) => type === 'accepted')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({
      type: 'settled',
      outcome: 'aborted',
      billed: 'yes',
      job: { provider: 'wavespeed' },
    });
  });

  const refusal = { code: 'invalid_request', message: expect.stringContaining('`hedge`') };

  test.each([[{ after: 5 }], [{ after: 'p50', maxCost: { USD: 1 } }], [{ after: 5, maxCost: {} }], ['yes']])(
    'is not made of %j',
    (wrong) => {
      expect(() => hedge(wrong as HedgeOptions)).toThrow(expect.objectContaining(refusal));
    },
  );

  test.each([
    ['options in its place', { after: 5, maxCost: { USD: 1 } }],
    ['the function that makes one', hedge],
  ])('is refused as %s', async (_, wrong) => {
    const world = createWorld();
    const model = [world.model('wavespeed'), world.model('apiframe')];
    const error = await generateImage({ model, prompt, hedge: wrong as never }).catch((thrown) => thrown);
    expect(error).toMatchObject(refusal);
    expect(world.submits()).toBe(0);
  });
});

describe('a picture that a hedge brings', () => {
  const refusal: Fault = { host: 'wavespeed', on: 'submit', status: 402, delay: 12_000 };

  test('is delivered once, under the id of the call, before its intent counts as delivered', async () => {
    for (const faults of [[slow('wavespeed')], [refusal]]) {
      const world = createWorld({ faults });
      const ledger = createMemoryLedger();
      const delivered: unknown[] = [];
      const deliver = async ({ job }: GeneratedImage) => {
        await new Promise((resolve) => setTimeout(resolve, 30_000));
        delivered.push(job.provider);
      };
      const result = await inVirtualTime(() =>
        generateImage({ model: both(world), prompt, hedge: late, ledger, deliver, intentId: 'mine' }),
      );
      expect(delivered).toEqual(['apiframe']);
      expect(result.intentId).toBe('mine');
      expect(result.jobs).toMatchObject([{ provider: 'apiframe' }]);
    }
  });

  test('and one that its slower rival finishes while it is delivered is not delivered', async () => {
    const world = createWorld({ generationTime: { fixed: 12_000 } });
    const deliver = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 40_000)));
    const result = await inVirtualTime(() => generateImage({ model: both(world), prompt, hedge: late, deliver }));
    expect(deliver).toHaveBeenCalledOnce();
    expect(result.attempts.map(({ outcome }) => outcome).toSorted()).toEqual(['aborted', 'completed']);
  });

  test('is found under the id of the call without a hedge too, and is whose job it is', async () => {
    const world = createWorld({ faults: [refusal] });
    const ledger = createMemoryLedger();
    const call = { model: both(world), prompt, ledger, intentId: 'mine' };
    await inVirtualTime(async () => {
      const first = await generateImage({ ...call, hedge: late });
      const again = await generateImage(call);
      expect(again.jobs).toEqual(first.jobs);
      const [owner] = await ledger.find({ job: first.jobs[0] ?? expect.unreachable('there is a job') });
      expect(owner?.intent.id).toBe('mine');
    });
    expect(world.emulator.charges()).toHaveLength(1);
    for await (const record of ledger.open()) throw new Error(`${record.intent.id} is still open`);
  });

  test('has its job under the id of the call before it is delivered, and nothing open after', async () => {
    const world = createWorld({ faults: [refusal] });
    const ledger = createMemoryLedger();
    const seen: unknown[] = [];
    const deliver = async ({ job }: GeneratedImage) => {
      for (const { intent, events } of await ledger.find({ job })) seen.push([intent.id, events.map(typeAndAttempt)]);
    };
    await inVirtualTime(() =>
      generateImage({ model: both(world), prompt, ledger, hedge: late, deliver, intentId: 'mine' }),
    );
    const refused = ['sending 1', 'rejected', 'delivered'];
    expect(seen).toEqual([['mine', [...refused, 'sending 2', 'accepted', 'settled']]]);
    for await (const record of ledger.open()) throw new Error(`${record.intent.id} is still open`);
  });

  const typeAndAttempt = (event: LedgerEvent): string =>
    event.type === 'sending' ? `sending ${event.attempt}` : event.type;

  test('may fail to be delivered, and is offered again under the id of the call', async () => {
    const world = createWorld({ faults: [refusal] });
    const ledger = createMemoryLedger();
    const deliver = vi.fn(async () => {
      throw new Error('disk full');
    });
    await inVirtualTime(async () => {
      const call = generateImage({ model: both(world), prompt, ledger, hedge: late, deliver, intentId: 'mine' });
      await expect(call).rejects.toMatchObject({ reason: 'not_saved', billed: 'yes', intentId: 'mine' });
      const [resumed, ...others] = await resumeImages({ ledger, models: [world.model('apiframe')] });
      expect(resumed).toMatchObject({ intentId: 'mine', images: [{ job: { provider: 'apiframe' } }] });
      expect(others).toEqual([]);
    });
    expect(deliver).toHaveBeenCalledOnce();
    expect(world.emulator.charges()).toHaveLength(1);
  });
});

describe('a call with a hedge', () => {
  test('tells its events as one call, and settles once', async () => {
    const outcomes = [
      { faults: [], settled: { outcome: 'completed', provider: 'wavespeed' } },
      { faults: [slow('wavespeed')], settled: { outcome: 'completed', provider: 'apiframe', cost: expect.anything() } },
      { faults: [slow('wavespeed'), slow('apiframe')], settled: { outcome: 'failed', code: 'timeout', billed: 'yes' } },
    ];
    for (const { faults, settled } of outcomes) {
      const world = createWorld({ faults });
      const events: ImageEvent[] = [];
      await play(world, { model: both(world), hedge: late, intentId: 'mine', onEvent: (event) => events.push(event) });
      expect(new Set(events.map(({ intentId }) => intentId))).toEqual(new Set(['mine']));
      expect(events.filter(({ type }) => type === 'settled')).toMatchObject([settled]);
      expect(events.at(-1)?.type).toBe('settled');
    }
  });

  test('has the money of its hedge for itself, for all its pictures together', async () => {
    const world = createWorld({ faults: [slow('wavespeed')] });
    const [check] = await checkImage({ model: world.model('apiframe'), prompt });
    const one = hedge({ after: 10_000, maxCost: { credit: (check?.price.amount ?? 0) * 1.5 } });
    const call = () => generateImage({ model: both(world), prompt, hedge: one, n: 2, timeout: 60_000 });
    await inVirtualTime(async () => {
      for (const hedged of [1, 2]) {
        await call().catch(() => undefined);
        expect(world.submits('apiframe')).toBe(hedged);
      }
    });
  });

  test('that falls back in the moment of the hedge asks no model twice', async () => {
    const world = createWorld({
      generationTime: { fixed: 8_000 },
      faults: [{ host: 'wavespeed', on: 'submit', job: 'fail' }],
    });
    const memory = createMemoryLedger();
    const events: ImageEvent[] = [];
    let settling = 0;
    const ledger: Ledger = {
      ...memory,
      async append(id, fence, event, length) {
        // The fallback waits for this write.
        if (event.type === 'settled' && event.outcome === 'failed') {
          settling = performance.now();
          await new Promise((resolve) => setTimeout(resolve, 5_000));
        }
        return memory.append(id, fence, event, length);
      },
    };
    const model = [world.model('wavespeed'), world.model('wavespeed', 'seedream-3'), world.model('apiframe')];
    const start = performance.now();
    const onEvent = (event: ImageEvent) => events.push(event);
    const after = 11_000;
    const result = await inVirtualTime(() =>
      generateImage({ model, prompt, ledger, onEvent, hedge: hedge({ after, maxCost }) }),
    );
    expect(settling - start).toBeLessThan(after);
    expect(events.find(({ type }) => type === 'hedging')).toMatchObject({ to: 'apiframe:seedream-4' });
    const asked = events.flatMap((event) =>
      event.type === 'submitting' ? [`${event.provider}:${event.modelId}`] : [],
    );
    expect(asked.toSorted()).toEqual(['apiframe:seedream-4', 'wavespeed:seedream-3', 'wavespeed:seedream-4']);
    expect(result.images).toHaveLength(1);
  });

  test('is joined by another for the same id, also while only the hedge is left', async () => {
    const world = createWorld({
      generationTime: { fixed: 15_000 },
      faults: [{ host: 'wavespeed', on: 'submit', status: 402, delay: 12_000 }],
    });
    const call = { model: both(world), prompt, ledger: createMemoryLedger(), intentId: 'mine' };
    const [first, second] = await inVirtualTime(() =>
      Promise.all([
        generateImage({ ...call, hedge: late }),
        new Promise((resolve) => setTimeout(resolve, 18_000)).then(() => generateImage(call)),
      ]),
    );
    expect(second.jobs).toEqual(first.jobs);
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('ends by its deadline although the ledger hangs', async () => {
    for (const hanging of ['begin', 'claim', 'append'] as const) {
      const world = createWorld({ faults: [slow('wavespeed'), slow('apiframe')] });
      const ledger = { ...createMemoryLedger(), [hanging]: () => new Promise<never>(() => undefined) };
      const ending = await play(world, { model: both(world), ledger, hedge: late, timeout: 30_000 });
      expect(ending.error?.code).toBeDefined();
      expect(ending.duration).toBeLessThan(31_000);
    }
  });

  test('reports a ledger that fails as any call does', async () => {
    const world = createWorld();
    const ledger = { ...createMemoryLedger(), begin: () => Promise.reject(new Error('disk full')) };
    const ending = await play(world, { model: both(world), ledger, hedge: late });
    expect(ending.error).toMatchObject({ reason: 'ledger_unavailable', billed: 'no' });
    expect(world.submits()).toBe(0);
  });

  test('ended by its caller before the hedge is aborted like any call', async () => {
    const world = createWorld({ generationTime: { fixed: 60_000 } });
    const controller = new AbortController();
    const reason = new Error('enough');
    const error = await inVirtualTime(() => {
      setTimeout(() => controller.abort(reason), 5_000);
      return generateImage({ model: both(world), prompt, hedge: late, signal: controller.signal }).catch(
        (thrown) => thrown,
      );
    });
    expect(error).toBe(reason);
    expect(world.submits()).toBe(1);
  });
});

describe('a hedge that a crash left behind', () => {
  const request = { prompt, images: [], fit: 'exact', providerOptions: {} } as const;
  const entries = (['wavespeed', 'apiframe'] as const).map((provider) => ({ provider, modelId: 'seedream-4' }));

  /** The first branch was refused, and the hedge went as far as `events`. */
  async function leave(ledger: Ledger, events: readonly LedgerEvent[], duration = 5_000): Promise<void> {
    const own = { id: 'mine', createdAt: Date.now(), request, route: entries };
    const { fence = -1 } = await ledger.begin(own, { owner: 'gone', duration: 1 });
    await ledger.append('mine', fence, { type: 'delivered', at: Date.now() });
    const other = { ...own, id: 'mine#hedge', route: entries.slice(1) };
    const begun = await ledger.begin(other, { owner: 'gone', duration });
    for (const event of events) await ledger.append(other.id, begun.fence ?? -1, event);
  }

  /** What is written down before a submit at Apiframe. */
  const sending = async (world: World, attempt: number): Promise<LedgerEvent> => ({
    ...{ type: 'sending', at: Date.now(), attempt, send: `${attempt}.0.gone`, key: 'key' },
    ...{ target: { provider: 'apiframe', modelId: 'seedream-4' }, words: 'words' },
    request:
      (await checkImage({ model: world.model('apiframe'), prompt }))[0]?.request ?? expect.unreachable('it is fine'),
  });

  test.each([
    ['with', late],
    ['without', undefined],
  ])('is taken up by the next call %s a hedge, and paid once', async (_, again) => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      const job = await submitImage({ model: world.model('apiframe'), prompt });
      const accepted = { type: 'accepted', at: Date.now(), job, send: '1.0.gone', proof: 'answer' } as const;
      await leave(ledger, [await sending(world, 1), accepted]);
      const { jobs } = await generateImage({ model: both(world), prompt, ledger, intentId: 'mine', hedge: again });
      expect(jobs.map(({ id }) => id)).toEqual([job.id]);
    });
    expect(world.emulator.charges()).toHaveLength(1);
    for await (const record of ledger.open()) throw new Error(`${record.intent.id} is still open`);
  });

  test('is searched for when it may have been accepted, and not paid again', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const ending = await inVirtualTime(async () => {
      await leave(ledger, [await sending(world, 1)]);
      const call = { model: both(world), prompt, ledger, intentId: 'mine', hedge: late };
      return generateImage(call).catch((error) => error);
    });
    // Under its key the same request may go out again.
    expect(ending).toMatchObject({ jobs: [{ provider: 'apiframe' }] });
    expect(world.submits()).toBe(1);
    for await (const record of ledger.open()) throw new Error(`${record.intent.id} is still open`);
  });

  test('and that somebody else holds for longer than the call may have cost something', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const error = await inVirtualTime(async () => {
      await leave(ledger, [await sending(world, 1)], 60_000);
      return generateImage({ model: both(world), prompt, ledger, intentId: 'mine', timeout: 8_000 }).catch((e) => e);
    });
    expect(error).toMatchObject({ code: 'timeout', billed: 'unknown', intentId: 'mine' });
    expect(world.submits()).toBe(0);
  });

  test('and never sent anything is closed, and the call begins anew', async () => {
    const world = createWorld({ faults: [{ host: 'wavespeed', on: 'submit', status: 402, times: 2 }] });
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      await leave(ledger, []);
      const call = { prompt, ledger, intentId: 'mine', hedge: late };
      const refused = await generateImage({ ...call, model: world.model('wavespeed') }).catch((error) => error);
      expect(refused).toMatchObject({ code: 'insufficient_credit', billed: 'no' });
      expect((await generateImage({ ...call, model: both(world) })).images).toHaveLength(1);
    });
    expect(world.submits()).toBe(3);
    for await (const record of ledger.open()) throw new Error(`${record.intent.id} is still open`);
  });
});
