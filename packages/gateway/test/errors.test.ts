import { createMemoryLedger, createRegistry, type Ledger } from '@imageport/core';
import type { Fault } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { describe, expect, it } from 'vitest';
import { createWorld, errorOf, models, prompt, type World } from './world.ts';

interface Row {
  readonly what: string;
  readonly faults: readonly Fault[];
  readonly model?: string;
  readonly timeout?: number;
  readonly ledger?: Ledger;
  readonly status: number;
  readonly code: string;
  readonly retry: boolean;
  /** Submits of the first request, and after the same request was made again. */
  readonly submits: readonly [number, number];
  readonly charges: number;
}

const submit = (status: number, body: object = {}): Fault => ({ on: 'submit', status, body, times: Infinity });

/** A ledger on a disk that is full. */
function unwritable(): Ledger {
  return { ...createMemoryLedger(), begin: () => Promise.reject(new Error('no space is left')) };
}

const rows: readonly Row[] = [
  {
    ...{ what: 'the key of the gateway at the host is refused', faults: [submit(401)] },
    ...{ status: 502, code: 'upstream_unauthenticated', retry: false, submits: [1, 2], charges: 0 },
  },
  {
    ...{ what: 'the account at the host is empty', faults: [submit(402)] },
    ...{ status: 402, code: 'insufficient_quota', retry: false, submits: [1, 2], charges: 0 },
  },
  {
    ...{ what: 'the host moderates the job', faults: [{ on: 'submit', job: 'moderated', times: Infinity }] },
    ...{ status: 400, code: 'moderation_blocked', retry: false, submits: [1, 2], charges: 0 },
  },
  {
    ...{ what: 'the host limits the rate', faults: [submit(429)], timeout: 3_000 },
    ...{ status: 429, code: 'rate_limit_exceeded', retry: true, submits: [1, 2], charges: 0 },
  },
  {
    ...{ what: 'what is paid cannot be written down', faults: [], ledger: unwritable() },
    ...{ status: 503, code: 'unavailable', retry: true, submits: [0, 0], charges: 0 },
  },
  {
    ...{ what: 'the host does not know the request', faults: [submit(400, { code: 400, message: 'host words' })] },
    ...{ status: 400, code: 'invalid_value', retry: false, submits: [1, 2], charges: 0 },
  },
  {
    ...{ what: 'a paid job is not done in time', faults: [{ on: 'submit', job: 'never' }], timeout: 1_000 },
    ...{ status: 504, code: 'timeout', retry: true, submits: [1, 1], charges: 1 },
  },
  {
    ...{ what: 'the answer to a submit is lost', faults: [{ on: 'submit', reset: 'after' }], timeout: 2_000 },
    ...{ status: 504, code: 'submission_unknown', retry: false, submits: [1, 1], charges: 1 },
  },
  {
    ...{ what: 'a job fails and costs nothing', faults: [{ on: 'submit', job: 'fail', times: Infinity }] },
    ...{ status: 502, code: 'job_failed', retry: false, submits: [1, 2], charges: 0 },
  },
  {
    ...{ what: 'the picture is none', faults: [{ on: 'output', bytes: new Uint8Array([1, 2, 3]), times: Infinity }] },
    ...{ status: 502, code: 'invalid_response', retry: false, submits: [1, 1], charges: 1 },
  },
];

describe('every failure has a status, says whether it may be repeated, and costs no more when it is:', () => {
  it.each(rows)('$what', async ({ faults, model = 'hero', timeout, ledger, status, code, retry, submits, charges }) => {
    const world = createWorld({ ...(timeout ? { timeout } : {}), ...(ledger ? { ledger } : {}) });
    world.emulator.inject(...faults);
    const first = await world.ask({ model, prompt });
    const error = await errorOf(first);
    expect({ status: first.status, code: error.code, retry: first.headers.get('x-should-retry') }).toEqual({
      ...{ status, code, retry: String(retry) },
    });
    expectNothingOfTheHost(world, JSON.stringify([error, ...first.headers]));
    const before = world.submits();
    const second = await world.ask({ model, prompt }, { headers: { 'x-stainless-retry-count': '1' } });
    expect(second.status).toBe(status);
    expect([[before, world.submits()], world.charges()]).toEqual([submits, charges]);
  });
});

