import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryLedger } from '@imageport/core';
import { InMemoryTransport } from '@modelcontextprotocol/client';
import { describe, expect, test } from 'vitest';
import { connect, createWorld, kinds, ownClock, prompt, scratch, serverAt, slow, until } from './world.ts';

describe.each(kinds)('with a client %s', (kind) => {
  test('two deliberate equal calls are two pictures', async () => {
    const { images, charges } = await createWorld();
    const { call } = await connect(images, kind);
    const [one, other] = [await call('generate_image', { prompt }), await call('generate_image', { prompt })];
    expect(one.data.intent_id).not.toBe(other.data.intent_id);
    expect(charges()).toBe(2);
    await Promise.all([call('generate_image', { prompt }), call('generate_image', { prompt })]);
    expect(charges()).toBe(4);
    expect((await call('jobs')).data).toEqual({ jobs: [] });
  });

  test('a call that was answered `processing` is resumed for nothing', async () => {
    const clock = ownClock();
    const { images, charges, emulator } = await createWorld({ emulate: slow });
    const { call } = await connect(images, kind);
    const waiting = call('generate_image', { prompt }, { timeout: 600_000 });
    await until(() => emulator.requests().some((each) => each.kind === 'poll'));
    await clock.forward(45_000);
    const { data, isError } = await waiting;
    expect(isError).toBe(false);
    expect(data).toMatchObject({ status: 'processing', images: [], next: expect.stringContaining('resume') });
    const { data: listed } = await call('jobs');
    expect(listed.jobs).toEqual([
      expect.objectContaining({ intent_id: data.intent_id, state: 'accepted', billed: 'yes', prompt }),
    ]);
    await clock.forward(20_000);
    const resumed = await call('resume', { intent_id: data.intent_id });
    expect(resumed.data).toMatchObject({ intent_id: data.intent_id, status: 'completed' });
    expect(resumed.data.images).toHaveLength(1);
    expect(charges()).toBe(1);
    expect((await call('jobs')).data).toEqual({ jobs: [] });
    expect((await call('resume', { intent_id: data.intent_id })).data.images).toHaveLength(1);
    expect(charges()).toBe(1);
  });

  test('a client that gave up gets the paid picture with the same call, or with the id that `jobs` tells', async () => {
    const clock = ownClock();
    const { images, charges, submits, emulator } = await createWorld({ emulate: slow });
    const { call } = await connect(images, kind);
    for (const again of ['same', 'id'] as const) {
      const before = submits();
      const ended = call('generate_image', { prompt: `${prompt} ${again}` }, { timeout: 10_000 }).catch(String);
      await until(() => emulator.requests().filter((each) => each.kind === 'poll').length > before);
      await clock.forward(10_000);
      expect(await ended).toMatch(/time/i);
      await clock.forward(60_000);
      const { data } = await call('jobs');
      const [{ intent_id }] = data.jobs.length > 0 ? data.jobs : [{ intent_id: 'none' }];
      const named = again === 'id' ? { intent_id } : {};
      const { data: made } = await call('generate_image', { prompt: `${prompt} ${again}`, ...named });
      expect(made).toMatchObject({ status: 'completed', intent_id });
      expect(submits()).toBe(before + 1);
    }
    expect(charges()).toBe(2);
  });
});

describe('a picture that was finished after its caller had left', () => {
  const leave = async () => {
    const clock = ownClock();
    const ledger = createMemoryLedger();
    const world = await createWorld({ ledger, emulate: { generationTime: { fixed: 20_000 } } });
    const { call } = await connect(world.images);
    const left = call('generate_image', { prompt }, { timeout: 5_000 }).catch(String);
    await until(() => world.emulator.requests().some((each) => each.kind === 'poll'));
    await clock.forward(5_000);
    expect(await left).toMatch(/time/i);
    await clock.forward(20_000);
    // What is not whole yet has a name that begins with a dot.
    await until(() => readdirSync(world.folder).some((name) => !name.startsWith('.')));
    return { ...world, clock, ledger, call };
  };

  test('goes to the next equal call, and only to that', async () => {
    const { call, charges, folder, clock } = await leave();
    const { data } = await call('generate_image', { prompt });
    expect(data).toMatchObject({ status: 'completed', images: [{ path: join(folder, readdirSync(folder)[0] ?? '') }] });
    expect(charges()).toBe(1);
    const another = call('generate_image', { prompt });
    await until(() => charges() === 2);
    await clock.forward(20_000);
    expect((await another).data.intent_id).not.toBe(data.intent_id);
  });

  test('goes to the next equal call after a restart', async () => {
    const { images, charges, folder, ledger, emulator, clock } = await leave();
    // The call comes to its end.
    await clock.forward(4_000);
    await images.close();
    const { call } = await connect((await serverAt(emulator, undefined, { ledger, folder })).images);
    expect((await call('jobs')).data.jobs).toMatchObject([{ state: 'finished', billed: 'yes' }]);
    expect((await call('generate_image', { prompt })).data.status).toBe('completed');
    expect(charges()).toBe(1);
  });
});

