import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const kibibyte = 1024;

async function bundle(file: string) {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(`../../src/${file}`, import.meta.url))],
    ...{ bundle: true, minify: true, format: 'esm', splitting: true, outdir: 'out', target: 'es2023' },
    ...{ external: ['@imageport/core', 'valibot'], write: false, metafile: true },
  });
  return { outputFiles, outputs: metafile.outputs };
}

test('the catalogue weighs at most 12 KiB, minified and by gzip', async () => {
  const { outputFiles } = await bundle('catalogue/index.ts');
  const bytes = outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
  expect(bytes).toBeGreaterThan(kibibyte);
  expect(bytes).toBeLessThanOrEqual(12 * kibibyte);
});

test('what an import of the package loads at first has nothing of it', async () => {
  const { outputs } = await bundle('index.ts');
  const loaded = new Set(Object.keys(outputs).filter((path) => outputs[path]?.entryPoint?.endsWith('src/index.ts')));
  for (const path of loaded) {
    for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind === 'import-statement') loaded.add(next);
  }
  const inputs = [...loaded].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
  expect(inputs.some((path) => path.endsWith('src/families.ts'))).toBe(true);
  expect(inputs.filter((path) => /src\/(catalogue|live)\//.test(path))).toEqual([]);
});
