import { describe, expect, test } from 'vitest';
import { hedge } from '../../src/hedge/index.ts';
import {
  advanceImage,
  createMemoryLedger,
  generateImage,
  type ImageModel,
  type Ledger,
  pollImage,
  resumeImages,
  submitImage,
  waitForImage,
} from '../../src/index.ts';
import { createWorld, type HostName, hosts, inVirtualTime, type World } from '../world.ts';
import { ended, listOpen, open } from './kit.ts';

const prompt = 'a pier';

/** The emulator answers at any address: a request that goes to the wrong one would be noticed by nothing else. */
const elsewhere = (world: World, host: HostName): ImageModel =>
  open(world, host, { baseUrl: `https://elsewhere.example.com/${host}` })('seedream-4');

/** The same address, written in another way. */
const sameAddress = (world: World, host: HostName): ImageModel =>
  open(world, host, { baseUrl: `https://${host.toUpperCase()}.example.com:443/${host}/` })('seedream-4');

/** A gateway with one path for each tenant. */
const tenant = (world: World, host: HostName, name: string): ImageModel =>
  open(world, host, {
    baseUrl: `https://${host}.example.com/${name}/${host}`,
    fetch: (url, init) => world.emulator.fetch(String(url).replace(`/${name}/`, '/'), init),
  })('seedream-4');

const refusal = (host: HostName, billed: 'yes' | 'unknown') => ({
  ...{ code: 'invalid_request', reason: 'other_address', billed, stage: 'prepare', provider: host },
  message: expect.stringMatching(
    new RegExp(`accepted at https://${host}\\.example\\.com/.*asks https://elsewhere\\.example\\.com/.*baseUrl`),
  ),
});

const submitted = (world: World, host: HostName, ledger: Ledger) =>
  submitImage({ model: world.model(host), prompt, ledger, intentId: 'one' });

/** A submit that was carried, and whose answer nobody got. */
async function lost(host: HostName, ledger: Ledger): Promise<World> {
  const world = createWorld({
    faults: [
      { on: 'submit', reset: 'after', times: 9 },
      { on: 'list', status: 500, times: 99 },
    ],
  });
  await ended(generateImage({ model: world.model(host), prompt, ledger, intentId: 'one', timeout: 6_000 }));
  return world;
}

describe.each(hosts)('D15: a job that %s accepted at one address', (host) => {
  test('is not polled at another by a resume, stays open, and is finished at its own', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      const job = await submitted(world, host, ledger);
      expect(job.origin).toBe(`https://${host}.example.com/${host}`);
      const before = world.emulator.requests().length;
      const [refused] = await resumeImages({ ledger, models: [elsewhere(world, host)] });
      expect(refused?.error).toMatchObject({ ...refusal(host, 'yes'), job, intentId: 'one', resumable: true });
      expect(world.emulator.requests()).toHaveLength(before);
      expect(await listOpen(ledger)).toHaveLength(1);
      const [resumed] = await resumeImages({ ledger, models: [sameAddress(world, host)] });
      expect(resumed?.images).toHaveLength(1);
    });
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('is finished at its own although another account of the host comes first', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      await submitted(world, host, ledger);
      const [resumed] = await resumeImages({ ledger, models: [elsewhere(world, host), world.model(host)] });
      expect(resumed?.images).toHaveLength(1);
    });
  });

  test.each([0, 30_000])('is not looked up at another by a call for the same intent, after %d ms', async (later) => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      await submitted(world, host, ledger);
      if (later > 0) await generateImage({ model: world.model(host), prompt, ledger, intentId: 'one' });
      const before = world.emulator.requests().length;
      const call = generateImage({ model: elsewhere(world, host), prompt, ledger, intentId: 'one' });
      await expect(call).rejects.toMatchObject(refusal(host, 'yes'));
      expect(world.emulator.requests()).toHaveLength(before);
    });
  });

  test('is not advanced at another, and nobody holds it afterwards', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      await submitted(world, host, ledger);
      const before = world.emulator.requests().length;
      const step = (model: ImageModel) => advanceImage({ ledger, intentId: 'one', models: [model] });
      await expect(step(elsewhere(world, host))).rejects.toMatchObject(refusal(host, 'yes'));
      expect(world.emulator.requests()).toHaveLength(before);
      expect(await step(world.model(host))).toMatchObject({ state: 'waiting' });
    });
  });

  test('is neither polled nor waited for at another, as a value that was kept', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      const job = JSON.parse(JSON.stringify(await submitted(world, host, ledger)));
      const before = world.emulator.requests().length;
      for (const more of [{}, { ledger }]) {
        const wait = waitForImage(elsewhere(world, host), job, more);
        await expect(wait).rejects.toMatchObject({ ...refusal(host, 'yes'), job });
      }
      await expect(pollImage(elsewhere(world, host), job)).rejects.toMatchObject({ ...refusal(host, 'yes'), job });
      expect(world.emulator.requests()).toHaveLength(before);
      expect((await waitForImage(sameAddress(world, host), job)).images).toHaveLength(1);
    });
  });

  test('is polled as before where it was recorded without an address', async () => {
    const world = createWorld();
    await inVirtualTime(async () => {
      const { origin: _, ...job } = await submitted(world, host, createMemoryLedger());
      expect((await waitForImage(elsewhere(world, host), job)).images).toHaveLength(1);
    });
  });
});

