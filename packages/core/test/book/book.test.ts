import { beforeAll, describe, expect, test } from 'vitest';
import { hash } from '../../src/book/fingerprint.ts';
import { createIntentBook, fingerprintOf } from '../../src/book/index.ts';
import { createMemoryLedger, ImageError, isOpen, type Ledger } from '../../src/index.ts';
import { createWorld, inVirtualTime } from '../world.ts';
import { charges, createDoor, openIn, prompt } from './kit.ts';

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
// What is imported with the first call takes real time, in which a virtual clock would leap to the first deadline.
beforeAll(() => inVirtualTime(async () => void (await createDoor().ask())));

/** Milliseconds that a process takes to start again; meanwhile the old one gives back what it held. */
const restart = 100;
/** Shorter than a job takes. */
const soon = { timeout: 2_000 };

describe('a request that was handed over is done', () => {
  test('asked for again, it is another picture', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const [one, two] = [await door.ask(), await door.ask()];
      expect(one).not.toBe(two);
      expect(charges(door)).toBe(2);
    }));

  test('two at the same time are two', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const made = await Promise.all([door.ask(), door.ask()]);
      expect(new Set(made).size).toBe(2);
      expect(charges(door)).toBe(2);
    }));

  test('a client that says it retries gets it again, and pays nothing', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const one = await door.ask();
      const ticket = await door.take({ retry: true });
      expect(ticket).toMatchObject({ replayed: true, wasDelivered: true });
      expect(await door.make(ticket)).toBe(one);
      expect(charges(door)).toBe(1);
    }));

  test('the ledger has nothing open then', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      await door.ask({ n: 3 }, { n: 3 });
      expect(await openIn(door.ledger)).toEqual([]);
      expect(charges(door)).toBe(3);
    }));
});

describe('what is paid and was never handed over goes to the next equal request', () => {
  test('after a deadline', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      expect(await door.ask({}, soon)).toBe('timeout');
      const ticket = await door.take();
      expect(ticket).toMatchObject({ replayed: true, wasDelivered: false });
      expect(await door.make(ticket)).toMatch(/./);
      expect(charges(door)).toBe(1);
    }));

  test('after a deadline, although the ledger takes its time to give it back', () =>
    inVirtualTime(async () => {
      const [memory, back] = [createMemoryLedger(), Promise.withResolvers<void>()];
      const claim: Ledger['claim'] = async (id, owner, lease) => {
        if (lease === 0) await back.promise;
        return memory.claim(id, owner, lease);
      };
      const door = createDoor({ ledger: { ...memory, claim } });
      const first = await door.take();
      const error = await door.make(first, soon).catch((thrown: unknown) => thrown);
      first.failed(error);
      const second = await door.take();
      expect(second).toMatchObject({ intentId: first.intentId, replayed: true });
      back.resolve();
      expect(await door.make(second)).toMatch(/./);
      expect(charges(door)).toBe(1);
    }));

  test('but not when the host has removed the picture: that one is lost, and was said to be', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const first = await door.take();
      const job = { provider: 'wavespeed', modelId: 'seedream-4', id: await door.make(first) };
      const gone = { code: 'result_expired', message: 'gone', billed: 'yes', stage: 'download', job } as const;
      first.failed(new ImageError(gone));
      expect(await door.ask()).not.toBe(job.id);
      expect(charges(door)).toBe(2);
    }));

  test('when the caller left while it was under way: the next one joins', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const first = await door.take();
      const running = door.make(first);
      await sleep(1_000);
      first.orphaned();
      const second = await door.ask();
      expect(second).toBe(await running);
      expect(charges(door)).toBe(1);
    }));

  test('when it was finished and its answer never arrived', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const first = await door.take();
      const made = await door.make(first);
      first.orphaned();
      expect(await door.ask()).toBe(made);
      expect(await door.ask()).not.toBe(made);
      expect(charges(door)).toBe(2);
    }));

  test('also when some of its pictures came and others did not', () =>
    inVirtualTime(async () => {
      const door = createDoor({ world: createWorld({ generationTime: { fixed: 60_000 } }) });
      expect(await door.ask({ n: 2 }, { n: 2, timeout: 2_000 })).toBe('timeout');
      expect(await door.ask({ n: 2 }, { n: 2 })).toMatch(/ /);
      expect(charges(door)).toBe(2);
    }));

  test('of several the one that nobody waits for', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const [first, second] = [await door.take(), await door.take()];
      const [one, two] = [door.make(first), door.make(second)];
      await sleep(500);
      second.orphaned();
      expect(await door.ask()).toBe(await two);
      expect(await one).not.toBe(await two);
      expect(charges(door)).toBe(2);
    }));

  test('and only to the same scope, number and fingerprint', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      expect(await door.ask({}, soon)).toBe('timeout');
      const other = await fingerprintOf({ prompt: 'a windmill' });
      for (const more of [{ scope: 'bob' }, { n: 2 }, { fingerprint: other }]) {
        const ticket = await door.take(more);
        expect(ticket.replayed).toBe(false);
        ticket.failed(undefined);
      }
      expect((await door.take()).replayed).toBe(true);
    }));

  test('for a while: what is older than two windows stays in the ledger, and the request is a new one', () =>
    inVirtualTime(async () => {
      const door = createDoor({ window: 60_000 });
      expect(await door.ask({}, soon)).toBe('timeout');
      await sleep(121_000);
      expect((await door.take()).replayed).toBe(false);
      expect(await openIn(door.ledger)).toHaveLength(1);
    }));

  test('across the end of a window', () =>
    inVirtualTime(async () => {
      const door = createDoor({ window: 60_000 });
      expect(await door.ask({}, soon)).toBe('timeout');
      await sleep(50_000);
      expect(await door.ask()).not.toBe('timeout');
      expect(charges(door)).toBe(1);
    }));
});

