import { describe, expect, test } from 'vitest';
import { hedge } from '../../src/hedge/index.ts';
import '../../src/hedge/run-hedged.ts';
import {
  advanceImage,
  beginImage,
  checkImage,
  createImageClient,
  createMemoryLedger,
  generateImages,
  type ImageEvent,
  type ImageOptions,
  type Job,
  pollImage,
  removeBackground,
  resumeImages,
  streamImage,
  submitImage,
  upscaleImage,
  varyImage,
  waitForImage,
} from '../../src/index.ts';
import { toPng } from '../pictures.ts';
import { inVirtualTime } from '../world.ts';
import { createStudio, type Studio } from './kit.ts';

const image = 'https://fake.example/lighthouse.png';
const job: Job = { provider: 'fake', modelId: 'paint', id: 'grid-1' };

/** One call of each verb as data, and what the host gets for it. */
const calls: [string, (studio: Studio) => Exclude<ImageOptions, { task?: 'generate' }>, string, object][] = [
  [
    'upscaleImage',
    (studio) => ({ task: 'upscale', model: studio.model('larger'), image, scale: 4, seed: 7 }),
    '/studio/larger',
    { image, by: 4, seed: 7 },
  ],
  [
    'removeBackground',
    (studio) => ({ task: 'remove-background', model: studio.model('cut'), image, outputFormat: 'webp' }),
    '/studio/cut',
    { image, format: 'webp' },
  ],
  [
    'varyImage',
    (studio) => ({ task: 'vary', model: studio.model('paint'), job, action: 'variation', index: 2 }),
    '/studio/again',
    { parent: 'grid-1', action: 'variation', index: 2 },
  ],
];

function run(options: ImageOptions) {
  const { task, ...rest } = options;
  if (task === 'upscale') return upscaleImage(rest as never);
  return task === 'vary' ? varyImage(rest as never) : removeBackground(rest as never);
}

describe.each(calls)('%s', (_, toCall, path, body) => {
  test('submits once, waits and returns what generateImage returns', async () => {
    const studio = createStudio();
    const events: ImageEvent[] = [];
    const result = await inVirtualTime(() => run({ ...toCall(studio), onEvent: (event) => events.push(event) }));
    expect(studio.submits).toEqual([[path, expect.objectContaining(body)]]);
    expect(result).toMatchObject({
      images: [{ job: { provider: 'fake' } }],
      attempts: [{ billed: 'yes', submits: 1 }],
    });
    expect(result.cost.source).toBe('listed');
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['submitting', 'accepted', 'settled']));
  });

  test('is finished by another process after a crash, without a second submit', async () => {
    const studio = createStudio();
    const ledger = createMemoryLedger();
    const submitted = await inVirtualTime(() => submitImage({ ...toCall(studio), ledger }));
    const resumed = await inVirtualTime(() => resumeImages({ ledger, models: [studio.anew('paint')] }));
    expect(resumed).toMatchObject([{ images: [{ job: { id: submitted.id } }] }]);
    expect(studio.submits).toHaveLength(1);
    expect(await inVirtualTime(() => resumeImages({ ledger, models: [studio.anew('paint')] }))).toEqual([]);
  });

  test('is sent and finished one step at a time from what another process wrote down', async () => {
    const studio = createStudio();
    const ledger = createMemoryLedger();
    const { intentId } = await inVirtualTime(() => beginImage({ ...toCall(studio), ledger }));
    const models = [studio.anew('paint')];
    const states: string[] = [];
    await inVirtualTime(async () => {
      while (states.at(-1) !== 'delivered' && states.length < 9) {
        const step = await advanceImage({ ledger, intentId, models });
        states.push(step.state);
        if ('at' in step) await new Promise((resolve) => setTimeout(resolve, Math.max(0, step.at - Date.now())));
      }
    });
    expect(states.at(-1)).toBe('delivered');
    expect(studio.submits).toEqual([[path, expect.objectContaining(body)]]);
  });

  test('joins a call with the same intentId, and refuses another request under it', async () => {
    const studio = createStudio();
    const ledger = createMemoryLedger();
    const call = { ...toCall(studio), ledger, intentId: 'one' };
    const [first, second] = await inVirtualTime(() => Promise.all([run(call), run(call)]));
    expect(second.jobs).toEqual(first.jobs);
    expect(studio.submits).toHaveLength(1);
    const other = await run({ ...call, providerOptions: { fake: { seed: 9 } } }).catch((error: unknown) => error);
    expect(other).toMatchObject({ code: 'invalid_request', reason: 'intent_conflict' });
  });

  test('can be polled and waited for by its job', async () => {
    const studio = createStudio();
    const ledger = createMemoryLedger();
    const own = await inVirtualTime(() => submitImage({ ...toCall(studio), ledger }));
    const model = studio.model(own.modelId);
    expect(await inVirtualTime(() => pollImage(model, own))).toMatchObject({ state: 'processing' });
    expect(await inVirtualTime(() => waitForImage(model, own, { ledger }))).toMatchObject({ state: 'completed' });
  });

  test('is checked, streamed and batched by its `task`', async () => {
    const studio = createStudio();
    const call = toCall(studio);
    expect(await checkImage(call)).toMatchObject([{ verdict: 'supported', request: { path, body } }]);
    expect(studio.submits).toEqual([]);
    const stream = streamImage(call);
    expect((await inVirtualTime(() => stream.result)).images).toHaveLength(1);
    const ends = await inVirtualTime(async () => {
      const all = [];
      for await (const end of generateImages([call, call])) all.push(end.outcome);
      return all;
    });
    expect(ends).toEqual(['completed', 'completed']);
    expect(studio.submits).toHaveLength(3);
  });

  test('keeps to maxCost and to its deadline', async () => {
    const studio = createStudio({ parse: () => ({ id: 'job-x', state: 'processing', outputs: [] }) });
    const dear = await run({ ...toCall(studio), maxCost: { USD: 0.001 } }).catch((error: unknown) => error);
    expect(dear).toMatchObject({ reason: 'over_budget', billed: 'no' });
    const slow = await inVirtualTime(() =>
      run({ ...toCall(studio), timeout: 30_000 }).catch((error: unknown) => error),
    );
    expect(slow).toMatchObject({ code: 'timeout', billed: 'yes', job: { id: 'job-x' } });
  });

  test('may be hedged, and pays both as generateImage does', async () => {
    const studio = createStudio();
    const call = toCall(studio);
    const model = [call.model, call.model] as never;
    const hedged = { ...call, model, hedge: hedge({ after: 1, maxCost: { USD: 1 } }) };
    const { images, warnings } = await inVirtualTime(() => run(hedged));
    expect(images).toHaveLength(1);
    expect(warnings.join()).toMatch(/was asked as well, and its job \S+ is paid/);
    expect(studio.submits.map(([where]) => where)).toEqual([path, path]);
  });

  test('goes to the next model of a route, each asked in its own way', async () => {
    const studio = createStudio();
    const call = toCall(studio);
    const result = await inVirtualTime(() => run({ ...call, model: [studio.model('nowhere'), call.model as never] }));
    expect(result.attempts).toMatchObject([{ outcome: 'refused', submits: 0 }, { outcome: 'completed' }]);
  });
});

