import { expect, it } from 'vitest';
import { createWorld, errorOf, imagesOf, prompt } from './world.ts';

it('answers as OpenAI does, with the pixels that came and what they cost', async () => {
  const world = createWorld();
  const response = await world.ask({ model: 'hero', prompt, size: '1024x1024', n: 1, quality: 'auto' });
  expect(response.status).toBe(200);
  const { data, created, ...facts } = await imagesOf(response);
  expect(facts).toEqual({ background: 'opaque', output_format: 'jpeg', size: '1024x1024' });
  expect(data).toHaveLength(1);
  expect(
    Buffer.from(data[0]?.b64_json ?? '', 'base64')
      .subarray(0, 2)
      .toString('hex'),
  ).toBe('ffd8');
  expect(created).toBeGreaterThan(1_700_000_000);
  const headers = Object.fromEntries(response.headers);
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-imageport-provider': 'wavespeed',
    'x-imageport-cost': '0.027 USD; listed',
    'x-imageport-intent-id': expect.stringMatching(/^\S+$/),
    'x-request-id': expect.stringMatching(/^req_/),
  });
  expect(headers).not.toHaveProperty('x-imageport-replayed');
  expect(headers).not.toHaveProperty('content-length');
  expect(world.charges()).toBe(1);
});

it('makes n pictures, and says which of them did not come', async () => {
  const world = createWorld();
  world.emulator.inject({ on: 'submit', job: 'moderated' });
  const response = await world.ask({ prompt, n: 3 });
  expect(response.status).toBe(200);
  expect((await imagesOf(response)).data).toHaveLength(2);
  expect(response.headers.get('x-imageport-failures')).toBe('moderated');
});

it('takes the usual model where none is named, and an alias for another', async () => {
  const world = createWorld({ aliases: { 'gpt-image-1': 'frame' } });
  for (const body of [{}, { model: null }, { model: 'gpt-image-1' }])
    await (await world.ask({ ...body, prompt })).arrayBuffer();
  expect(world.emulator.charges().map(({ host }) => host)).toEqual(['wavespeed', 'wavespeed', 'apiframe']);
});

it('shows models and aliases, also one whose id has slashes', async () => {
  const id = 'wavespeed:bytedance/seedream-v4';
  const world = createWorld({ models: ['hero', id], aliases: { 'gpt-image-1': 'hero' } });
  const { data } = (await (await world.fetch('/v1/models')).json()) as { data: { id: string }[] };
  expect(data.map((each) => each.id)).toEqual(['hero', id, 'gpt-image-1']);
  const one = await world.fetch(`/v1/models/${encodeURIComponent(id)}`);
  expect(await one.json()).toEqual({ id, object: 'model', created: 0, owned_by: 'imageport' });
  expect((await world.fetch('/v1/models/other')).status).toBe(404);
});

it('makes pictures of any model of a host only where that is allowed', async () => {
  const closed = createWorld();
  const body = { model: 'wavespeed:seedream-4', prompt };
  const refused = await closed.ask(body);
  expect([refused.status, (await errorOf(refused)).code]).toEqual([404, 'model_not_found']);
  const open = createWorld({ models: ['hero', 'wavespeed:*'] });
  expect((await open.fetch('/v1/models/wavespeed%3Aseedream-4')).status).toBe(200);
  expect((await open.ask(body)).status).toBe(200);
  expect(closed.submits()).toBe(0);
});

it('answers whether it lives without a key', async () => {
  const world = createWorld({ keys: [] });
  expect(await (await world.fetch('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await world.fetch('/v1/models')).status).toBe(401);
});
