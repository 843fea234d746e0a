import { APICallError, type ImageModelV4 } from '@ai-sdk/provider';
import { createMemoryLedger, createRegistry, ImageError, type RouteOption } from '@imageport/core';
import { createIntentBook } from '@imageport/core/book';
import { createProviderRegistry, generateImage, NoSuchModelError, RetryError } from 'ai';
import { createProviderRegistry as createRegistryForSix, generateImage as generateForSix } from 'ai-6';
import { afterEach, describe, expect, test } from 'vitest';
import { createImageport, imageErrorOf } from '../src/index.ts';
import { createImageport as createForSix } from '../src/v3.ts';
import { inVirtualTime } from './clock.ts';
import { ask, prompt } from './door.ts';
import { createWorld } from './world.ts';

const global = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };
afterEach(() => {
  delete global.AI_SDK_DEFAULT_PROVIDER;
});

function open() {
  const world = createWorld();
  const registry = createRegistry({ models: { hero: 'wavespeed:seedream-4' } }, [world.wavespeed, world.apiframe]);
  return { world, registry, imageport: createImageport({ registry }) };
}

test.each(['imageport:hero', 'imageport:wavespeed:bytedance/seedream-v4'] as const)(
  'the registry of the AI SDK leads %s to it, in both versions',
  async (name) => {
    const { world, registry, imageport } = open();
    const seven = createProviderRegistry({ imageport }).imageModel(name);
    const six = createRegistryForSix({ imageport: createForSix({ registry }) }).imageModel(name);
    await inVirtualTime(() =>
      Promise.all([generateImage({ model: seven, prompt }), generateForSix({ model: six, prompt })]),
    );
    expect(world.emulator.charges().map(({ model }) => model)).toEqual(Array(2).fill('bytedance/seedream-v4'));
  },
);

test('as the default provider it makes what a plain name means', async () => {
  const { world, imageport } = open();
  global.AI_SDK_DEFAULT_PROVIDER = imageport;
  const { images } = await inVirtualTime(() => generateImage({ model: 'hero', prompt }));
  expect([images.length, world.emulator.charges().length]).toEqual([1, 1]);
});

test('routes may be given as they are, with what differs at a model', async () => {
  const { world } = open();
  const models = {
    hero: [{ model: world.wavespeed('seedream-4'), size: '1024*1024' }, world.apiframe('seedream-4')],
  } as const;
  await inVirtualTime(() => ask(createImageport({ models }).imageModel('hero')));
  expect(world.emulator.jobs()).toMatchObject([{ host: 'wavespeed', input: { size: '1024*1024' } }]);
});

describe('a name that leads nowhere', () => {
  test.each(['nothing', 'nowhere:seedream-4', 'constructor'])('as %s is no model', (name) => {
    const { world, imageport } = open();
    expect(() => imageport(name)).toThrow(NoSuchModelError);
    const models = { hero: world.wavespeed('seedream-4') };
    expect(() => createImageport({ models }).image(name)).toThrow(/there are: hero/);
  });

  test('and one of another kind of model is none either', () => {
    const { imageport } = open();
    expect(() => imageport.languageModel('hero')).toThrow(NoSuchModelError);
    expect(() => imageport.embeddingModel('hero')).toThrow(NoSuchModelError);
  });
});

describe('options that cannot be right are refused at once:', () => {
  const [registry, book] = [createRegistry({}, []), createIntentBook({ ledger: createMemoryLedger() })];
  test.each<[string, object, RegExp]>([
    ['neither names nor routes', {}, /either `registry`.*or `models`/],
    ['both', { registry, models: {} }, /either `registry`.*or `models`/],
    ['a book without its ledger', { registry, book }, /`book` needs the `ledger`/],
  ])('%s', (_, options, words) => {
    expect(() => createImageport(options as never)).toThrow(words);
    expect(() => createForSix(options as never)).toThrow(ImageError as never);
  });
});

test('a book of the caller is asked, with the ledger that it was made with', async () => {
  const { world, registry } = open();
  const ledger = createMemoryLedger();
  const scopes: string[] = [];
  const inner = createIntentBook({ ledger });
  const book = {
    ...inner,
    take: (request: Parameters<typeof inner.take>[0]) =>
      inner.take({ ...request, scope: scopes[scopes.push(request.scope) - 1] ?? '' }),
  };
  await inVirtualTime(() => ask(createImageport({ registry, ledger, book })('hero')));
  expect([scopes, world.emulator.charges().length]).toEqual([['ai-sdk'], 1]);
});

