import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKey, openKeys, type ServeOptions, serveGateway } from '@imageport/gateway/node';
import OpenAI from 'openai';
import { expect, it, onTestFinished } from 'vitest';
import { createWorld, imagesOf, prompt, until, type World } from './world.ts';

async function listen(world: World, options: ServeOptions = {}): Promise<string> {
  const served = await serveGateway(world.gateway, { port: 0, ...options });
  onTestFinished(() => served.close());
  return served.url;
}

const post = (url: string, body: object, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/v1/images/generations`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    ...(signal ? { signal } : {}),
  });

it('openai-node makes, edits and streams over HTTP', async () => {
  const world = createWorld();
  const client = new OpenAI({ baseURL: `${await listen(world)}/v1`, apiKey: 'any' });
  const { data: [made] = [], _request_id: id } = await client.images.generate({ model: 'banana', prompt });
  expect(id).toMatch(/^req_/);
  const image = new File([Buffer.from(made?.b64_json ?? '', 'base64')], 'a.jpg');
  const { data: edited = [] } = await client.images.edit({ model: 'banana', prompt, image });
  expect(edited).toHaveLength(1);
  const stream = await client.images.generate({ model: 'banana', prompt, stream: true });
  const types: string[] = [];
  for await (const { type } of stream) types.push(type);
  expect(types).toEqual(['image_generation.completed']);
  const { data: listed } = await client.models.list();
  expect(listed.map((each) => each.id)).toContain('hero');
  await expect(client.images.generate({ model: 'none', prompt })).rejects.toMatchObject({ status: 404 });
  expect(world.charges()).toBe(3);
});

it('a socket that closes while its picture is made leaves the job running, and the next gets its picture', async () => {
  const world = createWorld({ emulated: { generationTime: { fixed: 500 } } });
  const url = await listen(world);
  const leaving = new AbortController();
  const lost = post(url, { prompt }, leaving.signal);
  await until(() => world.charges() === 1);
  leaving.abort();
  await expect(lost).rejects.toThrow();
  await world.gateway.idle();
  const response = await post(url, { prompt });
  expect(response.headers.get('x-imageport-replayed')).toBe('true');
  expect((await imagesOf(response)).data).toHaveLength(1);
  expect([world.submits(), world.charges()]).toEqual([1, 1]);
});

it('two that read their answers to the end and ask again have asked for two', async () => {
  const world = createWorld();
  const url = await listen(world);
  for (let count = 0; count < 3; count += 1) await (await post(url, { prompt, n: 2 })).arrayBuffer();
  expect(world.charges()).toBe(6);
});

it('a body that comes in pieces without a length is cut off at the bound', async () => {
  const world = createWorld({ mostBytes: 64 * 1024 });
  const { port } = new URL(await listen(world));
  const sending = request({ port, host: '127.0.0.1', path: '/v1/images/generations', method: 'POST' });
  sending.setHeader('content-type', 'application/json');
  sending.on('error', () => undefined);
  for (let count = 0; count < 8; count += 1) sending.write(' '.repeat(16 * 1024));
  const [response] = (await once(sending, 'response')) as [{ statusCode: number }];
  sending.destroy();
  expect(response.statusCode).toBe(413);
});

it.each([
  ['GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['GET http://other.example/v1/models HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 200 /],
  ['GET /v1/../../keys.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 404 /],
  ['GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', /^HTTP\/1\.1 400 /],
])('the raw request %j is answered without harm', async (text, wanted) => {
  const world = createWorld();
  const { port } = new URL(await listen(world));
  const socket = connect(Number(port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString();
  });
  socket.write(text);
  await once(socket, 'close');
  expect(answer).toMatch(wanted);
  expect(world.errors).toEqual([]);
});

it('closing takes no more requests and waits for what is under way', async () => {
  const world = createWorld({ emulated: { generationTime: { fixed: 300 } } });
  const served = await serveGateway(world.gateway, { port: 0 });
  const running = post(served.url, { prompt });
  await until(() => world.charges() === 1);
  const closed = served.close();
  await expect(fetch(`${served.url}/healthz`)).rejects.toThrow();
  expect((await imagesOf(await running)).data).toHaveLength(1);
  await closed;
});

it('keys are read again when their file has changed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'imageport-gateway-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'keys.json');
  const [ann, bob] = [newKey('ann'), newKey('bob')];
  const write = (...keys: readonly object[]) => writeFileSync(path, JSON.stringify(keys));
  write(ann.entry);
  const world = createWorld({ keys: openKeys(path) });
  const statusOf = async ({ key }: { readonly key: string }): Promise<number> =>
    (await world.fetch('/v1/models', { headers: { authorization: `Bearer ${key}` } })).status;
  expect([await statusOf(ann), await statusOf(bob)]).toEqual([200, 401]);
  write(bob.entry, { ...newKey('eve').entry, budget: { USD: 1, per: 'day' } });
  expect([await statusOf(ann), await statusOf(bob)]).toEqual([401, 200]);
  writeFileSync(path, '{');
  expect(await statusOf(bob)).toBe(500);
});
