import { createHash } from 'node:crypto';
import { createMemoryLedger } from '@imageport/core';
import { createIntentBook, createMemoryBookStore } from '@imageport/core/book';
import type { GatewayKey } from '@imageport/gateway';
import { describe, expect, it } from 'vitest';
import { ownClock } from './clock.ts';
import { createWorld, errorOf, imagesOf, prompt, until } from './world.ts';

const keyOf = (id: string, more: Partial<GatewayKey> = {}): GatewayKey => ({
  ...{ id, sha256: createHash('sha256').update(`key of ${id}`.replaceAll(' ', '-')).digest('hex') },
  ...more,
});
const as = (id: string) => ({ headers: { authorization: `Bearer key-of-${id}` } });

it.each([
  ['none', {}],
  ['another', { authorization: 'Bearer other' }],
  ['its hash', { authorization: `Bearer ${keyOf('ann').sha256}` }],
  ['a part of it', { authorization: 'Bearer key-of-an' }],
  ['another scheme', { authorization: 'Basic key-of-ann' }],
  ['nothing', { authorization: 'Bearer ' }],
])('a request with %s instead of a key is refused before its body is read', async (_, headers) => {
  const world = createWorld({ keys: [keyOf('ann')] });
  const body = new ReadableStream(
    {
      pull() {
        throw new Error('the body was read');
      },
    },
    { highWaterMark: 0 },
  );
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half',
  } as RequestInit;
  const response = await world.fetch('/v1/images/generations', init);
  expect([response.status, (await errorOf(response)).code]).toEqual([401, 'invalid_api_key']);
  expect(world.submits()).toBe(0);
});

it('requests with different keys never meet', async () => {
  const world = createWorld({ keys: [keyOf('ann'), keyOf('bob')] });
  const headers = { 'idempotency-key': 'order-1' };
  const ids = await Promise.all(
    ['ann', 'bob'].map(async (id) => {
      const response = await world.ask({ prompt }, { headers: { ...headers, ...as(id).headers } });
      await response.arrayBuffer();
      return response.headers.get('x-imageport-intent-id');
    }),
  );
  expect(ids[0]).not.toBe(ids[1]);
  expect(world.charges()).toBe(2);
  expect(world.entries.map(({ key }) => key).sort()).toEqual(['ann', 'bob']);
});

it('a budget holds for what is asked for under one Idempotency-Key, too', async () => {
  const world = createWorld({ keys: [keyOf('ann', { budget: { USD: 0.03 } })] });
  const headers = { ...as('ann').headers, 'idempotency-key': 'order-1' };
  expect((await world.ask({ prompt, n: 1 }, { headers })).status).toBe(200);
  const dearer = await world.ask({ prompt, n: 10 }, { headers });
  expect([dearer.status, (await errorOf(dearer)).code]).toEqual([422, 'idempotency_mismatch']);
  expect((await world.ask({ prompt, n: 1 }, { headers })).status).toBe(200);
  expect(world.charges()).toBe(1);
});

