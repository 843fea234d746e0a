import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { WatchReporter } from './watch-reporter.ts';

const root = join(import.meta.dirname, '../../../..');

for (const name of Object.keys(process.env)) {
  if (/^(WAVESPEED|APIFRAME)_|^IMAGEPORT_(LEDGER|DEBUG)$/.test(name)) delete process.env[name];
}

/** Test files in the order in which they are to run; the list comes from whoever plants the bug. */
const order: readonly string[] = JSON.parse(readFileSync(process.env.IMAGEPORT_BUG_TESTS ?? '', 'utf8'));

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number =>
      order.findIndex((each) => moduleId === join(root, each));
    return [...files].sort((a, b) => placeOf(a) - placeOf(b));
  }
}

// Every test in one worker: the first that fails ends it.
export default defineConfig({
  root,
  test: {
    include: [...order],
    bail: 1,
    maxWorkers: 1,
    isolate: false,
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    sequence: { sequencer: InOrder },
    reporters: [new WatchReporter()],
  },
});