describe('how much larger', () => {
  const upscale = (more: object) => async () => {
    const studio = createStudio();
    const model = 'model' in more ? studio.model(String(more.model)) : studio.model('larger');
    const result = await inVirtualTime(() => upscaleImage({ image, ...more, model }));
    return { sent: studio.submits[0]?.[1], adaptations: result.applied.adaptations, warnings: result.warnings };
  };

  test('is a factor in the list of the model, or refused', async () => {
    await expect(upscale({ scale: 3 })()).rejects.toThrow(/`scale`: the model takes 2 or 4; or give fit: 'nearest'/);
    await expect(upscale({ scale: 4 })()).resolves.toMatchObject({ sent: { by: 4 }, adaptations: [] });
  });

  test.each([
    [3, 4],
    [2.5, 2],
    [1, 2],
    [16, 4],
  ])('%d becomes the nearest factor %d if that is asked for, and the result says so', async (scale, by) => {
    const { sent, adaptations, warnings } = await upscale({ scale, fit: 'nearest' })();
    const reason = 'the nearest factor that the model takes';
    expect(sent).toMatchObject({ by });
    expect(adaptations).toEqual([{ option: 'scale', asked: `${scale}`, sent: `${by}`, reason }]);
    expect(warnings[0]).toContain(`\`scale\` ${scale} became ${by}`);
  });

  test('is a resolution where the model takes that, and each says which it takes', async () => {
    await expect(upscale({ model: 'sharper', resolution: '4k' })()).resolves.toMatchObject({ sent: { target: '4k' } });
    await expect(upscale({ model: 'sharper', scale: 2, fit: 'nearest' })()).rejects.toThrow(
      /`scale`: the model takes no factor; give `resolution`: 2K or 4K/,
    );
    await expect(upscale({ resolution: '4K' })()).rejects.toThrow(/`resolution`: .*give `scale`: 2 or 4/);
  });

  test('may be said in another way for each model of a route', async () => {
    const studio = createStudio();
    const route = [{ model: studio.model('sharper'), resolution: '4K' as const }, studio.model('larger')];
    const checks = await checkImage({ task: 'upscale', model: route, image, scale: 2 });
    expect(checks.map(({ request }) => request?.body)).toMatchObject([{ target: '4k' }, { by: 2 }]);
    const other = [{ model: studio.model('larger'), scale: 4 }, studio.model('sharper')];
    const turned = await checkImage({ task: 'upscale', model: other, image, resolution: '2K' });
    expect(turned.map(({ request }) => request?.body)).toMatchObject([{ by: 4 }, { target: '2k' }]);
  });
});

