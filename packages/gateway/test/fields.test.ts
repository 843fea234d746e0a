import { describe, expect, it } from 'vitest';
import { createWorld, errorOf, prompt } from './world.ts';

/** What the host was asked for, of the last submit. */
const sent = (world: ReturnType<typeof createWorld>): unknown =>
  world.emulator.requests().findLast(({ kind }) => kind === 'submit')?.body;

describe('a field that asks for what happens anyway is left out:', () => {
  it.each([
    { size: 'auto' },
    { quality: 'auto' },
    { quality: 'standard' },
    { background: 'auto' },
    { background: 'opaque' },
    { output_compression: 100 },
    { moderation: 'auto' },
    { style: null },
    { partial_images: 2 },
    { response_format: 'b64_json' },
    { user: 'ann' },
    { safety_identifier: 'ann' },
  ])('%j', async (field) => {
    const world = createWorld();
    expect((await world.ask({ prompt, ...field })).status).toBe(200);
    expect(sent(world)).toEqual({ prompt });
  });
});

describe('a field that cannot be honoured is refused by its name, before anything is sent:', () => {
  it.each([
    [{ background: 'transparent' }, 'unsupported_value', 'background'],
    [{ output_format: 'gif' }, 'unsupported_value', 'output_format'],
    [{ output_format: 'webp' }, 'unsupported_value', 'output_format'],
    [{ output_compression: 80 }, 'unsupported_value', 'output_compression'],
    [{ moderation: 'low' }, 'unsupported_value', 'moderation'],
    [{ style: 'vivid' }, 'unsupported_value', 'style'],
    [{ quality: 'high' }, 'unsupported_value', 'quality'],
    [{ response_format: 'file' }, 'invalid_value', 'response_format'],
    [{ n: 11 }, 'invalid_value', 'n'],
    [{ n: 0 }, 'invalid_value', 'n'],
    [{ n: 1.5 }, 'invalid_value', 'n'],
    [{ size: 'big' }, 'invalid_value', 'size'],
    [{ size: '64x64' }, 'unsupported_value', 'size'],
    [{ prompt: 7 }, 'invalid_value', 'prompt'],
    [{ prompt: '' }, 'invalid_value', 'prompt'],
    [{ stream: 'maybe' }, 'invalid_value', 'stream'],
    [{ steps: 20 }, 'unknown_parameter', 'steps'],
    [{ image: 'https://example.com/a.png' }, 'unsupported_parameter', 'image'],
    [{ mask: 'https://example.com/a.png' }, 'unsupported_parameter', 'mask'],
    [{ markup: {} }, 'unsupported_parameter', 'markup'],
    [{ model: 7 }, 'invalid_value', 'model'],
    [{ imageport: { seed: 'x' } }, 'invalid_value', 'imageport.seed'],
    [{ imageport: { webhookUrl: 'https://example.com' } }, 'unknown_parameter', 'imageport.webhookUrl'],
    [{ imageport: 7 }, 'invalid_value', 'imageport'],
  ])('%j', async (field, code, param) => {
    const world = createWorld();
    const response = await world.ask({ prompt, ...field });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await errorOf(response)).toMatchObject({ type: 'invalid_request_error', code, param });
    expect(world.submits()).toBe(0);
  });
});

it('a field that JSON alone can hold, such as __proto__, is refused like any other', async () => {
  const world = createWorld();
  const headers = { 'content-type': 'application/json' };
  const response = await world.fetch('/v1/images/generations', {
    ...{ method: 'POST', headers },
    body: `{"prompt":"a","__proto__":{"n":9},"constructor":1}`,
  });
  expect(await errorOf(response)).toMatchObject({ code: 'unknown_parameter', param: '__proto__' });
});

it('the settings say what is ignored, what a quality means and whether the nearest size will do', async () => {
  const world = createWorld({
    ignore: { '*': ['steps'], hero: ['output_format'] },
    quality: { hero: { high: { resolution: '4K' } } },
    fit: { hero: 'nearest' },
  });
  const high = await world.ask({ prompt, quality: 'high', output_format: 'png' });
  expect([high.status, sent(world)]).toEqual([200, { prompt, size: '4096*4096' }]);
  const near = await world.ask({ prompt, size: '64x64', output_format: 'png' });
  expect([near.status, near.headers.get('x-imageport-warnings')]).toEqual([200, expect.stringContaining('64*64')]);
  expect((await errorOf(await world.ask({ prompt, quality: 'low' }))).message).toContain('auto, high');
  const other = await world.ask({ model: 'frame', prompt, steps: 4 });
  expect(other.status, 'what stands for all does not hold where a model has its own').toBe(200);
});

it('neutral options that OpenAI has no field for go through `imageport`', async () => {
  const world = createWorld();
  const own = { aspectRatio: '16:9', resolution: '2K', maxCost: { USD: 1 }, fit: 'exact' };
  expect((await world.ask({ prompt, imageport: own })).status).toBe(200);
  expect(sent(world)).toEqual({ prompt, size: '2720*1530' });
  const frame = { seed: 7, providerOptions: { apiframe: { seedreamParams: {} } } };
  const odd = await world.ask({ model: 'frame', prompt, imageport: frame });
  expect([odd.status, (await errorOf(odd)).type]).toEqual([400, 'invalid_request_error']);
});

it("the client's own maxCost is kept, and said to be what stood in the way", async () => {
  const world = createWorld();
  const response = await world.ask({ prompt, imageport: { maxCost: { USD: 0.001 } } });
  expect([response.status, (await errorOf(response)).code]).toEqual([400, 'over_max_cost']);
  expect(world.submits()).toBe(0);
});
