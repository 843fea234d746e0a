import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The tests start several hundred processes; compiled sources are kept from one to the next, which makes each start
// three times as fast. Never in a folder that the shell names: who can write there would decide what the tests run.
process.env.NODE_COMPILE_CACHE = fileURLToPath(new URL('node_modules/.cache/compiled/', import.meta.url));

// Whoever has set up the real hosts, or an emulator of their own, in this shell must not meet them in a test.
for (const name of Object.keys(process.env)) {
  if (/^(WAVESPEED|APIFRAME)_|^IMAGEPORT_(LEDGER|DEBUG)$/.test(name)) delete process.env[name];
}

// vitest no longer finds this file by name: the script passes it, and what a project cannot set (docs/decisions/0008).
export default defineConfig({
  test: {
    globalSetup: ['packages/core/test/proof/print-table.ts'],
    coverage: {
      // From the root of a project, and from that of another.
      include: ['src/**/*.ts', '../*/src/**/*.ts', 'packages/*/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      reportsDirectory: 'coverage',
    },
    projects: [
      'packages/*',
      { test: { name: 'release', root: '.', include: ['.ci/test/*.test.ts'] } },
      { test: { name: 'docs', root: '.', include: ['docs/**/*.test.ts', 'examples/**/*.test.ts'] } },
    ],
  },
});
