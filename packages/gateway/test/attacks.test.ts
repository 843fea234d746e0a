import { expect, it } from 'vitest';
import { createWorld, errorOf, origin, prompt } from './world.ts';

const json = { 'content-type': 'application/json' };

/** A body that goes on for ever, and how much of it was read. */
function endless(): { readonly body: ReadableStream<Uint8Array>; read(): number } {
  let count = 0;
  const piece = new Uint8Array(1024).fill(0x20);
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      count += piece.byteLength;
      controller.enqueue(piece);
    },
  });
  return { body, read: () => count };
}

it.each(['application/json', 'multipart/form-data; boundary=x'])(
  'a body of %s that states no length is read to its bound and no further',
  async (type) => {
    const world = createWorld({ mostBytes: 64 * 1024 });
    const { body, read } = endless();
    const init = { method: 'POST', headers: { 'content-type': type }, body, duplex: 'half' } as RequestInit;
    const response = await world.fetch('/v1/images/generations', init);
    expect([response.status, (await errorOf(response)).code]).toEqual([413, 'request_too_large']);
    expect(read()).toBeLessThan(80 * 1024);
  },
);

it('a body that states a length beyond the bound is not read at all', async () => {
  const world = createWorld({ mostBytes: 64 * 1024 });
  const { body, read } = endless();
  const headers = { ...json, 'content-length': '9999999' };
  const response = await world.fetch('/v1/images/generations', {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit);
  expect(response.status).toBe(413);
  expect(read()).toBeLessThan(4 * 1024);
});

it.each(['10', 'many', '-1', ''])('a body that states the length %j counts by its bytes', async (length) => {
  const world = createWorld({ mostBytes: 2048 });
  const body = JSON.stringify({ prompt: 'a'.repeat(4096) });
  const headers = { ...json, 'content-length': length };
  expect((await world.fetch('/v1/images/generations', { method: 'POST', headers, body })).status).toBe(413);
});

it.each([
  ['no JSON', json, '{"prompt": "a secret wish"', 400, 'invalid_body'],
  ['a list', json, '[]', 400, 'invalid_body'],
  ['nothing', json, '', 400, 'invalid_body'],
  ['a form without its boundary', { 'content-type': 'multipart/form-data' }, 'a secret wish', 400, 'invalid_body'],
  ['text', { 'content-type': 'text/plain' }, '{}', 415, 'unsupported_media_type'],
  [
    'a form of a page',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'prompt=a',
    415,
    'unsupported_media_type',
  ],
])('a body that is %s is refused and not quoted', async (_, headers, body, status, code) => {
  const world = createWorld();
  const response = await world.fetch('/v1/images/generations', { method: 'POST', headers, body });
  const error = await errorOf(response);
  expect([response.status, error.code]).toEqual([status, code]);
  expect(JSON.stringify([error, world.entries])).not.toContain('secret wish');
});

it.each([
  ['GET', '/v1/images/generations', 405],
  ['DELETE', '/v1/models', 405],
  ['GET', '/', 404],
  ['GET', '/v1', 404],
  ['POST', '/v1/chat/completions', 404],
  ['GET', '/v1/models/..%2F..%2Fkeys.json', 404],
  ['GET', '/v1/models/%2Fetc%2Fpasswd', 404],
  ['GET', '/v1/models/%E0%A4%A', 404],
  ['GET', '/v1/models/hero%00', 404],
  ['GET', '/v1/models/__proto__', 404],
  ['GET', '/v1/images/files/', 404],
  ['GET', '/v1/images/files/a/b', 404],
  ['GET', '//healthz', 404],
])('%s %s is answered with %i', async (method, path, status) => {
  const world = createWorld();
  const response = await world.gateway.fetch(new Request(`${origin}${path}`, { method }));
  expect(response.status).toBe(status);
  expect(world.errors).toEqual([]);
});

it.each(['constructor', '__proto__', 'toString', 'hero ', 'HERO', 'wavespeed:*'])(
  'a model called %j is not there',
  async (model) => {
    const world = createWorld({ models: ['hero'], quality: { hero: {} }, ignore: { hero: [] } });
    const response = await world.ask({ model, prompt });
    expect([response.status, (await errorOf(response)).code]).toEqual([404, 'model_not_found']);
    expect(world.errors).toEqual([]);
  },
);

it('a form of very many parts is refused before it is parsed', async () => {
  const world = createWorld();
  const part = '--x\r\ncontent-disposition: form-data; name="image[]"\r\n\r\na\r\n';
  const init = {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: `${part.repeat(200_000)}--x--\r\n`,
  };
  const response = await world.fetch('/v1/images/edits', init);
  const { code, message } = await errorOf(response);
  expect([response.status, code, message]).toEqual([400, 'invalid_body', expect.stringContaining('1000 parts')]);
  expect(world.submits()).toBe(0);
});

it('no header of an answer carries what a client or a host has put into it', async () => {
  const world = createWorld({ fit: { '*': 'nearest' } });
  const headers = { 'idempotency-key': 'a"; drop', 'x-request-id': 'mine', 'x-stainless-retry-count': '1; x' };
  const response = await world.ask({ prompt, size: '64x64' }, { headers });
  expect(response.status).toBe(200);
  for (const [name, value] of response.headers) {
    expect(value, name).toMatch(/^[\x20-\x7e]*$/);
    expect(value, name).not.toContain('drop');
  }
  expect(response.headers.get('x-request-id')).not.toBe('mine');
  expect(response.headers.get('x-imageport-warnings')?.length).toBeLessThan(2_001);
});

it('a name of a field that somebody made up is shown shortened and without signs that mean something', async () => {
  const world = createWorld();
  const { message, param } = await errorOf(await world.ask({ prompt, [`<b>${'x'.repeat(200)}`]: 1 }));
  expect(param).toMatch(/^\?b\?x{57}$/);
  expect(message).not.toContain('<');
});

it('a stated time to wait that is no time, or far too short, does no harm', async () => {
  for (const stated of ['-5', 'NaN', '1e9', '0', 'soon']) {
    const world = createWorld();
    expect((await world.ask({ prompt }, { headers: { 'x-stainless-timeout': stated } })).status).toBe(200);
  }
});
