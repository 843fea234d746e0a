import type { Fault } from '@imageport/emulator';
import { describe, expect, test } from 'vitest';
import {
  checkImage,
  createMemoryLedger,
  foldRecord,
  type GenerateImageOptions,
  generateImage,
  type ImageEvent,
  type Intent,
  resumeImages,
  submitImage,
  waitForImage,
} from '../src/index.ts';
import { createWorld, inVirtualTime, play, type World } from './world.ts';

const prompt = 'a lighthouse in fog at dawn';
const accepted = (world: World) => world.emulator.jobs().map(({ host }) => host);

describe('what differs at one model of a route', () => {
  test('is sent there and nowhere else', async () => {
    const world = createWorld({ faults: [{ host: 'wavespeed', on: 'submit', status: 402 }] });
    const fallback = {
      model: world.model('apiframe', 'seedream-5-lite'),
      aspectRatio: '16:9',
      resolution: '2K',
    } as const;
    const result = await inVirtualTime(() =>
      generateImage({ model: [world.model('wavespeed'), fallback], prompt, size: '1280*720' }),
    );
    expect(result.applied).toMatchObject({ provider: 'apiframe' });
    expect(JSON.stringify(result.applied.request.body)).toContain('"aspect_ratio":"16:9"');
    expect(JSON.stringify(result.applied.request.body)).not.toContain('1280');
  });

  test('adds to the provider options of the call, and is known to the check', () => {
    const world = createWorld();
    const [check] = checkImage({
      model: { model: world.model('wavespeed', 'bytedance/other'), providerOptions: { wavespeed: { steps: 4 } } },
      prompt,
      providerOptions: { wavespeed: { strength: 1 } },
    });
    expect(check?.request?.body).toMatchObject({ steps: 4, strength: 1 });
  });

  test('is refused like any option when it is nonsense', async () => {
    const world = createWorld();
    const call = (model: unknown) => generateImage({ model, prompt } as GenerateImageOptions).catch((error) => error);
    expect(await call([{ model: world.model('wavespeed'), size: 'large' }])).toMatchObject({ code: 'invalid_request' });
    expect(await call([{ model: world.model('wavespeed'), colour: 'red' }])).toMatchObject({ code: 'invalid_request' });
    expect(await call([{ model: 'wavespeed:seedream-4' }])).toMatchObject({ code: 'invalid_request' });
    expect(world.submits()).toBe(0);
  });

  test('survives a crash: what was never sent is sent as it was meant', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const overrides = { size: { width: 1024, height: 2048 } };
    const route = [{ provider: 'wavespeed', modelId: 'seedream-4', overrides }];
    const request = { prompt, images: [], fit: 'exact', providerOptions: {} } as const;
    await ledger.begin({ id: 'cut-off', createdAt: Date.now(), request, route });
    const [resumed] = await inVirtualTime(() => resumeImages({ ledger, models: [world.model('wavespeed')] }));
    expect(resumed?.error).toBeUndefined();
    expect(world.emulator.jobs()[0]?.input).toMatchObject({ size: '1024*2048' });
  });
});

