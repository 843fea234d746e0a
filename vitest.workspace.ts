import { defineConfig } from 'vitest/config';

// vitest no longer looks for this file by name: the scripts pass it with --config (docs/decisions/0008).
export default defineConfig({
  test: {
    globalSetup: ['packages/core/test/proof/print-table.ts'],
    projects: [
      'packages/*',
      { test: { name: 'docs', root: '.', include: ['docs/**/*.test.ts', 'examples/**/*.test.ts'] } },
    ],
  },
});
