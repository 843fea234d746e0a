// Writes the JavaScript that is published: a file for each entry of a package, and one for what entries share. Node
// takes a millisecond for each file it imports, and a caller waits for all of them (docs/decisions/0016).
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** @type {typeof import('./bundle.mjs').published} */
export function published(root) {
  return globSync('packages/*/package.json', { cwd: root })
    .map((path) => ({ folder: join(root, path, '..'), manifest: JSON.parse(readFileSync(join(root, path), 'utf8')) }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ folder, manifest: { publishConfig, ...manifest } }) => ({
      folder,
      manifest: { ...manifest, exports: publishConfig.exports, bin: publishConfig.bin },
    }));
}

/** @type {typeof import('./bundle.mjs').bundle} */
export async function bundle({ folder, manifest }, into) {
  const targets = [
    ...Object.values(manifest.exports).map((entry) => entry.default),
    ...Object.values(manifest.bin ?? {}),
  ];
  const entries = targets.filter((target) => target?.startsWith('./dist/'));
  await build({
    entryPoints: entries.map((entry) => join(folder, entry.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))),
    outbase: join(folder, 'src'),
    outdir: into,
    bundle: true,
    splitting: true,
    chunkNames: '[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    packages: 'external',
    logLevel: 'warning',
    logOverride: { 'ignored-bare-import': 'silent' },
    plugins: [together(join(folder, 'src'), entries)],
  });
}

/**
 * Whoever imports another entry of a package imports the main one too, and what is imported later comes after it. So what
 * the main one holds may stay in one file, although others use parts of it: else esbuild writes a file for each set of
 * entries that share something.
 *
 * @param {string} src
 * @param {readonly string[]} entries
 * @returns {import('esbuild').Plugin}
 */
function together(src, entries) {
  const main = join(src, 'index.ts');
  const named = entries.map((entry) => join(src, entry.replace('./dist/', '').replace(/\.js$/, '.ts')));
  const others = [...named, ...importedLater(src)];
  return {
    name: 'together',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path === main || !others.includes(path) || !others.includes(main)) return undefined;
        const contents = `${readFileSync(path, 'utf8')}\nimport ${JSON.stringify(main)};\n`;
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** The modules below a folder that are imported by `import()`. @param {string} src */
const importedLater = (src) =>
  globSync('**/*.ts', { cwd: src }).flatMap((path) =>
    [...readFileSync(join(src, path), 'utf8').matchAll(/\bimport\('(\.[^']+)'\)/g)].map(([, target = '']) =>
      join(src, path, '..', target),
    ),
  );

if (process.argv[1] === import.meta.filename) {
  for (const each of published(join(import.meta.dirname, '..'))) {
    const dist = join(each.folder, 'dist');
    for (const stale of globSync('**/*.js', { cwd: dist })) rmSync(join(dist, stale));
    await bundle(each, dist);
  }
}
