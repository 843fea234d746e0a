import type { ImageModelV4CallOptions } from '@ai-sdk/provider';
import { createRegistry } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { toPng } from '../../core/test/pictures.ts';
import { createImageport, imageErrorOf } from '../src/index.ts';
import { inVirtualTime } from './clock.ts';
import { ask } from './door.ts';
import { createWorld } from './world.ts';

const url = 'https://example.com/a.png';
const picture = toPng(40);
const base64 = Buffer.from(picture).toString('base64');
const dataUrl = `data:image/png;base64,${base64}`;
const file = (data: string | Uint8Array) => ({ type: 'file' as const, mediaType: 'image/png', data });

type Given = Partial<ImageModelV4CallOptions>;
const imageport = (options: object): Given => ({ providerOptions: { imageport: options as never } });

function open() {
  const world = createWorld();
  const registry = createRegistry({}, [world.wavespeed, world.apiframe]);
  return { world, model: createImageport({ registry, timeout: 20_000 }) };
}

/** The body of the one submit that a call leads to. */
async function sentFor(modelId: string, given: Given): Promise<unknown> {
  const { world, model } = open();
  await inVirtualTime(() => ask(model(modelId), given));
  const submits = world.emulator.requests().filter(({ kind }) => kind === 'submit');
  expect(submits).toHaveLength(1);
  return submits[0]?.body;
}

/** Why a call is refused, without anything being sent. */
async function refusalOf(modelId: string, given: Given) {
  const { world, model } = open();
  const error = await ask(model(modelId), given).catch(imageErrorOf);
  expect(world.submits()).toBe(0);
  expect(error).toMatchObject({ name: 'ImageError', billed: 'no' });
  return error;
}

describe('what the AI SDK says is what the host is asked for:', () => {
  test.each<[string, string, Given, object]>([
    ['a size', 'wavespeed:seedream-4', { size: '1024x768' }, { size: '1024*768' }],
    ['a ratio', 'apiframe:seedream-4', { aspectRatio: '16:9' }, { seedreamParams: { aspect_ratio: '16:9' } }],
    ['a seed', 'apiframe:flux-2-pro', { seed: 7 }, { fluxParams: { seed: 7 } }],
    ['a resolution', 'apiframe:seedream-4', imageport({ resolution: '4K' }), { seedreamParams: { size: '4K' } }],
    ['a format', 'wavespeed:seedream-5-lite', imageport({ outputFormat: 'png' }), { output_format: 'png' }],
    [
      'a native field',
      'apiframe:flux-2-pro',
      { providerOptions: { apiframe: { seed: 8 } } },
      { fluxParams: { seed: 8 } },
    ],
    ['the address of a picture', 'wavespeed:seedream-4', { files: [{ type: 'url', url }] }, { images: [url] }],
    ['the bytes of a picture', 'wavespeed:nano-banana-pro', { files: [file(picture)] }, { images: [dataUrl] }],
    ['a picture in base64', 'wavespeed:nano-banana-pro', { files: [file(base64)] }, { images: [dataUrl] }],
    [
      'a mask, for a model that changes what is white',
      'apiframe:flux-fill-pro',
      { files: [{ type: 'url', url }], mask: { type: 'url', url: 'https://example.com/mask.png' } },
      { fluxFillParams: { image: url, mask: 'https://example.com/mask.png' } },
    ],
  ])('%s', async (_, modelId, given, body) => {
    expect(await sentFor(modelId, given)).toMatchObject(body);
  });
});

