import { request } from 'node:http';
import { serveHttp } from '@imageport/mcp/node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, createWorld, ownClock, prompt, slow, until, type World, type WorldOptions } from './world.ts';

async function serve(options: WorldOptions = {}): Promise<World & { url: URL }> {
  const world = await createWorld(options);
  const serving = await serveHttp(world.images);
  onTestFinished(() => serving.close());
  return { ...world, url: new URL(serving.url) };
}

const initialize = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const usual = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** As a browser or a program sends it: fetch would not let us name a host. */
function post(url: URL, headers: Record<string, string>, body: string = JSON.stringify(initialize)): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...usual, ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end(body);
  });
}

describe('over HTTP', () => {
  test('a foreign host or origin is refused', async () => {
    const { url } = await serve();
    expect(await post(url, {})).toBe(200);
    expect(await post(url, { origin: `http://localhost:${url.port}` })).toBe(200);
    for (const host of ['evil.example', `evil.example:${url.port}`, 'localhost.evil.example', '169.254.169.254']) {
      expect(await post(url, { host }), host).toBe(403);
    }
    for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example']) {
      expect(await post(url, { origin }), origin).toBe(403);
    }
  });

  test('other names count where they are set up', async () => {
    const { url } = await serve({ hosts: ['images.example'], origins: ['app.example'] });
    expect(await post(url, { host: 'images.example', origin: 'https://app.example' })).toBe(200);
    expect(await post(url, {})).toBe(403);
  });

  test('there is one path, and a body of more than 16 MiB is refused', async () => {
    const { url } = await serve();
    expect(await post(new URL('/', url), {})).toBe(404);
    const huge = JSON.stringify({ ...initialize, more: 'x'.repeat(17 * 1024 * 1024) });
    expect(await post(url, {}, huge)).toBe(413);
  });

  test('with keys, who has none or a wrong one is refused', async () => {
    const { url } = await serve({ keys: (key) => ({ 'key-a': 'a' })[key] });
    expect(await post(url, {})).toBe(401);
    expect(await post(url, { authorization: 'Bearer wrong' })).toBe(401);
    expect(await post(url, { authorization: 'Basic key-a' })).toBe(401);
    expect(await post(url, { authorization: 'Bearer key-a' })).toBe(200);
  });
});

describe('two keys', () => {
  const keys = (key: string) => ({ 'key-a': 'a', 'key-b': 'b' })[key];
  const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

  test('have their own budgets, requests, pictures and jobs', async () => {
    const { images, charges } = await createWorld({ keys, budget: { USD: 0.03 } });
    const [a, b] = [
      await connect(images, 'v2 over HTTP', as('key-a')),
      await connect(images, 'v1 over HTTP', as('key-b')),
    ];
    const { data } = await a.call('generate_image', { prompt });
    expect(data.status).toBe('completed');
    expect(data.images[0]).not.toHaveProperty('path');
    expect((await a.call('generate_image', { prompt: 'another' })).data.error.code).toBe('over_budget');
    const [{ uri }] = data.images;
    const { intent_id } = data;
    await expect(b.client.readResource({ uri })).rejects.toThrow();
    expect((await b.call('resume', { intent_id })).data.error.reason).toBe('unknown_intent');
    expect((await b.call('generate_image', { prompt, intent_id })).data.error.reason).toBe('unknown_intent');
    expect((await b.call('edit_image', { prompt, images: [uri] })).data.error.code).toBe('invalid_request');
    expect((await b.call('generate_image', { prompt })).data.intent_id).not.toBe(intent_id);
    expect((await a.client.readResource({ uri })).contents).toHaveLength(1);
    expect(charges()).toBe(2);
  });

  test("do not see each other's open requests", async () => {
    const clock = ownClock();
    const { images, charges, emulator } = await createWorld({ keys, emulate: slow });
    const [a, b] = [
      await connect(images, 'v2 over HTTP', as('key-a')),
      await connect(images, 'v2 over HTTP', as('key-b')),
    ];
    const waiting = a.call('generate_image', { prompt }, { timeout: 600_000 });
    await until(() => emulator.requests().some(({ kind }) => kind === 'poll'));
    await clock.forward(45_000);
    const { intent_id } = (await waiting).data;
    expect((await b.call('jobs')).data).toEqual({ jobs: [] });
    expect((await b.call('resume', { intent_id })).data.error.reason).toBe('unknown_intent');
    await clock.forward(20_000);
    expect((await a.call('jobs')).data.jobs).toMatchObject([{ intent_id }]);
    expect((await a.call('resume', { intent_id })).data.images).toHaveLength(1);
    expect(charges()).toBe(1);
  });
});