describe('a model that cannot do it', () => {
  const refused = async (options: ImageOptions) => (await checkImage(options))[0]?.error?.message;

  test('is refused with the verb that it can', async () => {
    const studio = createStudio();
    await expect(upscaleImage({ model: studio.model('cut'), image })).rejects.toMatchObject({
      code: 'unsupported',
      billed: 'no',
      message: expect.stringMatching(/is no model for upscaleImage; it is one for removeBackground/),
    });
    await expect(removeBackground({ model: studio.model('larger'), image })).rejects.toThrow(/one for upscaleImage/);
    await expect(varyImage({ model: studio.model('cut'), job, action: 'pan' })).rejects.toThrow(/for removeBackground/);
    expect(await refused({ model: studio.model('cut'), prompt: 'x' })).toMatch(/one for removeBackground/);
    expect(await refused({ task: 'upscale', model: studio.model('paint'), image })).toMatch(
      /one for generateImage and varyImage/,
    );
    expect(studio.submits).toEqual([]);
  });

  test('is refused outside the tables, where nobody knows how it is asked', async () => {
    const { model } = createStudio();
    expect(await refused({ task: 'upscale', model: model('x/new'), image })).toMatch(
      /is in no table, so how it is asked by upscaleImage is not known; generateImage sends/,
    );
  });

  test('names the option by the name that it has in the verb', async () => {
    const studio = createStudio({
      families: [
        { task: 'upscale', models: [{ ids: ['odd'], native: 'x/odd' }], accepts: {}, fields: {}, toWire: () => ({}) },
      ],
    });
    expect(await refused({ task: 'upscale', model: studio.model('odd'), image })).toMatch(/cannot honour `image`/);
  });
});

describe('varyImage', () => {
  test('refuses a job of another host, and one that was accepted at another address', async () => {
    const { model, submits } = createStudio();
    const vary = (more: Partial<Job>) => varyImage({ model: model('paint'), action: 'pan', job: { ...job, ...more } });
    await expect(vary({ provider: 'other' })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/cannot honour `job`: it is one of other/),
    });
    await expect(vary({ origin: 'https://elsewhere.example' })).rejects.toMatchObject({
      code: 'invalid_request',
      reason: 'other_address',
      billed: 'no',
    });
    expect(submits).toEqual([]);
  });

  test('takes a job from a result and a mask without a picture', async () => {
    const studio = createStudio({ upload: { path: '/upload', field: 'file', parse: () => expect.fail('no upload') } });
    const mask = toPng(40);
    await inVirtualTime(async () => {
      const first = await varyImage({ model: studio.model('paint'), job, action: 'upsample', index: 1 });
      const [own = job] = first.jobs;
      await varyImage({ model: studio.model('paint'), job: own, action: 'inpaint', mask, prompt: 'a red roof' });
      return first;
    });
    expect(studio.submits[1]?.[1]).toMatchObject({
      parent: studio.submits[0] && expect.stringMatching(/^job-/),
      mask: expect.stringMatching(/^data:image\/png;base64,/),
      prompt: 'a red roof',
    });
  });
});

test('pictures and masks given as data are uploaded where a host takes only addresses', async () => {
  const upload = { path: '/upload', field: 'file', parse: (body: unknown) => (body as { url: string }).url };
  const studio = createStudio({ upload });
  const client = createImageClient({ model: studio.model('paint') });
  await inVirtualTime(async () => {
    await client.generateImage({ prompt: 'a roof', images: [toPng(40)], mask: toPng(41) });
    return client.upscaleImage({ model: studio.model('larger'), image: toPng(42), scale: 2 });
  });
  const url = expect.stringMatching(/^https:\/\/fake\.example\/uploaded/);
  expect(studio.submits.map(([, body]) => body)).toMatchObject([{ images: [url], mask: url }, { image: url }]);
});

test('a client binds what is about the call to every verb, and a size of pictures to be made to none', async () => {
  const studio = createStudio();
  const seen: string[] = [];
  const client = createImageClient({
    ...{ model: studio.model('larger'), size: '512*512', n: 2, prompt: 'a lighthouse' },
    onEvent: ({ type }) => seen.push(type),
  });
  await inVirtualTime(async () => {
    await client.upscaleImage({ image, scale: 2 });
    await client.removeBackground({ image, model: studio.model('cut') });
    return client.varyImage({ job, action: 'pan', model: studio.model('paint') });
  });
  expect(studio.submits.map(([path]) => path)).toEqual(['/studio/larger', '/studio/cut', '/studio/again']);
  expect(seen.filter((type) => type === 'settled')).toHaveLength(3);
  const checks = await client.checkImage({ task: 'upscale', image });
  expect(checks).toMatchObject([{ verdict: 'supported' }]);
});

test('a batch may name the verb and what is common to its items once', async () => {
  const studio = createStudio();
  const common = { task: 'upscale', model: studio.model('larger'), scale: 2, timeout: 60_000 } as const;
  const sent = await inVirtualTime(async () => {
    for await (const _ of generateImages([{ image }, { image, scale: 4 }], common)) {
      // Only what is sent counts here.
    }
    return studio.submits.map(([, body]) => body.by);
  });
  expect(sent.sort()).toEqual([2, 4]);
});
