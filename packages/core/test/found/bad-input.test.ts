import { describe, expect, test } from 'vitest';
import { createRegistry, generateImage, ImageError } from '../../src/index.ts';
import { createWorld, hosts } from '../world.ts';
import { connect, open } from './kit.ts';

const attempt = async (work: () => unknown): Promise<unknown> => {
  try {
    return await work();
  } catch (error) {
    return error;
  }
};

const refused = (field: RegExp) => ({
  code: 'invalid_request',
  billed: 'no',
  message: expect.stringMatching(field),
});

describe('`createRegistry`', () => {
  const world = createWorld();
  const provider = open(world, 'wavespeed');
  test.each([
    ['an object of providers', { wavespeed: provider }],
    ['one provider', provider],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'wavespeed'],
    ['a list of texts', ['wavespeed']],
    ['a list with a hole', [undefined]],
    ['a list of models', [provider('seedream-4')]],
  ] as const)('given %s instead of a list of providers, says so', async (_, providers) => {
    const config = { models: { hero: 'wavespeed:seedream-4' } };
    const error = await attempt(() => createRegistry(config, providers as never)('hero'));
    expect(ImageError.is(error)).toBe(true);
    expect(error).toMatchObject(refused(/providers/));
  });
});

describe.each(hosts)('`baseUrl` of %s', (host) => {
  test.each([6_000])('with port %d, which fetch refuses, is refused before anything is sent', async (port) => {
    const error = await attempt(() => {
      const provider = connect(host, { apiKey: 'k', baseUrl: `https://example.com:${port}` });
      return generateImage({ model: provider('seedream-4'), prompt: 'a pier', timeout: 2_000 });
    });
    expect(ImageError.is(error)).toBe(true);
    expect(error).toMatchObject({ billed: 'no' });
    expect(['invalid_request', 'unavailable']).toContain((error as ImageError).code);
  });
});

describe.each(hosts)('`providerOptions` of %s', (host) => {
  /** Text of about 40 KB, as deep as it is long. */
  const nested = (open: string, close: string, depth: number): unknown =>
    JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;

  test.each([
    ['40 KB of nested lists', nested('[', ']', 20_000)],
    ['40 KB of nested objects', nested('{"a":', '}', 6_600)],
    ['an object that holds itself', cyclic],
  ])('with %s is refused by an error that names it', async (_, value) => {
    const world = createWorld();
    const model = world.model(host, host === 'wavespeed' ? 'someone/some-model' : 'flux-schnell');
    const providerOptions = { [host]: { extra: value } } as never;
    const error = await attempt(() => generateImage({ model, prompt: 'a pier', providerOptions, timeout: 10_000 }));
    expect(ImageError.is(error)).toBe(true);
    expect(error).toMatchObject(refused(/providerOptions/));
    expect(world.emulator.requests()).toEqual([]);
  });
});
