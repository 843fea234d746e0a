import { describe, expect, test } from 'vitest';
import {
  createMemoryLedger,
  generateImage,
  type Ledger,
  type LedgerEvent,
  resumeImages,
  submitImage,
} from '../src/index.ts';
import { createWorld, hosts, inVirtualTime, play } from './world.ts';

/** A ledger whose appends can be watched, delayed or refused. */
function watchLedger(onAppend: (event: LedgerEvent) => Promise<void> | void): Ledger {
  const inner = createMemoryLedger();
  return {
    ...inner,
    async append(intentId, fence, event, length) {
      await onAppend(event);
      await inner.append(intentId, fence, event, length);
    },
  };
}

const forever = new Promise<void>(() => undefined);
const broken = (): never => {
  throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
};

describe.each(hosts)('at %s', (host) => {
  test('`sending` is durable before the first byte leaves, with the very bytes and the key', async () => {
    const seen: string[] = [];
    const events: LedgerEvent[] = [];
    const ledger = watchLedger(async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      events.push(event);
      seen.push(event.type);
    });
    const world = createWorld({}, (fetch) => (input, init) => {
      seen.push('request');
      return fetch(input, init);
    });
    await play(world, { model: world.model(host), ledger });
    expect(seen.indexOf('sending')).toBeLessThan(seen.indexOf('request'));
    const [submit] = world.emulator.requests();
    expect(events[0]).toMatchObject({ type: 'sending', request: { body: submit?.body } });
    expect((events[0] as { key?: string }).key).toBe(submit?.headers['idempotency-key']);
  });

  test('a submit does not resolve before `accepted` is durable', async () => {
    const world = createWorld();
    const ledger = watchLedger((event) => (event.type === 'accepted' ? forever : undefined));
    const submit = () => submitImage({ model: world.model(host), prompt: 'x', ledger, timeout: 20_000 });
    const error = await inVirtualTime(() => submit().catch((thrown: unknown) => thrown));
    expect(error).toMatchObject({ code: 'timeout', billed: 'yes', job: { provider: host } });
  });

  test('a ledger of the caller whose `append` returns no promise is as good', async () => {
    const world = createWorld();
    const inner = createMemoryLedger();
    // What it refuses is not looked at here: nothing is refused in this world.
    const append = (...args: Parameters<Ledger['append']>): void => void inner.append(...args);
    const ledger = { ...inner, append } as unknown as Ledger;
    const { images, error } = await play(world, { model: world.model(host), ledger });
    expect([images, error]).toEqual([1, undefined]);
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test.each(['begin', 'append'] as const)('a ledger that cannot %s means that nothing is sent', async (method) => {
    const world = createWorld();
    const ledger: Ledger = { ...createMemoryLedger(), [method]: async () => broken() };
    const { error } = await play(world, { model: [world.model(host)], ledger });
    expect(error).toMatchObject({ code: 'unavailable', reason: 'ledger_unavailable', billed: 'no', stage: 'ledger' });
    expect(world.submits()).toBe(0);
  });

  test.each(['begin', 'append'] as const)('a ledger that hangs at %s ends by the deadline', async (method) => {
    const world = createWorld();
    const ledger: Ledger = { ...createMemoryLedger(), [method]: () => forever };
    const { error, duration } = await play(world, { model: world.model(host), ledger, timeout: 10_000 });
    expect(error).toMatchObject({ code: 'timeout', billed: 'no' });
    expect(duration).toBeCloseTo(10_000, -1);
    expect(world.submits()).toBe(0);
  });

  test("an `accepted` whose reply is lost is written again, so that a job which is somebody else's is known", async () => {
    const world = createWorld();
    const written: string[] = [];
    const ledger = watchLedger(({ type }) => {
      written.push(type);
      if (type === 'accepted' && written.filter((each) => each === type).length === 1) broken();
    });
    const model = world.model(host);
    const { images } = await inVirtualTime(() => generateImage({ model, prompt: 'x', ledger, intentId: 'one' }));
    expect(written.filter((each) => each === 'accepted')).toHaveLength(2);
    const owners = await ledger.find({ job: { provider: host, id: images[0]?.job.id ?? '' } });
    expect(owners.map(({ intent }) => intent.id)).toEqual(['one']);
  });

  test('a ledger that fails after the money is spent does not cost the picture', async () => {
    const world = createWorld();
    const ledger = watchLedger((event) => (event.type === 'sending' ? undefined : broken()));
    expect(await play(world, { model: world.model(host), ledger })).toMatchObject({ images: 1 });
  });

  test('what a deadline cut off is finished by resumeImages, without another submit', async () => {
    const world = createWorld({ generationTime: { fixed: 30_000 } });
    const ledger = createMemoryLedger();
    const model = world.model(host);
    const resumed = await inVirtualTime(async () => {
      await generateImage({ model, prompt: 'x', ledger, timeout: 10_000 }).catch(() => undefined);
      return resumeImages({ ledger, models: [model] });
    });
    expect(resumed).toMatchObject([{ images: [{ job: { provider: host } }] }]);
    expect(world.submits()).toBe(1);
  });

  test('what may have been sent a day ago is not sent again, whatever the host has forgotten', async () => {
    const world = createWorld({ listLag: 48 * 3_600_000, faults: [{ on: 'submit', hang: true }] });
    const ledger = createMemoryLedger();
    const model = world.model(host);
    const resumed = await inVirtualTime(async () => {
      await generateImage({ model, prompt: 'x', ledger, timeout: 6_000 }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 25 * 3_600_000));
      return resumeImages({ ledger, models: [model] });
    });
    expect(resumed).toMatchObject([{ error: { code: 'submission_unknown', billed: 'unknown' } }]);
    expect(world.submits()).toBe(1);
  });

  test('a delivery that fails leaves the intent open, to be delivered again', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const model = world.model(host);
    const fail = (): never => {
      throw new Error('the disk is full');
    };
    const saved: unknown[] = [];
    await inVirtualTime(async () => {
      const call = generateImage({ model, prompt: 'x', ledger, deliver: fail });
      await expect(call).rejects.toThrow('the disk is full');
      await resumeImages({ ledger, models: [model], deliver: (image) => void saved.push(image.url) });
      expect(await resumeImages({ ledger, models: [model] })).toEqual([]);
    });
    expect(saved).toHaveLength(1);
    expect(world.submits()).toBe(1);
  });
});
