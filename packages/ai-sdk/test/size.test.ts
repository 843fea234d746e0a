import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const most = 4 * 1024;

test.each(['index', 'v3'])('what %s adds to a program is at most 4 KiB, its dependencies aside', async (entry) => {
  const { outputFiles } = await build({
    entryPoints: [`${import.meta.dirname}/../src/${entry}.ts`],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2023' },
    external: ['@imageport/core', '@ai-sdk/provider'],
  });
  const size = gzipSync(outputFiles[0]?.contents ?? '').length;
  expect(size).toBeGreaterThan(1_000);
  expect(size).toBeLessThanOrEqual(most);
});
