import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('the handler has at most 12 KiB of its own', async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2023', packages: 'external' },
  });
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
  const size = gzipSync(contents, { level: 9 }).length;
  expect(size).toBeGreaterThan(2 * 1024);
  expect(size).toBeLessThanOrEqual(12 * 1024);
});
