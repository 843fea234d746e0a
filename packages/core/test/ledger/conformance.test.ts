import { describe, test } from 'vitest';
import { createMemoryLedger } from '../../src/index.ts';
import { createFileLedger } from '../../src/node/index.ts';
import { testLedger } from '../../src/testing/index.ts';
import { useFolder } from './folder.ts';

describe('the memory ledger', () => {
  for (const { name, run } of testLedger(async () => createMemoryLedger())) test(name, run);
});

describe('the file ledger', () => {
  const folder = useFolder();
  const open = (path: string) => folder.keep(createFileLedger(path));
  const paths = new WeakMap<object, string>();
  const at = (path: string) => {
    const ledger = open(path);
    paths.set(ledger, path);
    return ledger;
  };
  const checks = testLedger(
    async () => at(folder.path()),
    async (ledger) => {
      await folder.close(ledger);
      return at(paths.get(ledger) ?? '');
    },
  );
  for (const { name, run } of checks) test(name, run);
});