describe('a job that is taken up again', () => {
  const size = '1280*720';
  const wide = { aspectRatio: '16:9', resolution: '2K' } as const;

  test('is the one that was begun, although the same model stands in the route twice', async () => {
    const world = createWorld({ generationTime: { fixed: 20_000 } });
    const lite = world.model('apiframe', 'seedream-5-lite');
    const call = {
      model: [lite, { model: lite, ...wide }],
      prompt,
      size,
      intentId: 'again',
      ledger: createMemoryLedger(),
    };
    const [error, result] = await inVirtualTime(async () => [
      await generateImage({ ...call, timeout: 8_000 }).catch((thrown) => thrown),
      await generateImage(call),
    ]);
    expect(error).toMatchObject({ code: 'timeout', billed: 'yes' });
    expect(result?.jobs[0]?.id).toBe(error.job.id);
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('is waited for by model and job alone, whatever differed at its model', async () => {
    const world = createWorld();
    const lite = world.model('apiframe', 'seedream-5-lite');
    const ledger = createMemoryLedger();
    const status = await inVirtualTime(async () => {
      const job = await submitImage({ model: { model: lite, ...wide }, prompt, size, ledger });
      return waitForImage(lite, job, { ledger });
    });
    expect(status.images).toHaveLength(1);
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('is not mistaken for a wish that differs at the model', async () => {
    const world = createWorld();
    const call = { prompt, intentId: 'same', ledger: createMemoryLedger() };
    const at = (width: number) => ({ model: world.model('wavespeed'), size: `${width}*1024` });
    const error = await inVirtualTime(async () => {
      await generateImage({ ...call, model: at(1024) });
      return generateImage({ ...call, model: at(2048) }).catch((thrown) => thrown);
    });
    expect(error).toMatchObject({ code: 'invalid_request', reason: 'intent_conflict' });
  });

  test('a seed of one model counts on with the pictures', async () => {
    const world = createWorld();
    const { images } = await inVirtualTime(() =>
      generateImage({ model: { model: world.model('wavespeed', 'seedream-3.1'), seed: 7 }, prompt, n: 3 }),
    );
    expect(images.map(({ seed }) => seed)).toEqual([7, 8, 9]);
  });

  test('a seed of one model is kept for the picture that a resume sends', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const target = { model: world.model('wavespeed', 'seedream-3.1'), seed: 7 };
    await inVirtualTime(async () => {
      const begun: Intent[] = [];
      const watching = {
        ...ledger,
        begin(intent: Intent) {
          begun.push(intent);
          return ledger.begin(intent);
        },
      };
      await generateImage({ model: target, prompt, n: 2, ledger: watching });
      const last = begun.find(({ id }) => id.endsWith('#2'));
      if (last) await ledger.begin({ ...last, id: 'never sent' });
      await resumeImages({ ledger, models: [target.model] });
    });
    expect(world.emulator.jobs().map(({ input }) => input.seed)).toEqual([7, 8, 8]);
  });
});

describe('the order of a route', () => {
  const order = (world: World, options: Partial<GenerateImageOptions>) =>
    inVirtualTime(() =>
      generateImage({
        model: [world.model('wavespeed', 'seedream-4'), world.model('wavespeed', 'seedream-3')],
        prompt,
        ...options,
      }),
    );

  test('is as given, unless told otherwise', async () => {
    const { attempts } = await order(createWorld(), {});
    expect(attempts.map(({ modelId, reason }) => [modelId, reason])).toEqual([['seedream-4', undefined]]);
  });

  test('can begin with the cheapest, and says why', async () => {
    const world = createWorld();
    const models = [world.model('wavespeed', 'seedream-4'), world.model('wavespeed', 'seedream-3.1')];
    const prices = checkImage({ model: models, prompt }).map(({ price }) => price.amount ?? Infinity);
    const cheapest = models[prices.indexOf(Math.min(...prices))]?.modelId;
    const { attempts } = await order(world, { model: models.toReversed(), order: 'cheapest' });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({
      modelId: cheapest,
      reason: expect.stringMatching(/^cheapest: [\d.]+ USD, listed$/),
    });
  });

  test('can begin with the one that has been fastest', async () => {
    const world = createWorld({ generationTime: { fixed: 3_000 } });
    for (let count = 0; count < 5; count += 1) await order(world, { model: world.model('wavespeed', 'seedream-3') });
    const { attempts } = await order(world, { order: 'fastest' });
    expect(attempts[0]).toMatchObject({
      modelId: 'seedream-3',
      reason: expect.stringMatching(/^fastest: \d+ ms, learned$/),
    });
  });

  test('leaves models that cannot do it in the attempts, with the reason', async () => {
    const world = createWorld();
    const model = [world.model('wavespeed', 'no-such-model'), world.model('wavespeed', 'seedream-4')];
    const { attempts } = await order(world, { model, order: 'cheapest' });
    expect(attempts.map(({ outcome }) => outcome).at(-1)).toBe('completed');
  });
});

describe('a hedge', () => {
  const hedge = { after: 10_000, maxCost: { USD: 1, credit: 100 } } as const;
  const slow = (host: 'wavespeed' | 'apiframe') => ({ host, on: 'poll', status: 503, times: 1_000 }) as const;

  test('does nothing while the first is in time', async () => {
    const world = createWorld();
    const ending = await play(world, { model: [world.model('wavespeed'), world.model('apiframe')], hedge });
    expect(ending.images).toBe(1);
    expect(world.submits()).toBe(1);
  });

  test('asks the next model when the first is late; the one that lost is reported and stays in the ledger', async () => {
    const world = createWorld({ faults: [slow('wavespeed')] });
    const ledger = createMemoryLedger();
    const events: ImageEvent[] = [];
    const model = [world.model('wavespeed'), world.model('apiframe')];
    const result = await inVirtualTime(() =>
      generateImage({ model, prompt, hedge, ledger, onEvent: (event) => events.push(event) }),
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
    for await (const record of ledger.open()) open.push(foldRecord(record).job?.id);
    expect(open).toEqual([result.attempts[0]?.job?.id]);
  });

  test('may ask after as long as one job in twenty takes', async () => {
    const world = createWorld({ faults: [slow('wavespeed')] });
    const model = [world.model('wavespeed'), world.model('apiframe')];
    const ending = await play(world, { model, hedge: { ...hedge, after: 'p95' } });
    expect(ending.images).toBe(1);
    expect(ending.duration).toBeGreaterThan(12_000 * Math.exp(1.6 * 0.5));
  });

  test('never spends more than it may', async () => {
    const world = createWorld({ generationTime: { fixed: 30_000 } });
    const events: ImageEvent[] = [];
    const ending = await play(world, {
      model: [world.model('wavespeed'), world.model('apiframe')],
      hedge: { after: 5_000, maxCost: { USD: 0.000001 } },
      onEvent: (event) => events.push(event),
    });
    expect(ending.images).toBe(1);
    expect(world.submits()).toBe(1);
    expect(events.map(({ type }) => type)).toContain('warning');
  });

  test('falls back like any route when the first refuses', async () => {
    const world = createWorld({ faults: [{ host: 'wavespeed', on: 'submit', status: 402 }] });
    const ending = await play(world, { model: [world.model('wavespeed'), world.model('apiframe')], hedge });
    expect(ending).toMatchObject({ images: 1, attempts: [{ outcome: 'refused' }, { outcome: 'completed' }] });
  });

  test('is remembered: the same intent asked for again is not paid again, whoever won', async () => {
    const refusal: Fault = { host: 'wavespeed', on: 'submit', status: 402 };
    for (const faults of [[slow('wavespeed')], [refusal], [{ ...refusal, delay: 12_000 }]]) {
      const world = createWorld({ faults });
      const ledger = createMemoryLedger();
      const model = [world.model('wavespeed'), world.model('apiframe')];
      const call = () => generateImage({ model, prompt, hedge, ledger, intentId: 'same', timeout: 60_000 });
      const paid = await inVirtualTime(async () => {
        expect((await call()).images).toHaveLength(1);
        const charges = world.emulator.charges().length;
        await call().catch(() => undefined);
        return charges;
      });
      expect(world.emulator.charges()).toHaveLength(paid);
    }
  });

  test('goes nowhere after a submit whose fate is unknown, and after a refusal for content', async () => {
    for (const fault of [
      { on: 'submit', reset: 'after' },
      { on: 'submit', status: 400, body: '{"message":"nsfw"}' },
    ] as const) {
      const world = createWorld({ listLag: 600_000, faults: [{ host: 'wavespeed', ...fault }] });
      const model = [world.model('wavespeed'), world.model('apiframe')];
      const ending = await play(world, { model, hedge: { ...hedge, after: 80_000 } });
      expect(ending.images).toBe(0);
      expect(world.submits('apiframe')).toBe(0);
    }
  });

  test('ends with the worst of both when neither brings a picture', async () => {
    const world = createWorld({ faults: [slow('wavespeed'), slow('apiframe')] });
    const ending = await play(world, { model: [world.model('wavespeed'), world.model('apiframe')], hedge });
    expect(ending.error).toMatchObject({ code: 'timeout', billed: 'yes' });
    expect(ending.attempts.map(({ provider }) => provider)).toEqual(['wavespeed', 'apiframe']);
    expect(ending.duration).toBeLessThan(120_500);
  });

  test('whose next model cannot do it leaves the first alone', async () => {
    const world = createWorld({ generationTime: { fixed: 20_000 } });
    const model = [world.model('wavespeed'), world.model('apiframe', 'seedream-5-lite')];
    const ending = await play(world, { model, size: '1280*720', hedge });
    expect(ending).toMatchObject({ images: 1, attempts: [{ outcome: 'completed' }] });
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('that was paid while the first refused is found again, not paid again', async () => {
    const world = createWorld({
      faults: [{ host: 'wavespeed', on: 'submit', status: 402, delay: 12_000 }, slow('apiframe')],
    });
    const call = { model: [world.model('wavespeed'), world.model('apiframe')], prompt, hedge, intentId: 'late' };
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      const error = await generateImage({ ...call, ledger, timeout: 30_000 }).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'timeout', billed: 'yes', intentId: 'late' });
      await generateImage({ ...call, ledger, timeout: 30_000 }).catch(() => undefined);
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
    const ending = await play(world, { model, hedge: { ...hedge, after: 100_000 }, onAmbiguous: 'proceed' });
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
      return generateImage({ model, prompt, hedge, signal: controller.signal, onEvent }).catch((thrown) => thrown);
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

  test.each([[{ after: 5 }], [{ after: 'p50', maxCost: { USD: 1 } }], [{ after: 5, maxCost: {} }], ['yes']])(
    'is refused as %j',
    async (wrong) => {
      const world = createWorld();
      const model = [world.model('wavespeed'), world.model('apiframe')];
      const error = await generateImage({ model, prompt, hedge: wrong as never }).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('`hedge`') });
    },
  );
});
