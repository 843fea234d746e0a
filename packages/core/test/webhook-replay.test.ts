import { createHash, createHmac } from 'node:crypto';
import { verifyApiframeWebhook } from '@imageport/apiframe';
import { verifyWavespeedWebhook } from '@imageport/wavespeed';
import { describe, expect, test, vi } from 'vitest';
import { createReplayGuard, type WebhookEvent } from '../src/index.ts';

const now = 1_800_000_000_000;
const apiKey = 'afk_canary';
const secret = 'whsec_canary';

/** A delivery of Apiframe, which signs no time. */
function ofApiframe(jobId: string, event = 'completed'): Promise<WebhookEvent> {
  const body = JSON.stringify({ event, jobId, status: 'COMPLETED', model: 'seedream-4' });
  const key = createHash('sha256').update(apiKey).digest();
  const signature = createHmac('sha256', key).update(body).digest('hex');
  return verifyApiframeWebhook({ body, headers: { 'x-webhook-signature': signature }, apiKey, now });
}

/** A delivery of WaveSpeedAI; another try of the host has the same id and another time. */
function ofWavespeed(id: string, second = 0): Promise<WebhookEvent> {
  const body = JSON.stringify({ id: 'job-0001', model: 'a/b', status: 'completed', outputs: [] });
  const time = String(now / 1000 + second);
  const mac = createHmac('sha256', 'canary').update(`${id}.${time}.${body}`).digest('hex');
  const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v3,${mac}` };
  return verifyWavespeedWebhook({ body, headers, secret, now });
}

const deliveries = [
  ['Apiframe', () => ofApiframe('clx1'), () => ofApiframe('clx2'), () => ofApiframe('clx1', 'progress')],
  ['WaveSpeedAI', () => ofWavespeed('one'), () => ofWavespeed('two'), () => ofWavespeed('three')],
] as const;

describe.each(deliveries)('a genuine delivery of %s', (_, deliver, another, third) => {
  test('has its effect once, however often it comes', async () => {
    const guard = createReplayGuard();
    const handle = vi.fn();
    const ran: boolean[] = [];
    for (let copy = 0; copy < 5; copy += 1) ran.push(await guard.once(await deliver(), handle));
    expect(ran).toEqual([true, false, false, false, false]);
    expect(handle).toHaveBeenCalledTimes(1);
  });

  test('is not taken for another', async () => {
    const guard = createReplayGuard();
    for (const each of [deliver, another, third]) expect(await guard.once(await each(), () => undefined)).toBe(true);
  });

  test('that could not be handled is handled at the next try', async () => {
    const guard = createReplayGuard();
    const broken = guard.once(await deliver(), () => Promise.reject(new Error('the database is down')));
    await expect(broken).rejects.toThrow('the database is down');
    expect(await guard.once(await deliver(), () => undefined)).toBe(true);
    expect(await guard.once(await deliver(), () => undefined)).toBe(false);
  });

  test('waits for a copy of it that is being handled, and takes its place if that fails', async () => {
    const guard = createReplayGuard();
    const event = await deliver();
    const { promise, reject } = Promise.withResolvers<void>();
    const first = guard.once(event, () => promise);
    const handle = vi.fn();
    const copies = [guard.once(event, handle), guard.once(event, handle)];
    await new Promise(setImmediate);
    expect(handle).not.toHaveBeenCalled();
    reject(new Error('too late'));
    await expect(first).rejects.toThrow('too late');
    expect((await Promise.all(copies)).toSorted()).toEqual([false, true]);
    expect(handle).toHaveBeenCalledTimes(1);
  });
});

test('another try of WaveSpeedAI, signed anew, is the same delivery', async () => {
  const guard = createReplayGuard();
  expect(await guard.once(await ofWavespeed('one'), () => undefined)).toBe(true);
  expect(await guard.once(await ofWavespeed('one', 60), () => undefined)).toBe(false);
});

test('so many are remembered, and no more', async () => {
  const guard = createReplayGuard({ most: 3 });
  const take = (delivery: string) => guard.once({ provider: 'acme', delivery }, () => undefined);
  for (const each of ['a', 'b', 'c', 'd']) expect(await take(each)).toBe(true);
  expect([await take('b'), await take('c'), await take('d')]).toEqual([false, false, false]);
  expect(await take('a')).toBe(true);
});

test('several processes remember in one place', async () => {
  const keys = new Set<string>();
  const seen = {
    add: async (key: string) => !keys.has(key) && keys.add(key).has(key),
    delete: async (key: string) => keys.delete(key),
  };
  const event = await ofApiframe('clx1');
  expect(await createReplayGuard({ seen }).once(event, () => undefined)).toBe(true);
  expect(await createReplayGuard({ seen }).once(event, () => undefined)).toBe(false);
});

test.each([
  ['rejects', () => Promise.reject(new Error('the store is down'))],
  [
    'throws',
    () => {
      throw new Error('the store is down');
    },
  ],
])('a store that %s when it shall forget hides no error of the handler, and is asked again', async (_, fail) => {
  const keys = new Set<string>();
  const forget = vi.fn((key: string): unknown => keys.delete(key)).mockImplementationOnce(fail);
  const seen = { add: (key: string) => !keys.has(key) && keys.add(key).has(key), delete: forget };
  const [guard, event] = [createReplayGuard({ seen }), await ofApiframe('clx1')];
  const error = new Error('the database is down');
  await expect(guard.once(event, () => Promise.reject(error))).rejects.toBe(error);
  forget.mockImplementationOnce(fail);
  await expect(guard.once(event, () => undefined)).rejects.toThrow('the store is down');
  expect(await guard.once(event, () => undefined)).toBe(true);
  expect(await guard.once(event, () => undefined)).toBe(false);
  expect(forget).toHaveBeenCalledTimes(3);
});

describe('a store that fails when it shall note a delivery', () => {
  /** As stores do that write a key only where none is, and answer with what stands there. */
  function createStore() {
    const keys = new Map<string, string>();
    const note = (key: string, by: string): boolean => keys.set(key, keys.get(key) ?? by).get(key) === by;
    const add = vi.fn(async (key: string, by: string) => note(key, by));
    const fail = () => Promise.reject(new Error('the answer was lost'));
    return {
      seen: { add, delete: async (key: string) => keys.delete(key) },
      failAfterwards: () => void add.mockImplementationOnce(async (key, by) => note(key, by) && fail()),
      failBefore: () => void add.mockImplementationOnce(fail),
    };
  }

  test.each(['failAfterwards', 'failBefore'] as const)('has it handled once at the next tries: %s', async (when) => {
    const { seen, [when]: fail } = createStore();
    const [guard, event, handle] = [createReplayGuard({ seen }), await ofApiframe('clx1'), vi.fn()];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      fail();
      await expect(guard.once(event, handle)).rejects.toThrow('the answer was lost');
    }
    expect(handle).not.toHaveBeenCalled();
    expect([await guard.once(event, handle), await guard.once(event, handle)]).toEqual([true, false]);
    expect(handle).toHaveBeenCalledTimes(1);
  });

  test('does not have it handled again when it was handled elsewhere', async () => {
    const { seen, failBefore } = createStore();
    const [here, elsewhere, event] = [
      createReplayGuard({ seen }),
      createReplayGuard({ seen }),
      await ofApiframe('clx1'),
    ];
    failBefore();
    await expect(here.once(event, () => undefined)).rejects.toThrow('the answer was lost');
    expect(await elsewhere.once(event, () => undefined)).toBe(true);
    expect(await here.once(event, () => undefined)).toBe(false);
  });

  test('has it handled again at the next try when its handler failed after that', async () => {
    const { seen, failAfterwards } = createStore();
    const [guard, event] = [createReplayGuard({ seen }), await ofApiframe('clx1')];
    failAfterwards();
    await expect(guard.once(event, () => undefined)).rejects.toThrow('the answer was lost');
    await expect(guard.once(event, () => Promise.reject(new Error('the database is down')))).rejects.toThrow(
      'database',
    );
    expect(await createReplayGuard({ seen }).once(event, () => undefined)).toBe(true);
    expect(await guard.once(event, () => undefined)).toBe(false);
  });

  test('is remembered to have failed for as many deliveries as `most` says', async () => {
    const { seen, failAfterwards } = createStore();
    const guard = createReplayGuard({ seen, most: 2 });
    const take = (delivery: string) => guard.once({ provider: 'acme', delivery }, () => undefined);
    for (const each of ['a', 'b', 'c']) {
      failAfterwards();
      await expect(take(each)).rejects.toThrow('the answer was lost');
    }
    expect([await take('a'), await take('b'), await take('c')]).toEqual([false, true, true]);
  });
});

test.each([
  ['delivery', { provider: 'acme' }],
  ['delivery', { provider: 'acme', delivery: '' }],
  ['delivery', { provider: 'acme', delivery: 7 }],
  ['provider', { delivery: 'a' }],
  ['provider', undefined],
])('an event without a %s, which could not be told from others, is refused: %j', async (field, event) => {
  const handle = vi.fn();
  await expect(createReplayGuard().once(event as never, handle)).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining(`\`${field}\``),
  });
  expect(handle).not.toHaveBeenCalled();
});

test.each([0, -1, Number.NaN, '3' as never])('a guard that would remember nothing is refused: %s', (most) => {
  expect(() => createReplayGuard({ most })).toThrow(
    expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining('`most`') }),
  );
});

test('what names a delivery is no signature', async () => {
  const { delivery } = await ofApiframe('clx1');
  const body = '{"event":"completed","jobId":"clx1","status":"COMPLETED","model":"seedream-4"}';
  expect(delivery).toBe(createHash('sha256').update(body).digest('hex'));
});
