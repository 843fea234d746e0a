import { createMemoryLedger } from '@imageport/core';
import { createIntentBook } from '@imageport/core/book';
import { generateImage } from '@tanstack/ai';
import { describe, expect, test } from 'vitest';
import { inVirtualTime } from '../../ai-sdk/test/clock.ts';
import { createWorld, hosts } from '../../ai-sdk/test/world.ts';
import { toPng } from '../../core/test/pictures.ts';
import { createImageport, type ImageportAdapter, type ImageportOptions } from '../src/index.ts';

const prompt = 'a lighthouse in fog at dawn';
type Options = Partial<Omit<Parameters<typeof generateImage<ImageportAdapter>>[0], 'adapter'>>;

function open(options: ImageportOptions & { readonly modelId?: string; readonly host?: (typeof hosts)[number] } = {}) {
  const { modelId = 'seedream-4', host = 'wavespeed', ...more } = options;
  const world = createWorld();
  const imageport = createImageport({ timeout: 20_000, ...more });
  const make = (wanted: Options = {}) =>
    generateImage({ adapter: imageport(world[host](modelId)), prompt, debug: false, ...wanted });
  return { world, make, charges: () => world.emulator.charges().length };
}

describe('TanStack AI itself', () => {
  test.each(hosts)('gets a picture of %s by its address', async (host) => {
    const { make, charges } = open({ host });
    const { images, model, id } = await inVirtualTime(() => make({ size: '1024x1024' }));
    expect(images).toEqual([{ url: expect.stringContaining('/outputs/') }]);
    expect(model).toMatch(new RegExp(`^${host}:`));
    expect([id, charges()]).toEqual([expect.stringMatching(/^book-/), 1]);
  });

  test('gets a picture that the host sends as such', async () => {
    const { make } = open({ modelId: 'seedream-5-lite' });
    const { images } = await inVirtualTime(() => make({ modelOptions: { responseFormat: 'base64' } }));
    expect(images).toEqual([{ b64Json: expect.stringMatching(/^[\w+/]+=*$/) }]);
  });

  test('gets as many as it asks for, and with the options of imageport', async () => {
    const { make, world } = open({ host: 'apiframe' });
    const { images } = await inVirtualTime(() =>
      make({ numberOfImages: 2, modelOptions: { aspectRatio: '16:9', resolution: '2K' } }),
    );
    expect(images).toHaveLength(2);
    const body = { input: { seedreamParams: { aspect_ratio: '16:9', size: '2K' } } };
    expect(world.emulator.jobs()).toMatchObject([body, body]);
  });

  test('streams it', async () => {
    const { world, charges } = open();
    const adapter = createImageport()(world.wavespeed('seedream-4'));
    const types = await inVirtualTime(async () => {
      const seen: string[] = [];
      for await (const chunk of generateImage({ adapter, prompt, stream: true })) seen.push(chunk.type);
      return seen;
    });
    expect(types.at(-1)).toBe('RUN_FINISHED');
    expect(charges()).toBe(1);
  });
});

describe('the parts of a prompt', () => {
  const url = 'https://example.com/a.png';
  const picture = (value: string, role?: 'mask' | 'control') => ({
    ...{ type: 'image' as const, source: { type: 'url' as const, value } },
    ...(role ? { metadata: { role } } : {}),
  });
  const data = (value: string) => ({
    ...{ type: 'image' as const, source: { type: 'data' as const, value, mimeType: 'image/png' } },
  });

  test('are words, pictures to go by, and a mask', async () => {
    const { make, world } = open({ host: 'apiframe', modelId: 'flux-fill-pro' });
    const parts = [{ type: 'text' as const, content: 'a lamp' }, picture(url), picture(`${url}?mask`, 'mask')];
    await inVirtualTime(() => make({ prompt: parts }));
    expect(world.emulator.jobs()).toMatchObject([
      { input: { fluxFillParams: { prompt: 'a lamp', image: url, mask: `${url}?mask` } } },
    ]);
  });

  test('are sent as bytes when they are base64', async () => {
    const { make, world } = open({ modelId: 'nano-banana-pro' });
    const value = Buffer.from(toPng(40)).toString('base64');
    await inVirtualTime(() => make({ prompt: [{ type: 'text', content: 'a lamp' }, data(value)] }));
    expect(world.emulator.jobs()).toMatchObject([{ input: { images: [`data:image/png;base64,${value}`] } }]);
  });

  test.each<[string, object[], string, RegExp]>([
    ['a video', [{ type: 'video', source: { type: 'url', value: url } }], 'unsupported', /a part of video/],
    ['a role that no host has', [picture(url, 'control')], 'unsupported', /the role "control"/],
    ['what is no base64', [data('!')], 'invalid_request', /no base64/],
    ['two masks', [picture(url, 'mask'), picture(url, 'mask')], 'invalid_request', /several masks/],
  ])('are refused by name: %s', async (_, parts, code, words) => {
    const { make, world } = open();
    const message = expect.stringMatching(words);
    await expect(make({ prompt: parts as never })).rejects.toMatchObject({ name: 'ImageError', code, message });
    expect(world.submits()).toBe(0);
  });
});