describe('a client that says it retries', () => {
  test('joins what is under way, although nobody saw that it left', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const first = await door.take();
      const running = door.make(first);
      await sleep(1_000);
      expect(await door.ask({ retry: true })).toBe(await running);
      expect(charges(door)).toBe(1);
    }));

  test('twice for two of them: each gets its own', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const running = [await door.take(), await door.take()].map((ticket) => door.make(ticket));
      await sleep(1_000);
      const again = await Promise.all([door.ask({ retry: true }), door.ask({ retry: true })]);
      expect(new Set(again)).toEqual(new Set(await Promise.all(running)));
      expect(charges(door)).toBe(2);
    }));

  test('gets a new one where nothing was asked for before', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      expect((await door.take({ retry: true })).replayed).toBe(false);
    }));
});

test('says whether somebody is at work on it', () =>
  inVirtualTime(async () => {
    const door = createDoor();
    const first = await door.take({ key: '4713' });
    expect(await door.take({ key: '4713' })).toMatchObject({ replayed: true, isUnderWay: true });
    expect(first.isUnderWay).toBe(false);
  }));

test('what was refused without cost is tried anew under its intent', () =>
  inVirtualTime(async () => {
    const door = createDoor({ world: createWorld({ faults: [{ on: 'submit', status: 402 }] }) });
    const first = await door.take();
    const error = await door.make(first).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ billed: 'no' });
    first.failed(error);
    const second = await door.take();
    expect(second).toMatchObject({ intentId: first.intentId, replayed: false });
    expect(await door.make(second)).toMatch(/./);
    expect(charges(door)).toBe(1);
  }));

test('one without cost before another that is paid does not hide it, after a restart either', () =>
  inVirtualTime(async () => {
    const door = createDoor();
    const [first, second] = [await door.take(), await door.take()];
    await door.make(second, soon).catch((error: unknown) => second.failed(error));
    first.failed(undefined);
    await sleep(restart);
    const restarted = createDoor({ world: door.world, ledger: door.ledger });
    expect(await restarted.ask()).not.toBe('timeout');
    expect(charges(door)).toBe(1);
  }));

describe('attempts of one call', () => {
  test('go on with what failed, and leave alone what is under way beside it', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const call = {};
      const [first, second] = [await door.take({ call }), await door.take({ call })];
      expect(first.intentId).not.toBe(second.intentId);
      first.failed(undefined);
      expect((await door.take({ call })).intentId).toBe(first.intentId);
      second.failed(undefined);
      expect((await door.take({ call })).intentId).toBe(second.intentId);
    }));

  test('of another call are others', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      await door.ask({ call: {} });
      await door.ask({ call: {} });
      expect(charges(door)).toBe(2);
    }));
});

describe('a key of the caller', () => {
  test('is one request, however often', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      const made = [await door.ask({ key: '4713' }), await door.ask({ key: '4713' }), await door.ask({ key: '4713' })];
      expect(new Set(made).size).toBe(1);
      expect(charges(door)).toBe(1);
    }));

  test.each([
    ['another fingerprint', { n: 2, fingerprint: 'other' }],
    ['fewer pictures', { n: 1 }],
    ['more pictures', { n: 3 }],
  ])('is refused with %s, and nothing is spent', (_, more) =>
    inVirtualTime(async () => {
      const door = createDoor();
      await door.ask({ key: '4713', n: 2 }, { n: 2 });
      await expect(door.take({ key: '4713', ...more })).rejects.toMatchObject({ reason: 'intent_conflict' });
      if (more.n !== 2) {
        const restarted = createDoor(door);
        await expect(restarted.take({ key: '4713', ...more })).rejects.toMatchObject({ reason: 'intent_conflict' });
      }
      expect(charges(door)).toBe(2);
    }),
  );

  test('may come with other words as long as nothing was begun under it', async () => {
    const door = createDoor();
    (await door.take({ key: '4713', fingerprint: 'one' })).failed(undefined);
    expect((await door.take({ key: '4713', fingerprint: 'two' })).replayed).toBe(false);
  });

  test('of another scope is another', async () => {
    const door = createDoor();
    const ids = await Promise.all([door.take({ key: '4713' }), door.take({ key: '4713', scope: 'bob' })]);
    expect(new Set(ids.map(({ intentId }) => intentId)).size).toBe(2);
  });

  test('with other words is refused, and nothing is spent', () =>
    inVirtualTime(async () => {
      const door = createDoor();
      await door.ask({ key: '4713' });
      const ticket = await door.take({ key: '4713' });
      await expect(door.make(ticket, { prompt: 'a windmill' })).rejects.toMatchObject({ reason: 'intent_conflict' });
      expect(charges(door)).toBe(1);
    }));

  test('an intent id is taken as it is', async () => {
    expect((await createDoor().take({ intentId: 'order-4713' })).intentId).toBe('order-4713');
  });
});