describe('whether a model takes pictures and masks is what the tables say:', () => {
  const { wavespeed, apiframe } = createWorld();
  test.each<[string, RouteOption, [boolean, boolean]]>([
    ['a model of words alone', wavespeed('bytedance/seedream-v4.5'), [false, false]],
    ['one that edits', wavespeed('seedream-4'), [true, false]],
    ['one that takes a mask', apiframe('flux-fill-pro'), [true, true]],
    ['a route of which one does', [wavespeed('bytedance/seedream-v4.5'), apiframe('seedream-4')], [true, false]],
  ])('%s', async (_, route, expected) => {
    const model = createImageport({ models: { hero: route } })('hero');
    expect([await model.supportsFileInputs, await model.supportsMaskInputs]).toEqual(expected);
  });

  test('unless they cannot be read: then nobody knows', async () => {
    const catalogue = { load: () => Promise.reject(new Error('no network')) };
    const adapter = { ...apiframe.adapter, catalogue };
    const provider = Object.assign((modelId: string) => ({ provider, modelId }), {
      ...apiframe,
      adapter,
    }) as never as typeof apiframe;
    const model = createImageport({ models: { hero: provider('newest') } })('hero');
    expect(await model.supportsFileInputs).toBeUndefined();
  });
});

describe('an error', () => {
  const fail = (model: ImageModelV4) =>
    inVirtualTime(() => generateImage({ model, prompt: 'my secret wish' }).catch((error: unknown) => error));

  test('is one of the AI SDK, without prompt and address, and the whole ImageError is behind it', async () => {
    const { world, imageport } = open();
    world.emulator.inject({ on: 'submit', status: 402, times: Infinity });
    const error = await fail(imageport('hero'));
    if (!APICallError.isInstance(error)) throw error;
    expect(error).toMatchObject({ statusCode: 402, isRetryable: false, url: 'imageport:hero', requestBodyValues: {} });
    expect(error.cause).toMatchObject({ name: 'ImageError', code: 'insufficient_credit', billed: 'no' });
    expect(error.data).toMatchObject({ code: 'insufficient_credit', retryable: false });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/secret|example\.com|emulator-key/);
    expect(world.submits()).toBe(1);
  });

  test('of a paid job names the job, and neither what was asked for nor where the picture is', async () => {
    const { world, registry } = open();
    world.emulator.inject({ on: 'output', status: 503, times: Infinity });
    const error = await fail(createImageport({ registry, timeout: 20_000 })('hero'));
    if (!RetryError.isInstance(error)) throw error;
    expect(error.lastError).toMatchObject({ statusCode: 503, isRetryable: true, data: { billed: 'yes', job: {} } });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/secret|outputs|emulator-key/);
    expect(world.submits()).toBe(1);
  });

  test('that is free to repeat is repeated after the time that the host asked for', async () => {
    const { world, imageport } = open();
    const headers = { 'retry-after': '9' };
    world.emulator.inject({ on: 'submit', status: 429, headers, times: Infinity });
    const error = await fail(imageport('hero'));
    expect(RetryError.isInstance(error) && error.errors).toHaveLength(3);
    expect(RetryError.isInstance(error) && error.lastError).toMatchObject({
      statusCode: 429,
      isRetryable: true,
      responseHeaders: { 'retry-after-ms': '9000' },
    });
    expect(imageErrorOf(error)).toMatchObject({ code: 'rate_limited', billed: 'no', retryable: true });
    expect(world.emulator.charges()).toEqual([]);
  });

  test('that is none of imageport is nobody else', () => {
    const loop = new Error('round');
    loop.cause = loop;
    const own = new ImageError({ code: 'timeout', message: 'late', billed: 'no', stage: 'poll' });
    expect([undefined, null, 'text', new Error('x'), loop].map(imageErrorOf)).toEqual(Array(5).fill(undefined));
    expect(imageErrorOf(own)).toBe(own);
    expect(imageErrorOf(new AggregateError([new Error('x'), new Error('y', { cause: own })]))).toBe(own);
  });
});
