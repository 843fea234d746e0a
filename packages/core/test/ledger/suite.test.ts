import { expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { createMemoryLedger } from '../../src/ledger/memory.ts';
import { testLedger } from '../../src/testing/test-ledger.ts';

/** A mistake that somebody who writes a ledger could make. */
type Mistake = (ledger: Ledger) => Partial<Ledger>;

const mistakes: Record<string, Mistake> = {
  'begin does not take the intent': (ledger) => ({ begin: (intent) => ledger.begin(intent) }),
  'begin keeps the lease and does not say so': (ledger) => ({
    begin: async (intent, lease) => {
      const { created, record } = await ledger.begin(intent, lease);
      return { created, record };
    },
  }),
  'claim returns an empty record': (ledger) => ({
    claim: async (id, owner, lease) => {
      const claim = await ledger.claim(id, owner, lease);
      return claim && { ...claim, record: { ...claim.record, events: [] } };
    },
  }),
  'a lease never ends': (ledger) => ({
    claim: (id, owner, lease) => ledger.claim(id, owner, lease > 0 ? Number.POSITIVE_INFINITY : lease),
    begin: (intent, lease) => ledger.begin(intent, lease && { ...lease, duration: Number.POSITIVE_INFINITY }),
  }),
  'anybody can give an intent back': (ledger) => {
    const owners = new Map<string, string>();
    return {
      claim: async (id, owner, lease) => {
        if (lease <= 0) return ledger.claim(id, owners.get(id) ?? owner, 0);
        const claim = await ledger.claim(id, owner, lease);
        if (claim) owners.set(id, owner);
        return claim;
      },
    };
  },
  'the length is not looked at': (ledger) => ({ append: (id, fence, event) => ledger.append(id, fence, event) }),
  'a stale fence is refused whatever it brings': (ledger) => ({
    append: async (id, fence, event, length) => {
      const record = (await ledger.begin({ id, createdAt: 1, route: [], request: {} as never })).record;
      if (newest.get(id) !== undefined && newest.get(id) !== fence)
        throw Object.assign(new Error('stale'), { reason: 'ledger_stale' });
      await ledger.append(record.intent.id, fence, event, length);
    },
    claim: async (id, owner, lease) => {
      const claim = await ledger.claim(id, owner, lease);
      if (claim) newest.set(id, claim.fence);
      return claim;
    },
    begin: async (intent, lease) => {
      const begun = await ledger.begin(intent, lease);
      if (begun.fence !== undefined) newest.set(intent.id, begun.fence);
      return begun;
    },
  }),
  'open leaves out what is parked': (ledger) => ({
    open: (query) => only(ledger.open(query), ({ events }) => events.at(-1)?.type !== 'unknown'),
  }),
  'open gives every page from the start': (ledger) => ({
    open: (query) => ledger.open({ ...query, after: undefined }),
  }),
  'open ends early where it does not know the page': (ledger) => ({
    open: (query) => only(ledger.open(query), () => query?.after !== 'forgotten'),
  }),
  'open lists what is held': (ledger) => ({ open: (query) => ledger.open({ ...query, unclaimed: false }) }),
  'open ignores the time': (ledger) => ({ open: (query) => ledger.open({ ...query, before: undefined }) }),
  'find by job knows open intents only': (ledger) => ({
    find: async (query) =>
      (await ledger.find(query)).filter(({ events }) => events.at(-1)?.type !== 'delivered' || query.words),
  }),
  'find by words reads the last submit only': (ledger) => ({
    find: async (query) =>
      (await ledger.find(query)).filter(
        ({ events }) => query.job || events.findLast((event) => event.type === 'sending')?.words === query.words,
      ),
  }),
  'find gives nothing': () => ({ find: async () => [] }),
};

const newest = new Map<string, number>();

async function* only<Item>(items: AsyncIterable<Item>, wanted: (item: Item) => boolean): AsyncGenerator<Item> {
  for await (const item of items) if (wanted(item)) yield item;
}

const clock = { at: 0 };

async function failuresOf(mistake: Mistake, shared: boolean): Promise<string[]> {
  const stores = new Map<string, Ledger>();
  const create = async (store: string): Promise<Ledger> => {
    newest.clear();
    const ledger = stores.get(store) ?? createMemoryLedger({ now: () => clock.at });
    stores.set(store, ledger);
    return { ...ledger, shared, ...mistake(ledger) };
  };
  const elapse = (milliseconds: number): void => {
    clock.at += milliseconds;
  };
  const failures: string[] = [];
  for (const { name, run } of testLedger(create, undefined, { shared, elapse })) {
    await run().catch(() => failures.push(name));
  }
  return failures;
}

test('a right ledger passes every check', async () => {
  expect(await failuresOf(() => ({}), true)).toEqual([]);
});

test.each(Object.entries(mistakes))('a ledger in which %s does not pass', async (_, mistake) => {
  expect(await failuresOf(mistake, false)).not.toEqual([]);
});

test('two handles that are two ledgers do not pass as one that is shared', async () => {
  const create = async (): Promise<Ledger> => ({ ...createMemoryLedger(), shared: true });
  const checks = testLedger(create, undefined, { shared: true });
  const outcomes = await Promise.allSettled(checks.map(({ run }) => run()));
  expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(3);
});

test('a lease ends in real time where no clock is given', async () => {
  const [check] = testLedger(async () => createMemoryLedger()).filter(({ name }) => name.includes('lease is over'));
  await check?.run();
  expect(check).toBeDefined();
});
