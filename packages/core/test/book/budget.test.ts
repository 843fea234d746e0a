import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type BookStore,
  type Budget,
  createIntentBook,
  createMemoryBookStore,
  type Reservation,
} from '../../src/book/index.ts';
import { createMemoryLedger } from '../../src/index.ts';
import { createFileBookStore } from '../../src/node/index.ts';

const price = { USD: 0.03 };
const listed = (amount: number) => ({ amount, currency: 'USD', source: 'reported' }) as const;
const open = (store: BookStore = createMemoryBookStore()) => createIntentBook({ ledger: createMemoryLedger(), store });

/** Room for three. */
const budget: Budget = { USD: 0.1, per: 'day' };

afterEach(() => {
  vi.useRealTimers();
});

test('ten at once on a budget for three: three', async () => {
  const book = open();
  const all = await Promise.all(
    Array.from({ length: 10 }, (_, n) => book.reserve('ada', price, { budget, intentId: `order-${n}` })),
  );
  expect(all.filter((each) => typeof each === 'object')).toHaveLength(3);
  expect(all.at(-1)).toBe('it costs 0.03 USD and 0.01 of the budget of 0.1 is left');
});

async function reserved(book: ReturnType<typeof open>, intentId: string, of = budget): Promise<Reservation> {
  const reservation = await book.reserve('ada', price, { budget: of, intentId });
  if (typeof reservation === 'string') throw new Error(reservation);
  return reservation;
}

test('what it did cost counts in the end, and what cost nothing does not', async () => {
  const book = open();
  await (await reserved(book, 'a')).settle(listed(0.09));
  expect(await book.reserve('ada', price, { budget, intentId: 'b' })).toContain('0.01 of the budget');
  await (await reserved(book, 'b', { USD: 1 })).release();
  await (await reserved(book, 'a')).settle(listed(0.01));
  await (await reserved(book, 'c')).settle(listed(0.03), listed(0.03));
  expect((await reserved(book, 'd')).maxCost).toEqual(price);
});

test('an unknown cost keeps the price that was put aside', async () => {
  const book = open();
  for (const intentId of ['a', 'b', 'c']) await (await reserved(book, intentId)).settle({ source: 'unknown' });
  await (await reserved(book, 'a')).settle();
  expect(await book.reserve('ada', price, { budget, intentId: 'd' })).toContain('is left');
});

test('an intent that is asked for again is counted once', async () => {
  const book = open();
  for (let times = 0; times < 5; times += 1) await reserved(book, 'a');
  for (let times = 0; times < 5; times += 1) await (await reserved(book, 'a')).settle(listed(0.03));
  await reserved(book, 'b');
  await reserved(book, 'c');
  expect(await book.reserve('ada', price, { budget, intentId: 'd' })).toContain('is left');
});

test('an intent that becomes dearer must fit as well, while it is open and when it is settled', async () => {
  const book = open();
  await reserved(book, 'a');
  const dearer = { USD: 0.11 };
  expect(await book.reserve('ada', dearer, { budget, intentId: 'a' })).toBe(
    'it costs 0.08 USD and 0.07 of the budget of 0.1 is left',
  );
  await (await reserved(book, 'a')).settle(listed(0.03));
  expect(await book.reserve('ada', dearer, { budget, intentId: 'a' })).toContain('0.07 of the budget');
  const fits = await book.reserve('ada', { USD: 0.09 }, { budget, intentId: 'a' });
  if (typeof fits === 'string') throw new Error(fits);
  await fits.settle(listed(0.09));
  expect(await book.reserve('ada', price, { budget, intentId: 'b' })).toContain('0.01 of the budget');
});

test('no name of an intent is a way around', async () => {
  const book = open();
  for (const intentId of ['__proto__', 'constructor', 'toString']) await reserved(book, intentId);
  expect(await book.reserve('ada', price, { budget, intentId: 'valueOf' })).toContain('is left');
});

test('every scope has its own', async () => {
  const book = open();
  for (const intentId of ['a', 'b', 'c']) await reserved(book, intentId);
  expect(await book.reserve('bob', price, { budget, intentId: 'a' })).toMatchObject({ maxCost: price });
});

test('a price in a currency that the budget does not name is refused', async () => {
  const refused = await open().reserve('ada', { USD: 0.01, credit: 5 }, { budget, intentId: 'a' });
  expect(refused).toBe('it is priced in credit, and the budget names no credit');
});

test.each([
  ['day', '2026-11-22T23:59:00Z', '2026-11-23T00:01:00Z'],
  ['month', '2026-11-30T23:59:00Z', '2026-12-01T00:01:00Z'],
] as const)('a new %s of UTC begins anew, but for what is not settled yet', async (per, before, after) => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(before) });
  const book = open();
  const of = { USD: 0.1, per };
  await (await reserved(book, 'a', of)).settle(listed(0.07));
  await reserved(book, 'b', of);
  vi.setSystemTime(new Date(after));
  await reserved(book, 'c', of);
  await reserved(book, 'd', of);
  expect(await book.reserve('ada', price, { budget: of, intentId: 'e' })).toContain('0.01 of the budget');
});

describe('in a file', () => {
  test('what was put aside by a process that was killed stays put aside', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'imageport-budget-'));
    const before = createFileBookStore(join(folder, 'book.jsonl'));
    await (await reserved(open(before), 'a')).settle(listed(0.05));
    await reserved(open(before), 'b');
    await before.close();
    const after = createFileBookStore(join(folder, 'book.jsonl'));
    const book = open(after);
    expect(await book.reserve('ada', price, { budget, intentId: 'c' })).toContain('0.02 of the budget');
    await (await reserved(book, 'b')).release();
    await reserved(book, 'c');
    await after.close();
    rmSync(folder, { recursive: true });
  });
});

test('a store that holds something else is not overwritten', async () => {
  const store = createMemoryBookStore();
  await store.write('budget:ada', { spent: 'much' }, undefined);
  await expect(reserved(open(store), 'a')).rejects.toMatchObject({ reason: 'ledger_unavailable', billed: 'no' });
  expect(await store.read('budget:ada')).toMatchObject({ value: { spent: 'much' } });
});

test('a store where somebody always comes in between is given up on', async () => {
  const store = { read: async () => undefined, write: async () => false };
  await expect(reserved(open(store), 'a')).rejects.toMatchObject({ reason: 'ledger_unavailable', billed: 'no' });
});
