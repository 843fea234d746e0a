import type { Fault } from '@imageport/emulator';
import { describe, expect, test } from 'vitest';
import { generateImage, type ImageEvent } from '../src/index.ts';
import { createWorld, hosts, inVirtualTime, play } from './world.ts';

describe.each(hosts)('%s, when all is well', (host) => {
  test('one call is one submit, one charge, one picture', async () => {
    const world = createWorld();
    const ending = await play(world, { model: world.model(host) });
    expect(ending).toMatchObject({ images: 1, attempts: [{ outcome: 'completed', billed: 'yes', submits: 1 }] });
    expect(world.submits()).toBe(1);
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test.each([
    ['default', 1_000],
    ['aggressive', 250],
  ] as const)('polls at the %s pace: never sooner than %d ms after the last poll', async (pace, least) => {
    const world = createWorld({ generationTime: { fixed: 20_000 } });
    await play(world, { model: world.model(host), pace });
    const polls = world.emulator.requests().filter(({ kind }) => kind === 'poll');
    const gaps = polls.slice(1).map(({ at }, index) => at - (polls[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(least - 1);
    expect(polls.length).toBeGreaterThan(3);
  });

  test('tells what happens, in order, without the prompt', async () => {
    const events: ImageEvent[] = [];
    const world = createWorld();
    await play(world, {
      model: world.model(host),
      prompt: 'a very secret prompt',
      onEvent: (event) => events.push(event),
    });
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['submitting', 'accepted', 'progress', 'settled']),
    );
    expect(events.at(-1)).toMatchObject({ type: 'settled', outcome: 'completed', billed: 'yes' });
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  test('downloads nothing until asked', async () => {
    const world = createWorld();
    await play(world, { model: world.model(host) });
    expect(world.emulator.requests().filter(({ kind }) => kind === 'output')).toEqual([]);
  });
});

describe.each(hosts)('%s, when a job does not end well', (host) => {
  test('a refunded failure says that nothing was spent', async () => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'fail' }] });
    const { error, charges } = await play(world, { model: world.model(host) });
    expect(error).toMatchObject({ code: 'job_failed', billed: 'no', job: { provider: host } });
    expect(charges).toMatchObject([{ refunded: true }]);
  });

  test('moderation is never success, never retried and never sent to another host', async () => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'moderated' }] });
    const other = host === 'wavespeed' ? 'apiframe' : 'wavespeed';
    const { error } = await play(world, { model: [world.model(host), world.model(other)] });
    expect(error).toMatchObject({ code: 'moderated', reason: 'content_rejected' });
    expect(world.submits()).toBe(1);
  });

  test('a completed job without a picture is an error that says it was paid', async () => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'empty' }] });
    const { error } = await play(world, { model: world.model(host) });
    expect(error).toMatchObject({ code: 'invalid_response', reason: 'empty_result', billed: 'yes', resumable: true });
  });

  test('a job that never ends is given back by the deadline, to be resumed', async () => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'never' }] });
    const { error, duration } = await play(world, { model: world.model(host), timeout: 60_000 });
    expect(error).toMatchObject({ code: 'timeout', billed: 'yes', resumable: true, job: { provider: host } });
    expect(duration).toBeCloseTo(60_000, -1);
  });

  test('a job that the reading side does not know yet is looked at again', async () => {
    const world = createWorld({ faults: [{ on: 'poll', times: 3, status: 404 }] });
    expect(await play(world, { model: world.model(host) })).toMatchObject({ images: 1 });
  });

  test("another job's answer is never taken for ours", async () => {
    const foreign = 'https://example.com/foreign.png';
    const other = (json: { data?: object }): unknown =>
      json.data
        ? { ...json, data: { ...json.data, id: 'f'.repeat(32), status: 'completed', outputs: [foreign] } }
        : { ...json, id: '00000000-0000-4000-8000-000000000000', status: 'COMPLETED', result: { images: [foreign] } };
    const world = createWorld({ faults: [{ on: 'poll', patch: other }] });
    const call = { model: world.model(host), prompt: 'a lighthouse' };
    const { images } = await inVirtualTime(() => generateImage(call));
    expect(images[0]?.url).not.toBe(foreign);
  });

  test('an absurd Retry-After ends the attempt at once, and is told', async () => {
    const headers = { 'retry-after': '99999999' };
    const world = createWorld({ faults: [{ on: 'submit', status: 429, headers }] });
    const { error, duration } = await play(world, { model: world.model(host) });
    expect(error).toMatchObject({ code: 'rate_limited', billed: 'no', retryAfter: 99_999_999_000, retryable: true });
    expect(duration).toBeLessThan(1_000);
  });

  test('an unknown status is looked at again', async () => {
    const strange = (json: { [key: string]: unknown }) =>
      host === 'wavespeed'
        ? { ...json, data: { ...(json.data as object), status: 'dreaming' } }
        : { ...json, status: 'DREAMING' };
    const world = createWorld({ faults: [{ on: 'poll', patch: strange as never }] });
    expect(await play(world, { model: world.model(host) })).toMatchObject({ images: 1 });
  });

  test.each([
    ['503', { status: 503 }],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '7' } }],
    ['a reset', { reset: 'before' }],
    ['a page of HTML', { html: true }],
    ['a body that stalls', { stall: true }],
    ['half a body', { truncate: 20 }],
    ['no answer at all', { hang: true }],
  ] as const)('three looks that bring %s cost no second submit', async (_, fault) => {
    const world = createWorld({ faults: [{ on: 'poll', times: 3, ...fault }] });
    expect(await play(world, { model: world.model(host) })).toMatchObject({ images: 1 });
    expect(world.submits()).toBe(1);
    expect(world.emulator.unfired()).toEqual([]);
  });
});

