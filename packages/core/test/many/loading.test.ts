import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../src');

/** The files of core that a program loads: `eager` before anything is called, `all` whatever it calls. */
async function bundle(program: string): Promise<{ eager: string[]; all: string[] }> {
  const { metafile } = await build({
    stdin: { contents: program, resolveDir: folder, loader: 'ts' },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', packages: 'external' },
    ...{ write: false, metafile: true, outdir: 'out', logLevel: 'silent' },
  });
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === '<stdin>') ?? '';
  const reach = (kinds: readonly string[], path = entry, seen = new Set<string>()): Set<string> => {
    if (seen.has(path)) return seen;
    seen.add(path);
    for (const each of metafile.outputs[path]?.imports ?? [])
      if (!each.external && kinds.includes(each.kind)) reach(kinds, each.path, seen);
    return seen;
  };
  const filesIn = (chunks: ReadonlySet<string>): string[] =>
    [...chunks].flatMap((chunk) =>
      Object.entries(metafile.outputs[chunk]?.inputs ?? {}).flatMap(([path, used]) =>
        used.bytesInOutput > 0 ? [path] : [],
      ),
    );
  const always = ['import-statement'];
  return { eager: filesIn(reach(always)), all: filesIn(reach([...always, 'dynamic-import'])) };
}

const isMany = (path: string): boolean => /\/many\/|\/generate-images\.ts$/.test(path);

test('who makes one picture does not load what makes many', async () => {
  const { all } = await bundle(`import { generateImage } from './index.ts'; console.log(generateImage);`);
  expect(all.filter(isMany)).toEqual([]);
  expect(all.some((path) => path.endsWith('/picture/generate.ts'))).toBe(true);
});

test('who makes many loads it with the first result that is asked for', async () => {
  const { eager, all } = await bundle(`import { generateImages } from './index.ts'; console.log(generateImages);`);
  expect(eager.filter(isMany).map((path) => path.replace(/^.*\//, ''))).toEqual(['generate-images.ts']);
  expect(all.some((path) => path.endsWith('/many/batch.ts'))).toBe(true);
});
