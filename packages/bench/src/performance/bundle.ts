import { relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { sum } from './numbers.ts';

export interface Weight {
  /** Bytes, minified. */
  readonly minified: number;
  /** Bytes, minified and by `gzip -9`. */
  readonly gzipped: number;
  /** The same of what an `import` of the module loads: what it imports later, by `import()`, is not in it. */
  readonly first: number;
  /** Minified bytes by package, and by folder of core. */
  readonly parts: Readonly<Record<string, number>>;
}

interface Bundle {
  readonly code: Uint8Array;
  readonly parts: Weight['parts'];
}

/** Packages whose main export is the default one, which is not part of `*`. */
const defaults: ReadonlySet<string> = new Set(['ky', 'replicate']);

/** A module that exports everything that these packages do. */
export function exportAll(packages: readonly string[]): string {
  const all = packages.map((name) => `export * from '${name}';`);
  const byDefault = packages.filter((name) => defaults.has(name)).map((name) => `export { default } from '${name}';`);
  return [...all, ...byDefault].join('\n');
}

/** What a module weighs with everything that it needs inside, and what of it is loaded at first. */
export async function weigh(source: string): Promise<Weight> {
  const [{ code, parts }, first] = await Promise.all([bundle(source), firstChunk(source)]);
  return { minified: code.length, gzipped: zipped(code), first: sum(first.map(zipped)), parts };
}

const zipped = (code: Uint8Array): number => gzipSync(code, { level: 9 }).length;

const toOptions = (source: string) =>
  ({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    write: false,
  }) as const;

/** One minified module for Node. */
export async function bundle(source: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build(toOptions(source));
  const parts: Record<string, number> = {};
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      parts[packageOf(path)] = (parts[packageOf(path)] ?? 0) + bytesInOutput;
    }
  }
  return { code: outputFiles[0]?.contents ?? new Uint8Array(), parts };
}

/** The files that a static import of the module loads: itself, and what it imports in turn, but not by `import()`. */
async function firstChunk(source: string): Promise<Uint8Array[]> {
  const { outputFiles, metafile } = await build({ ...toOptions(source), splitting: true, outdir: 'out' });
  const { outputs } = metafile;
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === '<stdin>');
  const loaded = new Set(entry === undefined ? [] : [entry]);
  for (const path of loaded) {
    const { imports = [] } = outputs[path] ?? {};
    for (const each of imports) if (each.kind === 'import-statement' && !each.external) loaded.add(each.path);
  }
  return outputFiles.filter(({ path }) => loaded.has(relative(process.cwd(), path))).map(({ contents }) => contents);
}

/** The package of a file; in core, which is most of ours, its folder too. */
function packageOf(path: string): string {
  const [, installed] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return installed ?? /packages\/(core\/src\/[^/.]+(?=\/)|[^/]+)/.exec(path)?.[1]?.replace('/src/', '/') ?? 'other';
}
