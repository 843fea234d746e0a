import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** What a run tells whoever waits for it, one JSON line each. */
export type Told =
  | { readonly type: 'failed'; readonly file: string; readonly test: string }
  | { readonly type: 'done'; readonly file: string; readonly duration: number };

const tell = (told: Told): void => {
  process.stdout.write(`\n${JSON.stringify(told)}\n`);
};

/** Tells at once what failed and which file has ended, so that nobody waits for the rest. */
export class WatchReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (test.result().state === 'failed')
      tell({ type: 'failed', file: test.module.relativeModuleId, test: test.fullName });
  }

  onTestModuleEnd(module: TestModule): void {
    const file = module.relativeModuleId;
    if (module.errors().length > 0) tell({ type: 'failed', file, test: 'the file itself' });
    if (module.state() !== 'skipped') tell({ type: 'done', file, duration: module.diagnostic().duration });
  }
}