describe.each(hosts)('D15: a job that %s accepted at the path of one tenant', (host) => {
  test('is not asked about at the path of another, with or without a ledger, and is finished at its own', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      const own = tenant(world, host, 'a');
      const job = await submitImage({ model: own, prompt, ledger, intentId: 'one' });
      expect(job.origin).toBe(`https://${host}.example.com/a/${host}`);
      const before = world.emulator.requests().length;
      for (const other of [tenant(world, host, 'b'), world.model(host)]) {
        await expect(pollImage(other, job)).rejects.toMatchObject({ reason: 'other_address', billed: 'yes', job });
        const [refused] = await resumeImages({ ledger, models: [other] });
        expect(refused?.error).toMatchObject({ reason: 'other_address', billed: 'yes', job });
      }
      expect(world.emulator.requests()).toHaveLength(before);
      const [resumed] = await resumeImages({ ledger, models: [tenant(world, host, 'b'), own] });
      expect(resumed?.images).toHaveLength(1);
    });
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('is not asked about at a path where it was accepted at none, and is finished there', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      const bare = open(world, host, {
        baseUrl: `https://${host}.example.com`,
        fetch: (url, init) => world.emulator.fetch(String(url).replace('.com/', `.com/${host}/`), init),
      })('seedream-4');
      const job = await submitImage({ model: bare, prompt, ledger, intentId: 'one' });
      expect(job.origin).toBe(`https://${host}.example.com`);
      const before = world.emulator.requests().length;
      await expect(pollImage(tenant(world, host, 'a'), job)).rejects.toMatchObject({ reason: 'other_address', job });
      const [refused] = await resumeImages({ ledger, models: [tenant(world, host, 'a')] });
      expect(refused?.error).toMatchObject({ reason: 'other_address', billed: 'yes', job });
      expect(world.emulator.requests()).toHaveLength(before);
      const [resumed] = await resumeImages({ ledger, models: [bare] });
      expect(resumed?.images).toHaveLength(1);
    });
    expect(world.emulator.charges()).toHaveLength(1);
  });
});

describe.each(hosts)('D15: a submit to %s whose answer was lost', (host) => {
  test('is neither repeated nor searched for at another address, and stays open', async () => {
    const ledger = createMemoryLedger();
    await inVirtualTime(async () => {
      const world = await lost(host, ledger);
      const before = world.emulator.requests().length;
      const [refused] = await resumeImages({ ledger, models: [elsewhere(world, host)] });
      expect(refused?.error).toMatchObject({
        ...refusal(host, 'unknown'),
        message: expect.stringContaining('sent to, and perhaps accepted'),
      });
      expect(world.emulator.requests()).toHaveLength(before);
      expect(await listOpen(ledger)).toHaveLength(1);
      expect(world.emulator.charges()).toHaveLength(1);
    });
  });
});

test('D15: a failed job whose refund was not seen is not looked up at another address, and stays open', async () => {
  const world = createWorld({ faults: [{ on: 'submit', job: 'fail' }], refundDelay: 3_600_000 });
  const ledger = createMemoryLedger();
  await inVirtualTime(async () => {
    await ended(generateImage({ model: world.model('wavespeed'), prompt, ledger, intentId: 'one' }));
    const before = world.emulator.requests().length;
    const [refused] = await resumeImages({ ledger, models: [elsewhere(world, 'wavespeed')] });
    const { billed: _, ...rest } = refusal('wavespeed', 'yes');
    expect(refused?.error).toMatchObject({ ...rest, billed: 'no' });
    expect(world.emulator.requests()).toHaveLength(before);
    expect(await listOpen(ledger)).toHaveLength(1);
  });
});

test('D15: a hedge that was left behind is not taken up at another address', async () => {
  const world = createWorld({ generationTime: { fixed: 60_000 } });
  const ledger = createMemoryLedger();
  await inVirtualTime(async () => {
    const model = [world.model('wavespeed'), world.model('apiframe')];
    const call = { model, prompt, ledger, intentId: 'one', timeout: 20_000 };
    await ended(generateImage({ ...call, hedge: hedge({ after: 5_000, maxCost: { credit: 10 } }) }));
    expect(world.emulator.charges()).toHaveLength(2);
    const before = world.emulator.requests().length;
    const models = hosts.map((host) => elsewhere(world, host));
    const refused = await resumeImages({ ledger, models });
    expect(refused.map(({ error }) => error?.reason)).toEqual(['other_address', 'other_address']);
    expect(world.emulator.requests()).toHaveLength(before);
    expect(await listOpen(ledger)).toHaveLength(2);
  });
});

test('D15: a route may hold two addresses of one host, and goes on at the one that has the job', async () => {
  const world = createWorld({ faults: [{ on: 'submit', status: 402 }] });
  const ledger = createMemoryLedger();
  await inVirtualTime(async () => {
    const model = [elsewhere(world, 'wavespeed'), world.model('wavespeed')];
    const job = await submitImage({ model, prompt, ledger, intentId: 'one' });
    expect(job.origin).toBe('https://wavespeed.example.com/wavespeed');
    const { images, jobs } = await generateImage({ model, prompt, ledger, intentId: 'one' });
    expect(images).toHaveLength(1);
    expect(jobs).toEqual([job]);
  });
});