/** Neither an address, nor a key, nor its words. */
function expectNothingOfTheHost({ emulator, entries, errors }: World, text: string): void {
  const all = text + JSON.stringify(entries);
  for (const { apiKey, baseUrl } of [emulator.wavespeed, emulator.apiframe])
    for (const secret of [apiKey, baseUrl, 'host words', prompt, '/api/v3']) expect(all).not.toContain(secret);
  expect(errors).toEqual([]);
}

it('a job that is paid and failed is told with a status that no client repeats by itself', async () => {
  const world = createWorld();
  world.emulator.inject({ on: 'submit', job: 'fail-unrefunded' });
  const response = await world.ask({ model: 'frame', prompt });
  expect([response.status, response.headers.get('x-should-retry')]).toEqual([424, 'false']);
  expect(await errorOf(response)).toMatchObject({ code: 'job_failed', type: 'upstream_error' });
  expect(world.charges()).toBe(1);
});

it('a pause that the host asks for is passed on in milliseconds', async () => {
  const world = createWorld({ timeout: 5_000 });
  world.emulator.inject({ ...submit(429), headers: { 'retry-after': '30' } });
  const response = await world.ask({ prompt });
  expect([response.status, response.headers.get('retry-after-ms')]).toEqual([429, '30000']);
});

it('what is refused says so in the words of the request, not in those of the library', async () => {
  const world = createWorld();
  const { message } = await errorOf(await world.ask({ prompt, output_format: 'png' }));
  expect(message).toContain('`output_format`');
  expect(message).not.toContain('outputFormat');
});

it('a key that was used for another request is a conflict of keys, and nothing is sent', async () => {
  const world = createWorld();
  const headers = { 'idempotency-key': 'order-1' };
  expect((await world.ask({ prompt }, { headers })).status).toBe(200);
  const again = await world.ask({ prompt }, { headers });
  expect([again.status, again.headers.get('x-imageport-replayed')]).toEqual([200, 'true']);
  const other = await world.ask({ prompt: 'a fox' }, { headers });
  expect([other.status, (await errorOf(other)).code]).toEqual([422, 'idempotency_mismatch']);
  expect(world.submits()).toBe(1);
});

it('what nobody expected is told to the one who runs it, not to the client', async () => {
  const broken = () => Promise.reject(new Error('disk at /srv/keys.json'));
  const world = createWorld({ keys: broken });
  const response = await world.ask({ prompt }, { headers: { authorization: 'Bearer any' } });
  expect([response.status, await errorOf(response)]).toEqual([
    500,
    { message: 'the gateway failed', type: 'server_error', code: 'internal_error', param: null },
  ]);
  expect(world.errors).toEqual([expect.objectContaining({ message: 'the keys cannot be read' })]);
});

it('what a listener throws changes no answer', async () => {
  const broken = () => {
    throw new Error('the log is full');
  };
  const world = createWorld({ log: broken, onError: broken, keys: () => Promise.reject(new Error('no keys')) });
  expect((await world.ask({ prompt }, { headers: { authorization: 'Bearer any' } })).status).toBe(500);
  expect((await createWorld({ log: broken }).ask({ prompt })).status).toBe(200);
});

it('an intent that was begun at another address says neither of them', async () => {
  const ledger = createMemoryLedger();
  const headers = { 'idempotency-key': 'order-1' };
  const first = createWorld({ ledger, timeout: 1_000 });
  first.emulator.inject({ on: 'submit', job: 'never' });
  expect((await first.ask({ prompt }, { headers })).status).toBe(504);
  const second = createWorld({ ledger });
  await second.emulator.listen();
  const registry = createRegistry({ models: { hero: models.hero ?? '' } }, [
    createWavespeed(second.emulator.wavespeed),
  ]);
  const moved = createWorld({ ledger, registry, models: ['hero'] });
  const response = await moved.ask({ prompt }, { headers });
  const text = JSON.stringify([await errorOf(response), moved.entries]);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(text).not.toMatch(/https?:|localhost|127\.0\.0\.1/);
  expect(second.charges()).toBe(0);
});