test('the same id again hands the same picture over, and another request under it is refused', async () => {
  const { images, charges } = await createWorld();
  const { call } = await connect(images);
  const { data } = await call('generate_image', { prompt });
  const { intent_id } = data;
  const again = await call('generate_image', { prompt, intent_id });
  expect(again.data).toMatchObject({ intent_id, status: 'completed', images: [{ uri: data.images[0].uri }] });
  const other = await call('generate_image', { prompt: 'a harbour', intent_id });
  expect(other.data.error).toMatchObject({ code: 'invalid_request', reason: 'intent_conflict' });
  expect(charges()).toBe(1);
});

test('an id that the ledger has forgotten finds its saved picture', async () => {
  const { images, charges, folder, emulator } = await createWorld();
  const { data } = await (await connect(images)).call('generate_image', { prompt });
  const restarted = await serverAt(emulator, undefined, { folder, ledger: createMemoryLedger() });
  const { call } = await connect(restarted.images);
  const { intent_id } = data;
  expect((await call('generate_image', { prompt, intent_id })).data.images[0].uri).toBe(data.images[0].uri);
  expect((await call('resume', { intent_id })).data.images[0].uri).toBe(data.images[0].uri);
  expect(charges()).toBe(1);
});

describe('resume', () => {
  test('refuses an id that nobody knows, and what was never sent', async () => {
    const ledger = createMemoryLedger();
    const { images, submits } = await createWorld({ ledger });
    await ledger.begin({
      ...{ id: 'mine', createdAt: Date.now(), route: [{ provider: 'wavespeed', modelId: 'seedream-4' }] },
      request: { prompt, images: [], fit: 'exact', providerOptions: {} },
    });
    const { call } = await connect(images);
    expect((await call('resume', { intent_id: 'nobodys' })).data.error).toMatchObject({ reason: 'unknown_intent' });
    const { data } = await call('resume', { intent_id: 'mine' });
    expect(data.error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(data.error.message).toContain('never sent');
    expect((await call('jobs')).data.jobs).toMatchObject([{ state: 'not_sent', billed: 'no' }]);
    expect(submits()).toBe(0);
  });

  test('of a job that has failed does not go on to the next host of the route', async () => {
    const clock = ownClock();
    const config = { hero: ['wavespeed:seedream-4', 'apiframe:seedream-4'] };
    const emulate = { ...slow, faults: [{ on: 'submit', nth: 1, host: 'wavespeed', job: 'fail' }] } as const;
    const { images, submits, emulator } = await createWorld({ config, emulate });
    const { call } = await connect(images);
    const waiting = call('generate_image', { prompt }, { timeout: 600_000 });
    await until(() => emulator.requests().some((each) => each.kind === 'poll'));
    await clock.forward(45_000);
    const { intent_id } = (await waiting).data;
    await clock.forward(30_000);
    const resuming = call('resume', { intent_id }, { timeout: 600_000 });
    await clock.forward(45_000);
    const { data, isError } = await resuming;
    expect(isError).toBe(true);
    expect(data.error.billed).toBe('no');
    expect(submits()).toBe(1);
  });
});

test('a server that closes ends its calls, and what was paid is resumed by the next', async () => {
  const clock = ownClock();
  const ledger = createMemoryLedger();
  const { images, charges, emulator, folder } = await createWorld({ ledger, emulate: slow });
  const { call } = await connect(images);
  const waiting = call('generate_image', { prompt }, { timeout: 600_000 });
  await until(() => emulator.requests().some((each) => each.kind === 'poll'));
  await images.close();
  expect((await waiting).data.error.next).toContain('resume');
  await clock.forward(60_000);
  const next = await connect((await serverAt(emulator, undefined, { ledger, folder })).images);
  const [{ intent_id }] = (await next.call('jobs')).data.jobs;
  expect((await next.call('resume', { intent_id })).data.images).toHaveLength(1);
  expect(charges()).toBe(1);
});

test('a picture that cannot be saved stays open, and is saved by the next equal call for nothing', async () => {
  const place = await scratch();
  const folder = join(place, 'pictures');
  writeFileSync(folder, 'a file where the folder should be');
  const { images, charges } = await createWorld({ folder });
  const { call } = await connect(images);
  const { data } = await call('generate_image', { prompt });
  expect(data).toMatchObject({ status: 'processing', images: [] });
  expect((await call('jobs')).data.jobs).toMatchObject([{ intent_id: data.intent_id, billed: 'yes' }]);
  rmSync(folder);
  const again = await call('generate_image', { prompt });
  expect(again.data).toMatchObject({ status: 'completed', intent_id: data.intent_id });
  expect((await call('jobs')).data.jobs).toEqual([]);
  expect(charges()).toBe(1);
});

test('who resumes what is still under way gets the one picture', async () => {
  const clock = ownClock();
  const { images, charges, emulator, folder } = await createWorld({ emulate: { generationTime: { fixed: 20_000 } } });
  const { call } = await connect(images);
  const first = call('generate_image', { prompt });
  await until(() => emulator.requests().some((each) => each.kind === 'poll'));
  const [{ intent_id }] = (await call('jobs')).data.jobs;
  const resuming = call('resume', { intent_id });
  const named = call('generate_image', { prompt, intent_id });
  await clock.forward(25_000);
  for (const { data } of await Promise.all([first, resuming, named])) {
    expect(data).toMatchObject({ status: 'completed', intent_id });
    expect(data.images).toHaveLength(1);
  }
  expect(readdirSync(folder)).toHaveLength(1);
  expect(charges()).toBe(1);
});

describe('a budget', () => {
  test('that is used up, or was lost with its store, keeps nobody from a picture that is paid', async () => {
    const clock = ownClock();
    const ledger = createMemoryLedger();
    const { images, charges, emulator, folder } = await createWorld({ ledger, emulate: slow });
    const { call } = await connect(images);
    const waiting = call('generate_image', { prompt });
    await until(() => emulator.requests().some((each) => each.kind === 'poll'));
    await clock.forward(45_000);
    const { intent_id } = (await waiting).data;
    await clock.forward(20_000);
    const poor = await connect((await serverAt(emulator, undefined, { ledger, folder, budget: { USD: 0.01 } })).images);
    const { data } = await poor.call('generate_image', { prompt });
    expect(data.error).toMatchObject({ code: 'over_budget', intent_id, next: expect.stringContaining('resume') });
    expect((await poor.call('resume', { intent_id })).data.images).toHaveLength(1);
    expect(charges()).toBe(1);
  });

  test('for three pictures makes three of ten that are asked for at once', async () => {
    const { images, charges } = await createWorld({ budget: { USD: 0.09, per: 'day' } });
    const { call } = await connect(images);
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, seed) => call('generate_image', { prompt: `${prompt} ${seed}` })),
    );
    expect(all.filter(({ isError }) => !isError)).toHaveLength(3);
    const refused = all.filter(({ isError }) => isError).map(({ data }) => data.error);
    expect(refused.map(({ code, billed }) => `${code} ${billed}`)).toEqual(Array(7).fill('over_budget no'));
    expect(charges()).toBe(3);
  });

  test('leaves out the hosts of a route that are paid in another currency', async () => {
    const config = { hero: ['apiframe:seedream-4', 'wavespeed:seedream-4'], other: 'apiframe:seedream-4' };
    const { images, emulator } = await createWorld({ config, budget: { USD: 0.03 } });
    const { call } = await connect(images);
    expect((await call('generate_image', { prompt })).isError).toBe(false);
    expect(emulator.charges().map(({ host }) => host)).toEqual(['wavespeed']);
    const { data } = await call('generate_image', { prompt, model: 'other' });
    expect(data.error).toMatchObject({ code: 'over_budget', billed: 'no' });
    expect(data.error.message).toMatch(/credits, and the budget is in USD$/);
  });

  test('has what a failed call did not cost', async () => {
    const emulate = { faults: [{ on: 'submit', times: 1, status: 400, body: { code: 400, message: 'no' } }] } as const;
    const { images, charges } = await createWorld({ emulate, budget: { USD: 0.03 } });
    const { call } = await connect(images);
    expect((await call('generate_image', { prompt })).data.error.billed).toBe('no');
    expect((await call('generate_image', { prompt: 'a harbour' })).isError).toBe(false);
    expect((await call('generate_image', { prompt })).data.error.code).toBe('over_budget');
    expect(charges()).toBe(1);
  });
});

test('who speaks the protocol badly costs nothing', async () => {
  const { images, submits } = await createWorld();
  const [mine, its] = InMemoryTransport.createLinkedPair();
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
  const serving = serveStdio(images.factory, { transport: its });
  await mine.start();
  await mine.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'generate_image' } });
  await mine.send({
    jsonrpc: '2.0',
    id: 2,
    method: 'tools/call',
    params: { name: 'generate_image', arguments: { prompt: 7 } },
  });
  await serving.close();
  expect(submits()).toBe(0);
});
