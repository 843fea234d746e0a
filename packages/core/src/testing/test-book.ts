import type { BookStore } from '../book/store.ts';
import { assertEqual } from './assert.ts';
import type { LedgerCheck } from './test-ledger.ts';

/** One check of a book's store, for any test runner: `for (const { name, run } of testBook(…)) test(name, run)`. */
export type BookCheck = LedgerCheck;

export interface TestBookOptions {
  /** Opens the same store as a new process would, after the one that had it has ended. Without it that is not checked. */
  readonly reopen?: ((store: BookStore) => Promise<BookStore>) | undefined;
  /** Several processes may use a store at the same time: two handles of one race against each other. @default false */
  readonly shared?: boolean;
}

/** The suite that a store of budgets must pass. `create` opens the store of a name; a second time, another handle of it. */
export function testBook(
  create: (store: string) => Promise<BookStore>,
  { reopen, shared = false }: TestBookOptions = {},
): BookCheck[] {
  let count = 0;
  const nextName = (): string => {
    count += 1;
    return `book-${count}`;
  };
  const toChecks = (checks: Record<string, (store: BookStore, name: string) => Promise<void>>): BookCheck[] =>
    Object.entries(checks).map(([name, check]) => ({
      name,
      run: async () => {
        const store = nextName();
        await check(await create(store), store);
      },
    }));
  return [
    ...toChecks(alone),
    ...(reopen ? toChecks(restarting(reopen)) : []),
    ...(shared ? toChecks(together(create)) : []),
  ];
}

const alone: Record<string, (store: BookStore) => Promise<void>> = {
  async 'knows nothing of a key that was never written'(store) {
    assertEqual(await store.read('a'), undefined);
  },
  async 'gives back what was written, key by key'(store) {
    assertEqual(await store.write('a', { spent: { USD: 0.05 } }, undefined), true);
    assertEqual(await store.write('ü "b"\n', ['line\nbreak'], undefined), true);
    assertEqual((await store.read('a'))?.value, { spent: { USD: 0.05 } });
    assertEqual((await store.read('ü "b"\n'))?.value, ['line\nbreak']);
  },
  async 'writes only what was read last'(store) {
    await store.write('a', 1, undefined);
    const first = (await store.read('a'))?.version;
    assertEqual(await store.write('a', 2, undefined), false);
    assertEqual(await store.write('a', 2, first), true);
    assertEqual(await store.write('a', 3, first), false);
    assertEqual((await store.read('a'))?.value, 2);
  },
  async 'lets one of many write that all have read the same'(store) {
    await store.write('a', 0, undefined);
    const version = (await store.read('a'))?.version;
    const wrote = await Promise.all(Array.from({ length: 50 }, (_, n) => store.write('a', n + 1, version)));
    assertEqual(wrote.filter(Boolean).length, 1);
    assertEqual((await store.read('a'))?.value, wrote.indexOf(true) + 1);
  },
  async 'keeps its own copy of a value'(store) {
    const value = { spent: [1] };
    await store.write('a', value, undefined);
    value.spent.push(2);
    assertEqual((await store.read('a'))?.value, { spent: [1] });
  },
};

const restarting = (reopen: (store: BookStore) => Promise<BookStore>): typeof alone => ({
  async 'is the same after a restart, and goes on from there'(store) {
    await store.write('a', 1, undefined);
    await store.write('b', 1, undefined);
    await store.write('a', 2, (await store.read('a'))?.version);
    const again = await reopen(store);
    assertEqual([(await again.read('a'))?.value, (await again.read('b'))?.value], [2, 1]);
    assertEqual(await again.write('a', 3, undefined), false);
    assertEqual(await again.write('a', 3, (await again.read('a'))?.version), true);
  },
});

const together = (
  create: (store: string) => Promise<BookStore>,
): Record<string, (store: BookStore, name: string) => Promise<void>> => ({
  async 'lets one of two handles write that have read the same'(store, name) {
    const other = await create(name);
    await store.write('a', 0, undefined);
    const version = (await other.read('a'))?.version;
    const wrote = await Promise.all([store.write('a', 1, version), other.write('a', 2, version)]);
    assertEqual(wrote.filter(Boolean).length, 1);
    assertEqual((await store.read('a'))?.value, (await other.read('a'))?.value);
  },
});