describe('what is paid, or perhaps paid, and was never handed over goes to the next equal call:', () => {
  const soon: Options = { modelOptions: { timeout: 3_000 } };

  test('after a deadline', async () => {
    const { make, charges } = open({ timeout: 3_000 });
    const result = await inVirtualTime(async () => {
      await expect(make()).rejects.toMatchObject({ name: 'ImageError', code: 'timeout', billed: 'yes' });
      return make({ modelOptions: { timeout: 20_000 } });
    });
    expect([result.images.length, charges()]).toEqual([1, 1]);
  });

  test('after an abort in the very moment in which it was there', async () => {
    const controller = new AbortController();
    const { make, charges } = open({ onEvent: ({ type }) => type === 'settled' && controller.abort() });
    await inVirtualTime(async () => {
      await expect(make({ abortSignal: controller.signal })).rejects.toThrow();
      await make();
    });
    expect(charges()).toBe(1);
  });

  test('after the time that TanStack AI gave it', async () => {
    const { make, charges } = open();
    await inVirtualTime(async () => {
      await expect(make({ timeout: 3_000 })).rejects.toThrow();
      await make();
    });
    expect(charges()).toBe(1);
  });

  test('after an abort, in a program that was started again', async () => {
    const ledger = createMemoryLedger();
    const { world, charges } = open();
    const start = () => createImageport({ ledger })(world.wavespeed('seedream-4'));
    const controller = new AbortController();
    await inVirtualTime(async () => {
      setTimeout(() => controller.abort(), 3_000);
      const left = generateImage({ adapter: start(), prompt, abortSignal: controller.signal, debug: false });
      await expect(left).rejects.toThrow();
      // What a program has left it gives back in the next turn of the event loop.
      await new Promise((go) => setTimeout(go));
      await generateImage({ adapter: start(), prompt });
    });
    expect(charges()).toBe(1);
  });

  test('and two calls that are meant are two, also in a program that was started again', async () => {
    const ledger = createMemoryLedger();
    const { world, charges } = open();
    const start = () => createImageport({ ledger })(world.wavespeed('seedream-4'));
    const adapter = start();
    await inVirtualTime(async () => {
      await Promise.all([generateImage({ adapter, prompt }), generateImage({ adapter, prompt })]);
      await generateImage({ adapter: start(), prompt });
    });
    expect(charges()).toBe(3);
  });

  test('and calls of another scope, prompt, number or model are others', async () => {
    const ledger = createMemoryLedger();
    const { world, charges } = open();
    const adapter = (scope: string, modelId = 'seedream-4') =>
      createImageport({ ledger, scope })(world.wavespeed(modelId));
    await inVirtualTime(async () => {
      await generateImage({ adapter: adapter('a'), prompt, debug: false, ...soon }).catch(() => undefined);
      await generateImage({ adapter: adapter('b'), prompt });
      await generateImage({ adapter: adapter('a'), prompt: 'noon' });
      await generateImage({ adapter: adapter('a'), prompt, numberOfImages: 2 });
      await generateImage({ adapter: adapter('a', 'seedream-4.5'), prompt });
    });
    expect(charges()).toBe(6);
  });

  test('a call with an intent id is one, however often', async () => {
    const { make, charges } = open();
    const named: Options = { modelOptions: { intentId: 'order-4713' } };
    const results = await inVirtualTime(async () => [await make(named), await make(named)]);
    expect(new Set(results.map(({ images: [image] }) => image?.url)).size).toBe(1);
    expect([results[0]?.id, charges()]).toEqual(['order-4713', 1]);
  });
});

test('an unknown option is refused by name, and nothing is sent', async () => {
  const { make, world } = open();
  const message = expect.stringContaining('`stlye`');
  const options = { stlye: 'oil' } as never;
  await expect(make({ modelOptions: options })).rejects.toMatchObject({ code: 'invalid_request', message });
  expect(world.submits()).toBe(0);
});

test('a book without its ledger is refused', () => {
  const book = createIntentBook({ ledger: createMemoryLedger() });
  expect(() => createImageport({ book })).toThrow(/`book` needs the `ledger`/);
});

test('pictures are handed over even if the ledger cannot note it', async () => {
  const ledger = createMemoryLedger();
  const append: typeof ledger.append = (id, fence, event, length) =>
    event.type === 'delivered' ? Promise.reject(new Error('disk full')) : ledger.append(id, fence, event, length);
  const { make } = open({ ledger: { ...ledger, append } });
  expect((await inVirtualTime(() => make())).images).toHaveLength(1);
});

test('what is sent otherwise than asked is in the log of TanStack AI', async () => {
  const { make } = open();
  const lines: unknown[] = [];
  const note = (...line: unknown[]): void => void lines.push(line);
  const debug = { logger: { debug: note, info: note, warn: note, error: note } };
  await inVirtualTime(() => make({ debug, modelOptions: { aspectRatio: '16:9', resolution: '2K' } }));
  expect(JSON.stringify(lines)).toContain('the model takes only pixels');
});