it('a key shows and makes only the models that are its own', async () => {
  const world = createWorld({
    keys: [keyOf('ann', { models: ['frame', 'gpt-image-1'] })],
    aliases: { 'gpt-image-1': 'hero' },
  });
  const { data } = (await (await world.fetch('/v1/models', as('ann'))).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(['frame', 'gpt-image-1']);
  const statuses = await Promise.all(
    ['frame', 'gpt-image-1', 'hero', 'both'].map(
      async (model) => (await world.ask({ model, prompt }, as('ann'))).status,
    ),
  );
  expect(statuses).toEqual([200, 200, 404, 404]);
  expect((await world.fetch('/v1/models/hero', as('ann'))).status).toBe(404);
});

describe('a budget', () => {
  it('for three pictures is enough for three of ten that are asked for at once', async () => {
    const world = createWorld({ keys: [keyOf('ann', { budget: { USD: 0.085 } })] });
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.ask({ prompt }, as('ann'))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, ...Array(7).fill(402)]);
    const refused = answers.find(({ status }) => status === 402);
    expect(refused?.headers.get('x-should-retry')).toBe('false');
    expect(refused && (await errorOf(refused)).type).toBe('insufficient_quota');
    expect([world.submits(), world.charges()]).toEqual([3, 3]);
  });

  it('gets back what was put aside for a failure that cost nothing', async () => {
    const world = createWorld({ keys: [keyOf('ann', { budget: { USD: 0.03 } })] });
    world.emulator.inject({ on: 'submit', job: 'moderated' });
    expect((await world.ask({ prompt }, as('ann'))).status).toBe(400);
    expect((await world.ask({ prompt }, as('ann'))).status).toBe(200);
    expect((await world.ask({ prompt: 'a fox' }, as('ann'))).status).toBe(402);
  });

  it('keeps aside what a job that is not over may cost, and counts a picture once', async () => {
    const world = createWorld({
      timeout: 50_000,
      keys: [keyOf('ann', { budget: { USD: 0.06 } })],
      emulated: { generationTime: { fixed: 75_000 } },
    });
    const clock = ownClock();
    const ask = async (body: object) => (await clock.until(world.ask(body, as('ann')))).status;
    expect(await ask({ prompt })).toBe(504);
    expect(await ask({ prompt, n: 2 })).toBe(402);
    expect(await ask({ prompt })).toBe(200);
    expect(await ask({ prompt })).not.toBe(402);
    expect(await ask({ prompt: 'a fox' })).toBe(402);
    expect(world.charges()).toBe(2);
  });

  it('pays for a repeat that finds its picture only once', async () => {
    const world = createWorld({ keys: [keyOf('ann', { budget: { USD: 0.03 } })] });
    for (let count = 0; count < 3; count += 1) {
      const response = await world.ask({ prompt }, as('ann'));
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
    expect(world.charges()).toBe(1);
  });

  it('whose store fails when the picture is there costs no picture, and what was put aside stays so', async () => {
    const store = createMemoryBookStore();
    let writes = 0;
    const failing = {
      ...store,
      write: async (...given: Parameters<typeof store.write>) => {
        writes += 1;
        if (writes === 2) throw new Error('no space is left');
        return store.write(...given);
      },
    };
    const ledger = createMemoryLedger();
    const book = createIntentBook({ ledger, store: failing });
    const world = createWorld({ ledger, book, keys: [keyOf('ann', { budget: { USD: 0.03 } })] });
    const response = await world.ask({ prompt }, as('ann'));
    expect([response.status, (await imagesOf(response)).data.length]).toEqual([200, 1]);
    expect(world.errors).toEqual([expect.objectContaining({ message: 'no space is left' })]);
    expect((await world.ask({ prompt: 'a fox' }, as('ann'))).status).toBe(402);
  });

  it('in dollars leaves out what is paid in credits, and refuses what has no price at all', async () => {
    const world = createWorld({ keys: [keyOf('ann', { budget: { USD: 1 } })] });
    const frame = await world.ask({ model: 'frame', prompt }, as('ann'));
    expect([frame.status, (await errorOf(frame)).code]).toEqual([400, 'price_unknown']);
    const both = await world.ask({ model: 'both', prompt }, as('ann'));
    expect([both.status, both.headers.get('x-imageport-provider')]).toEqual([200, 'wavespeed']);
    expect(world.submits()).toBe(1);
  });
});

it('a key has so many requests under way, and the next is told to wait', async () => {
  const world = createWorld({
    keys: [keyOf('ann', { concurrency: 1 }), keyOf('bob')],
    emulated: { generationTime: { fixed: 60_000 } },
  });
  const clock = ownClock();
  const first = world.ask({ prompt }, as('ann'));
  await until(() => world.submits() === 1);
  const second = await world.ask({ prompt: 'a fox' }, as('ann'));
  const says = ['x-should-retry', 'retry-after-ms'].map((name) => second.headers.get(name));
  expect([second.status, (await errorOf(second)).code, ...says]).toEqual([429, 'rate_limit_exceeded', 'true', '2000']);
  expect((await clock.until(world.ask({ prompt: 'a fox' }, as('bob')))).status).toBe(200);
  expect((await clock.until(first)).status).toBe(200);
  expect((await clock.until(world.ask({ prompt: 'a fox' }, as('ann')))).status).toBe(200);
});

describe('without keys', () => {
  it.each([{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'same-origin' }])(
    'a page in a browser is refused: %j',
    async (headers) => {
      const world = createWorld();
      const response = await world.ask({ prompt }, { headers: headers as unknown as Record<string, string> });
      expect([response.status, (await errorOf(response)).code]).toEqual([403, 'forbidden_origin']);
      expect(world.submits()).toBe(0);
    },
  );
});