describe('an answer to submit that got lost', () => {
  test('is asked for again at Apiframe, under the same key and with the same bytes', async () => {
    const world = createWorld({ faults: [{ on: 'submit', reset: 'after' }] });
    expect(await play(world, { model: world.model('apiframe') })).toMatchObject({
      images: 1,
      attempts: [{ submits: 2 }],
    });
    const [first, second] = world.emulator.requests().filter(({ kind }) => kind === 'submit');
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    expect(second?.body).toEqual(first?.body);
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('is looked for in the list at WaveSpeed, and never sent again', async () => {
    const world = createWorld({ faults: [{ on: 'submit', reset: 'after' }] });
    expect(await play(world, { model: world.model('wavespeed', 'seedream-3') })).toMatchObject({
      images: 1,
      attempts: [{ submits: 1 }],
    });
    expect(world.submits()).toBe(1);
  });

  test('ends as unknown at WaveSpeed when the list does not show it, without trying the next host', async () => {
    const world = createWorld({ listLag: 600_000, faults: [{ on: 'submit', reset: 'after' }] });
    const route = [world.model('wavespeed'), world.model('apiframe')];
    const { error } = await play(world, { model: route });
    expect(error).toMatchObject({ code: 'submission_unknown', billed: 'unknown', retryable: false });
    expect(world.submits()).toBe(1);
  });

  test('never adopts the job of another call that asks for the same and still waits for its answer', async () => {
    const world = createWorld({
      faults: [
        { on: 'submit', nth: 1, reset: 'before' },
        { on: 'submit', nth: 2, delay: 30_000 },
      ],
    });
    const ask = () =>
      generateImage({ model: world.model('wavespeed'), prompt: 'the same words' }).catch((error) => error);
    const [lost, slow] = await inVirtualTime(() => Promise.all([ask(), ask()]));
    expect(lost).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
    expect(slow.images).toHaveLength(1);
  });

  test('names the candidates instead of choosing when several jobs could be ours', async () => {
    const world = createWorld({ faults: [{ on: 'submit', times: 2, reset: 'after' }] });
    const ask = () =>
      generateImage({ model: world.model('wavespeed'), prompt: 'the same words' }).catch((error) => error);
    const ended = await inVirtualTime(() => Promise.all([ask(), ask()]));
    const ids = world.emulator.jobs().map(({ id }) => id);
    for (const error of ended) {
      expect(error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
      expect(error.candidates.map(({ id }: { id: string }) => id).sort()).toEqual([...ids].sort());
    }
    expect(world.submits()).toBe(2);
  });

  test('never says that nothing was spent when an attempt before the last may have been paid', async () => {
    const faults: Fault[] = [
      { host: 'wavespeed', on: 'submit', reset: 'after' },
      { host: 'apiframe', on: 'submit', status: 402 },
    ];
    const world = createWorld({ listLag: 600_000, faults });
    const route = [world.model('wavespeed'), world.model('apiframe')];
    const { error } = await play(world, { model: route, onAmbiguous: 'proceed' });
    expect(error).toMatchObject({ code: 'insufficient_credit', billed: 'unknown' });
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('warns a caller that repeats a request while the outcome of the first is unknown', async () => {
    const world = createWorld({ listLag: 600_000, faults: [{ on: 'submit', reset: 'after' }] });
    const warnings: string[] = [];
    const ask = (prompt: string) =>
      generateImage({
        model: world.model('wavespeed'),
        prompt,
        onEvent: (event) => event.type === 'warning' && warnings.push(event.message),
      });
    const [error, again, other] = await inVirtualTime(async () => [
      await ask('the same words').catch((thrown) => thrown),
      await ask('the same words'),
      await ask('other words'),
    ]);
    expect(error.code).toBe('submission_unknown');
    expect(again.warnings).toEqual([expect.stringContaining(error.intentId)]);
    expect(warnings).toEqual(again.warnings);
    expect(other.warnings).toEqual([]);
  });

  test('goes on to the next host only when the caller takes the risk, and the result says so', async () => {
    const world = createWorld({ listLag: 600_000, faults: [{ on: 'submit', reset: 'after' }] });
    const route = [world.model('wavespeed'), world.model('apiframe')];
    const ending = await play(world, { model: route, onAmbiguous: 'proceed' });
    expect(ending).toMatchObject({
      images: 1,
      attempts: [
        { outcome: 'unknown', billed: 'unknown' },
        { outcome: 'completed', billed: 'yes' },
      ],
    });
  });
});

describe('a route', () => {
  test.each([
    ['401', { status: 401 }, 'unauthenticated'],
    ['402', { status: 402 }, 'insufficient_credit'],
    ['404', { status: 404 }, 'not_found'],
    ['429', { status: 429 }, 'rate_limited'],
    ['a refused connection', { refuse: true }, 'unavailable'],
    ['a refunded failure', { job: 'fail' }, 'job_failed'],
  ] as const)('goes on after %s, because nothing was spent', async (_, fault, code) => {
    const world = createWorld({ faults: [{ host: 'wavespeed', on: 'submit', ...fault }] });
    const ending = await play(world, { model: [world.model('wavespeed'), world.model('apiframe')] });
    expect(ending).toMatchObject({ images: 1, attempts: [{ code, billed: 'no' }, { outcome: 'completed' }] });
  });

  test('goes on to a model that can do what was asked', async () => {
    const world = createWorld();
    const ending = await play(world, {
      model: [world.model('wavespeed'), world.model('apiframe', 'seedream-3')],
      seed: 7,
    });
    expect(ending.attempts).toMatchObject([{ code: 'unsupported', submits: 0 }, { outcome: 'completed' }]);
  });

  test('stops at a bad request, which would be as bad elsewhere', async () => {
    const world = createWorld({ faults: [{ host: 'wavespeed', on: 'submit', status: 400 }] });
    const { error } = await play(world, { model: [world.model('wavespeed'), world.model('apiframe')] });
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(world.submits('apiframe')).toBe(0);
  });

  test('never follows a redirect with a key', async () => {
    const world = createWorld({ faults: [{ on: 'submit', redirect: 'https://elsewhere.example.com/' }] });
    const { error } = await play(world, { model: world.model('wavespeed') });
    expect(error).toMatchObject({ code: 'invalid_response', reason: 'unexpected_redirect', billed: 'no' });
    expect(world.emulator.requests()).toHaveLength(1);
  });
});

describe('sync mode', () => {
  test('brings the picture in one request', async () => {
    const world = createWorld();
    expect(await play(world, { model: world.model('wavespeed'), sync: true })).toMatchObject({ images: 1 });
    expect(world.emulator.requests()).toHaveLength(1);
  });

  test('finds its job when the held answer never comes', async () => {
    const world = createWorld({ faults: [{ on: 'submit', hang: true }] });
    const ending = await play(world, { model: world.model('wavespeed', 'seedream-3'), sync: true, timeout: 60_000 });
    expect(ending).toMatchObject({ images: 1, attempts: [{ submits: 1 }] });
  });

  test('goes on by polling the same job when the host stops waiting', async () => {
    const world = createWorld({ faults: [{ on: 'submit', syncTimeout: true }] });
    expect(await play(world, { model: world.model('wavespeed'), sync: true })).toMatchObject({ images: 1 });
    expect(world.submits()).toBe(1);
  });
});

describe('several pictures', () => {
  test('are jobs of their own, with seeds in a row', async () => {
    const world = createWorld();
    await play(world, { model: world.model('wavespeed', 'dreamina-3.1'), n: 3, seed: 7 });
    const inputs = world.emulator.jobs().map(({ input }) => (input as { seed?: number }).seed);
    expect(inputs.sort()).toEqual([7, 8, 9]);
  });

  test('that came are kept when others fail', async () => {
    const world = createWorld({ faults: [{ on: 'submit', nth: 2, job: 'fail' }] });
    const result = await inVirtualTime(() => generateImage({ model: world.model('wavespeed'), prompt: 'x', n: 3 }));
    expect(result.images).toHaveLength(2);
    expect(result.failures).toMatchObject([{ code: 'job_failed', billed: 'no' }]);
  });
});

describe('an intent', () => {
  test('asked for twice at once is paid once, and both callers get the picture', async () => {
    const world = createWorld();
    const model = world.model('wavespeed');
    const ask = () => generateImage({ model, prompt: 'x', intentId: 'order-1' });
    const [a, b] = await inVirtualTime(() => Promise.all([ask(), ask()]));
    expect(a.images[0]?.url).toBe(b.images[0]?.url);
    expect(world.submits()).toBe(1);
  });

  test('asked for again later finds its picture instead of paying again', async () => {
    const world = createWorld();
    const ask = () => generateImage({ model: world.model('apiframe'), prompt: 'x', intentId: 'order-1' });
    const first = await inVirtualTime(ask);
    const second = await inVirtualTime(ask);
    expect(second.images[0]?.url).toBe(first.images[0]?.url);
    expect(world.submits()).toBe(1);
  });

  test('cannot stand for another request', async () => {
    const world = createWorld();
    await play(world, { model: world.model('apiframe'), prompt: 'x', intentId: 'order-1' });
    const { error } = await play(world, { model: world.model('apiframe'), prompt: 'y', intentId: 'order-1' });
    expect(error).toMatchObject({ code: 'invalid_request', reason: 'intent_conflict', billed: 'no' });
  });
});

describe('an abort', () => {
  test.each(hosts)('at %s throws the reason of the caller and names the open job in the last event', async (host) => {
    const world = createWorld();
    const controller = new AbortController();
    const reason = new Error('the user left');
    const events: ImageEvent[] = [];
    const ending = await play(world, {
      model: world.model(host),
      signal: controller.signal,
      onEvent: (event) => {
        events.push(event);
        if (event.type === 'accepted') controller.abort(reason);
      },
    });
    expect(ending.error).toBe(reason);
    expect(events.at(-1)).toMatchObject({
      type: 'settled',
      outcome: 'aborted',
      billed: 'yes',
      job: { provider: host },
    });
  });
});