describe('another process on the same ledger', () => {
  test.each([
    ['goes on with what is paid', soon, 1],
    ['hands over what was finished and never handed over', {}, 1],
  ])('%s', (_, call, wanted) =>
    inVirtualTime(async () => {
      const world = createWorld();
      // A file has no virtual clock; what counts here is that it survives.
      const ledger: Ledger = { ...createMemoryLedger(), durability: 'disk' };
      const door = createDoor({ world, ledger });
      await door.make(await door.take(), call).catch(() => undefined);
      await sleep(restart);
      const restarted = createDoor({ world, ledger });
      expect(await restarted.ask()).not.toBe('timeout');
      expect(charges(door)).toBe(wanted);
      expect(await openIn(ledger)).toEqual([]);
      // What was handed over in the process before is not handed over again.
      expect((await createDoor({ world, ledger }).take()).replayed).toBe(false);
    }),
  );
});

test('without an acknowledgement the pictures stay open, whatever the caller reads', () =>
  inVirtualTime(async () => {
    const door = createDoor();
    const ticket = await door.take();
    await door.make(ticket);
    const [record] = await openIn(door.ledger);
    expect(record && isOpen(record)).toBe(true);
    await ticket.delivered();
    expect(await openIn(door.ledger)).toEqual([]);
  }));

test('an acknowledgement waits until the call has given the intent back', () =>
  inVirtualTime(async () => {
    const memory = createMemoryLedger();
    const claim: Ledger['claim'] = async (id, owner, lease) => {
      if (lease === 0) await sleep(50);
      return memory.claim(id, owner, lease);
    };
    const door = createDoor({ ledger: { ...memory, claim } });
    const ticket = await door.take();
    await door.make(ticket);
    await ticket.delivered();
    expect(await openIn(door.ledger)).toEqual([]);
  }));

test('what is not finished is not closed by an acknowledgement', () =>
  inVirtualTime(async () => {
    const door = createDoor();
    const ticket = await door.take();
    await door.make(ticket, soon).catch(() => undefined);
    await sleep(restart);
    await ticket.delivered();
    expect(await openIn(door.ledger)).toHaveLength(1);
    await sleep(restart);
    expect((await createDoor(door).take()).replayed).toBe(true);
  }));

test('a ledger that cannot be read lets nobody take anything', async () => {
  const gone = () => Promise.reject(new Error('the disk is gone'));
  const ledger = { ...createMemoryLedger(), claim: gone, read: gone };
  await expect(createDoor({ ledger }).take()).rejects.toThrow('the disk is gone');
});

test.each([
  [{ scope: 7 }, '`scope`'],
  [{ fingerprint: undefined }, '`scope` and `fingerprint`'],
  [{ n: 0 }, '`n`'],
  [{ n: 1.5 }, '`n`'],
  [{ key: 7 }, '`key`'],
  [{ call: 'x' }, '`call`'],
])('refuses %j by name', async (more, name) => {
  const refused = createDoor().take(more as never);
  await expect(refused).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining(name) });
});

test('refuses a window that is no time, and what is no ledger', () => {
  expect(() => createIntentBook({ ledger: createMemoryLedger(), window: 0 })).toThrow('`window`');
  expect(() => createIntentBook({} as never)).toThrow('`ledger`');
});

test('a hash is SHA-256, at once or in a thread of its own', async () => {
  expect(await hash(new TextEncoder().encode('abc'))).toMatch(/^ba7816bf8f01cfea/);
  const million = new Uint8Array(1_000_000).fill(97);
  expect(await hash(million)).toMatch(/^cdc76e5c9914fb92/);
  expect(await hash('a', 'bc')).not.toBe(await hash('ab', 'c'));
});

test('a fingerprint goes by what is meant: the order of fields and what is left out make no difference', async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const one = await fingerprintOf({ prompt, images: [bytes], size: undefined, more: { a: 1, b: 2 } });
  expect(await fingerprintOf({ more: { b: 2, a: 1 }, images: [bytes.slice()], prompt })).toBe(one);
  expect(await fingerprintOf({ more: { b: 2, a: 1 }, images: [new Uint8Array([1, 2, 4])], prompt })).not.toBe(one);
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  await expect(fingerprintOf({ prompt: () => 'x' })).rejects.toMatchObject({ code: 'invalid_request' });
});
