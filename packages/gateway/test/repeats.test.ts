import { createHash } from 'node:crypto';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateImage } from 'ai';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { ownClock } from './clock.ts';
import { createWorld, prompt, until, type World } from './world.ts';

const baseURL = 'http://gateway.example/v1';

/** A client whose requests reach the gateway without a socket; one that gives up is gone, as with a socket. */
function fetchOf({ gateway }: World): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { signal } = request;
    const left = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return Promise.race([gateway.fetch(request), left]);
  };
}

const openai = (world: World, options: Partial<ConstructorParameters<typeof OpenAI>[0]> = {}): OpenAI =>
  new OpenAI({ baseURL, apiKey: 'any', fetch: fetchOf(world), ...options });

/** Jobs take two minutes, and every client gives up after one. */
const slow = { emulated: { generationTime: { fixed: 120_000 } } } as const;
const impatient = { timeout: 60_000 };

describe('one wish is one submit and one charge for', () => {
  it('openai-node that gives up and repeats by itself', async () => {
    const world = createWorld(slow);
    const clock = ownClock();
    const { data = [] } = await clock.until(openai(world, impatient).images.generate({ model: 'hero', prompt }));
    expect([data.length, world.submits(), world.charges()]).toEqual([1, 1, 1]);
    expect(world.entries.map(({ replayed }) => replayed)).toContain(true);
  });

  it('openai-node that gives up and repeats an edit with a picture', async () => {
    const world = createWorld(slow);
    const clock = ownClock();
    const picture = new Uint8Array(Buffer.from((await madePicture(world)) ?? '', 'base64'));
    const before = world.charges();
    const image = new File([picture], 'a.jpg', { type: 'image/jpeg' });
    const { data = [] } = await clock.until(openai(world, impatient).images.edit({ model: 'hero', prompt, image }));
    expect([data.length, world.charges() - before]).toEqual([1, 1]);

    async function madePicture(from: World): Promise<string | undefined> {
      const { data: made = [] } = await clock.until(openai(from).images.generate({ model: 'hero', prompt: 'a fox' }));
      return made[0]?.b64_json;
    }
  });

  it('openai-node that is told of the deadline of the gateway', async () => {
    const world = createWorld({ ...slow, timeout: 50_000 });
    const clock = ownClock();
    const { data = [] } = await clock.until(openai(world).images.generate({ model: 'hero', prompt }));
    expect([data.length, world.submits(), world.charges()]).toEqual([1, 1, 1]);
    expect(world.entries.map(({ status }) => status)).toEqual([504, 504, 200]);
  });

  it('openai-node that says how long it waits: it is answered before it gives up', async () => {
    const world = createWorld(slow);
    const clock = ownClock();
    const client = openai(world);
    const { data = [] } = await clock.until(client.images.generate({ model: 'hero', prompt }, { timeout: 60_000 }));
    expect([data.length, world.submits(), world.charges()]).toEqual([1, 1, 1]);
    expect(world.entries.map(({ code }) => code)).toEqual(['timeout', 'timeout', undefined]);
  });

  it('openai-node with room for one request, which shares its place with its own repeats', async () => {
    const key = { id: 'ann', sha256: sha256OfAny, concurrency: 1 };
    const world = createWorld({ ...slow, keys: [key] });
    const clock = ownClock();
    const { data = [] } = await clock.until(openai(world, impatient).images.generate({ model: 'hero', prompt }));
    expect([data.length, world.submits()]).toEqual([1, 1]);
  });

  it('`ai` with @ai-sdk/openai-compatible, which repeats what it is told not to', async () => {
    const world = createWorld({ ...slow, timeout: 50_000 });
    const clock = ownClock();
    const provider = createOpenAICompatible({ name: 'gateway', baseURL, apiKey: 'any', fetch: fetchOf(world) });
    const { images } = await clock.until(generateImage({ model: provider.imageModel('hero'), prompt, maxRetries: 2 }));
    expect([images.length, world.submits(), world.charges()]).toEqual([1, 1, 1]);
  });

  it('whoever leaves, comes back and asks for the same: the picture is there already', async () => {
    const world = createWorld(slow);
    const clock = ownClock();
    const leaving = new AbortController();
    const left = fetchOf(world)(`${baseURL}/images/generations`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, signal: leaving.signal },
      body: JSON.stringify({ prompt }),
    });
    await until(() => world.charges() === 1);
    leaving.abort(new Error('the tab was closed'));
    await expect(left).rejects.toThrow('the tab was closed');
    await clock.until(world.gateway.idle());
    const response = await world.ask({ prompt });
    expect([response.status, response.headers.get('x-imageport-replayed')]).toEqual([200, 'true']);
    expect([world.submits(), world.charges()]).toEqual([1, 1]);
  });
});

it('a client that says it repeats gets again what was sent to it and never arrived', async () => {
  const world = createWorld();
  const first = await world.ask({ prompt });
  const picture = await first.text();
  const second = await world.ask({ prompt }, { headers: { 'x-stainless-retry-count': '1' } });
  expect(second.headers.get('x-imageport-replayed')).toBe('true');
  const dataOf = (text: string): unknown => (JSON.parse(text) as { data: unknown }).data;
  expect(dataOf(await second.text())).toEqual(dataOf(picture));
  expect(world.charges()).toBe(1);
});

const sha256OfAny = createHash('sha256').update('any').digest('hex');

describe('two wishes are two charges:', () => {
  it('the same asked twice in turn', async () => {
    const world = createWorld();
    const client = openai(world);
    for (const _ of [1, 2]) await client.images.generate({ model: 'hero', prompt });
    expect([world.submits(), world.charges()]).toEqual([2, 2]);
  });

  it('the same asked twice at once', async () => {
    const world = createWorld();
    const client = openai(world);
    await Promise.all([1, 2].map(() => client.images.generate({ model: 'hero', prompt })));
    expect([world.submits(), world.charges()]).toEqual([2, 2]);
  });

  it('the same asked by two users of one app, or with two keys', async () => {
    const world = createWorld();
    const client = openai(world);
    await Promise.all(['ann', 'bob'].map((user) => client.images.generate({ model: 'hero', prompt, user })));
    expect(world.charges()).toBe(2);
  });
});

it('a failure that costs nothing is repeated by the client as it is told, and then paid once', async () => {
  const world = createWorld();
  world.emulator.inject({ on: 'submit', status: 429, headers: { 'retry-after': '1' }, body: {} });
  const clock = ownClock();
  const { data = [] } = await clock.until(openai(world).images.generate({ model: 'hero', prompt }));
  expect([data.length, world.charges()]).toEqual([1, 1]);
});