describe('refused by name, and nothing is sent:', () => {
  test.each<[string, Given, string, RegExp]>([
    ['no prompt', { prompt: undefined }, 'invalid_request', /`prompt`/],
    [
      'a size beside a ratio',
      { size: '1024x1024', aspectRatio: '1:1' },
      'invalid_request',
      /`size` excludes `aspectRatio`/,
    ],
    [
      'an unknown option',
      imageport({ stlye: 'oil' }),
      'invalid_request',
      /`providerOptions\.imageport\.stlye`.*resolution/,
    ],
    ['an option of the prototype', imageport({ constructor: 1 }), 'invalid_request', /imageport\.constructor/],
    ['an order that there is not', imageport({ order: 'nearest' }), 'invalid_request', /order` must be 'cheapest' or/],
    ['a timeout that is none', imageport({ timeout: -1 }), 'invalid_request', /`timeout`/],
    ['an intent id that is no text', imageport({ intentId: 5 }), 'invalid_request', /intentId` must be text/],
    ['a price above the cap', imageport({ maxCost: { USD: 0.001 } }), 'unsupported', /0\.001/],
    ['options of another provider', { providerOptions: { openai: { style: 'vivid' } } }, 'invalid_request', /openai/],
    [
      'a native field that the model has not',
      { providerOptions: { wavespeed: { stlye: 'x' } } },
      'invalid_request',
      /stlye/,
    ],
    ['what is no base64', { files: [file('no base64!')] }, 'invalid_request', /`files\[0\]` is no base64/],
    ['a file that is no picture', { files: [file(new Uint8Array([1, 2, 3]))] }, 'invalid_request', /`images/],
    [
      'a mask where white is not known to change',
      { files: [file(picture)], mask: file(picture) },
      'unsupported',
      /`mask`/,
    ],
    ['a seed that the model does not take', { seed: 7 }, 'unsupported', /`seed`/],
  ])('%s', async (_, given, code, words) => {
    const error = await refusalOf('wavespeed:seedream-4', given);
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
  });
});

test('an order asks the cheapest model of a route first', async () => {
  const { world } = open();
  const models = { hero: [world.wavespeed('seedream-4.5'), world.wavespeed('seedream-4')] };
  const model = createImageport({ models, timeout: 20_000 })('hero');
  const { response } = await inVirtualTime(() => ask(model, imageport({ order: 'cheapest' })));
  expect(response.modelId).toBe('wavespeed:bytedance/seedream-v4');
});

describe('what is sent otherwise than asked is a warning:', () => {
  test.each<[string, string, Given, object]>([
    [
      'what was changed is one of compatibility',
      'wavespeed:seedream-4',
      { aspectRatio: '16:9', ...imageport({ resolution: '2K' }) },
      {
        type: 'compatibility',
        feature: 'aspectRatio',
        details: expect.stringContaining('the model takes only pixels'),
      },
    ],
    [
      'what was left out is unsupported',
      'apiframe:seedream-4',
      imageport({ sync: true }),
      { type: 'unsupported', feature: 'sync', details: expect.stringContaining('not offered') },
    ],
  ])('%s', async (_, modelId, given, warning) => {
    const { model } = open();
    const { warnings } = await inVirtualTime(() => ask(model(modelId), given));
    expect(warnings).toEqual([warning]);
  });
});

test('each picture says where it came from and what it cost', async () => {
  const { world, model } = open();
  const { providerMetadata, response } = await inVirtualTime(() => ask(model('apiframe:seedream-4'), { n: 2 }));
  const [one, other] = world.emulator.charges();
  const described = (jobId?: string) => ({
    url: expect.stringContaining('/outputs/'),
    ...{ provider: 'apiframe', model: 'seedream-4', jobId, flagged: false },
    cost: { amount: one?.amount, currency: 'credit', source: 'reported' },
  });
  expect(providerMetadata?.imageport?.images).toEqual(
    expect.arrayContaining([described(one?.jobId), described(other?.jobId)]),
  );
  expect(providerMetadata?.imageport).toMatchObject({ cost: { amount: 2 * (one?.amount ?? 0), currency: 'credit' } });
  expect(response).toMatchObject({ modelId: 'apiframe:seedream-4', timestamp: expect.any(Date) });
  expect(JSON.parse(JSON.stringify(providerMetadata))).toEqual(providerMetadata);
});
