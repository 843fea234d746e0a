import { describe, expect, test } from 'vitest';
import {
  checkImage,
  createMemoryLedger,
  type GenerateImageOptions,
  generateImage,
  type ImageError,
  type Intent,
  resumeImages,
  submitImage,
  waitForImage,
} from '../src/index.ts';
import { cheapest, fastest } from '../src/order/index.ts';
import { createWorld, inVirtualTime, play, type World } from './world.ts';

const prompt = 'a lighthouse in fog at dawn';

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

  test('adds to the provider options of the call, and is known to the check', async () => {
    const world = createWorld();
    const [check] = await checkImage({
      model: { model: world.model('wavespeed', 'bytedance/other'), providerOptions: { wavespeed: { steps: 4 } } },
      ...{ prompt, unchecked: true },
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

describe('a 404', () => {
  test.each(['wavespeed', 'apiframe'] as const)('of a submit at %s is a refusal: there is no job', async (host) => {
    const world = createWorld({ faults: [{ host, on: 'submit', status: 404 }] });
    const { attempts } = await play(world, { model: world.model(host), prompt });
    expect(attempts).toMatchObject([{ outcome: 'refused', code: 'not_found', billed: 'no' }]);
  });

  test.each(['wavespeed', 'apiframe'] as const)('of a poll at %s is a failure: the job is gone', async (host) => {
    const world = createWorld({ faults: [{ host, on: 'poll', status: 404, times: 99 }] });
    const { attempts } = await play(world, { model: world.model(host), prompt });
    expect(attempts).toMatchObject([{ outcome: 'failed', code: 'not_found', billed: 'yes' }]);
  });

  test('of a job that was never submitted is a failure', async () => {
    const world = createWorld();
    const job = { provider: 'wavespeed', modelId: 'seedream-4', id: 'f'.repeat(32) };
    const error = await inVirtualTime(() =>
      waitForImage(world.model('wavespeed'), job).catch((thrown: unknown) => thrown),
    );
    expect(error).toMatchObject({ code: 'not_found', reason: 'job_not_found', billed: 'unknown' });
    expect((error as ImageError).attempts).toMatchObject([{ outcome: 'failed' }]);
  });
});

describe('a refund that is not visible yet', () => {
  test('is looked for at the host that failed, although another brought the picture', async () => {
    const world = createWorld({ faults: [{ host: 'wavespeed', on: 'submit', job: 'fail' }] });
    const models = [world.model('wavespeed'), world.model('apiframe')];
    const ledger = createMemoryLedger();
    const open = async (): Promise<number> => {
      let count = 0;
      for await (const _ of ledger.open()) count += 1;
      return count;
    };
    const [before, resumed] = await inVirtualTime(async () => {
      await generateImage({ model: models, prompt, ledger });
      return [await open(), await resumeImages({ ledger, models })] as const;
    });
    expect(before).toBe(1);
    expect(resumed).toMatchObject([{ images: [], intentId: expect.any(String) }]);
    expect(resumed[0]?.error).toBeUndefined();
    expect(await open()).toBe(0);
    expect(world.submits()).toBe(2);
  });
});

describe('a job that is taken up again', () => {
  const size = '1280*720' as const;
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

  test('is not mistaken for a request that differs at the model', async () => {
    const world = createWorld();
    const call = { prompt, intentId: 'same', ledger: createMemoryLedger() };
    const at = (width: number) => ({ model: world.model('wavespeed'), size: `${width}*1024` as const });
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
        model: [world.model('wavespeed', 'seedream-4'), world.model('wavespeed', 'seedream-4.5')],
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
    const models = [world.model('wavespeed', 'seedream-4'), world.model('wavespeed', 'seedream-4.5')];
    const prices = (await checkImage({ model: models, prompt })).map(({ price }) => price.amount ?? Infinity);
    const best = models[prices.indexOf(Math.min(...prices))]?.modelId;
    const { attempts } = await order(world, { model: models.toReversed(), order: cheapest });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({
      modelId: best,
      reason: expect.stringMatching(/^cheapest: [\d.]+ USD, listed$/),
    });
  });

  test('can begin with the one that has been fastest', async () => {
    const world = createWorld({ generationTime: { fixed: 3_000 } });
    for (let count = 0; count < 5; count += 1) await order(world, { model: world.model('wavespeed', 'seedream-4.5') });
    const { attempts } = await order(world, { order: fastest });
    expect(attempts[0]).toMatchObject({
      modelId: 'seedream-4.5',
      reason: expect.stringMatching(/^fastest: \d+ ms, learned$/),
    });
  });

  test('leaves models that cannot do it in the attempts, with the reason', async () => {
    const world = createWorld();
    const model = [world.model('wavespeed', 'no-such-model'), world.model('wavespeed', 'seedream-4')];
    const { attempts } = await order(world, { model, order: cheapest });
    expect(attempts.map(({ outcome }) => outcome).at(-1)).toBe('completed');
  });
});
