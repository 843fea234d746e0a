import { describe, test } from 'vitest';
import { createMemoryLedger } from '../../src/ledger/memory.ts';
import { createFileLedger } from '../../src/node/file-ledger.ts';
import { testLedger } from '../../src/testing/test-ledger.ts';
import { useFolder } from './folder.ts';

const clock = { at: 1_800_000_000_000 };
const now = (): number => clock.at;
const elapse = (milliseconds: number): void => {
  clock.at += milliseconds;
};

describe('the memory ledger', () => {
  for (const { name, run } of testLedger(async () => createMemoryLedger({ now }), undefined, { elapse }))
    test(name, run);
});

describe('two handles of one memory ledger', () => {
  const stores = new Map<string, ReturnType<typeof createMemoryLedger>>();
  const create = async (store: string) => {
    const ledger = stores.get(store) ?? createMemoryLedger({ now });
    stores.set(store, ledger);
    return { ...ledger, shared: true };
  };
  for (const { name, run } of testLedger(create, undefined, { elapse, shared: true })) test(name, run);
});

describe('the file ledger', () => {
  const folder = useFolder();
  const paths = new WeakMap<object, string>();
  const open = (path: string) => {
    const ledger = folder.keep(createFileLedger(path, { now, compactAbove: 20_000 }));
    paths.set(ledger, path);
    return ledger;
  };
  const checks = testLedger(
    async () => open(folder.path()),
    async (ledger) => {
      await folder.close(ledger);
      return open(paths.get(ledger) ?? '');
    },
    { elapse },
  );
  for (const { name, run } of checks) test(name, run);
});
