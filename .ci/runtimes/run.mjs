// Runs the checks of core and the hosts, as they are published, in every runtime of this machine, and says what was left
// out: `npm run test:runtimes`. With `--all` a runtime that is missing is a failure.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundle, published } from '../bundle.mjs';
import { pnpm } from '../pnpm.mjs';
import { conclude, linesOf, take } from './report.mjs';
import { runtimes } from './runtimes.mjs';

const here = import.meta.dirname;
const root = join(here, '../..');
const used = ['@imageport/core', '@imageport/wavespeed', '@imageport/apiframe', '@imageport/gateway'];

/** A folder in which the packages are installed as published, with the checks, and the same as single files. */
async function prepare() {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'runtimes-'));
  const modules = join(folder, 'node_modules');
  for (const each of published(root).filter(({ manifest }) => used.includes(manifest.name))) {
    const home = join(modules, each.manifest.name);
    await bundle(each, join(home, 'dist'));
    writeFileSync(join(home, 'package.json'), JSON.stringify(each.manifest));
  }
  const core = join(root, 'packages/core/node_modules');
  for (const name of readdirSync(core).filter((each) => !/^[.@]/.test(each)))
    symlinkSync(join(core, name), join(modules, name), 'junction');
  for (const name of ['stub.mjs', 'checks.mjs', 'program.mjs']) cpSync(join(here, name), join(folder, name));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const worker = 'export default { async test() { console.log(JSON.stringify(await runChecks())); } };';
  await single(folder, worker, { outfile: join(folder, 'worker.js') });
  const page = await single(folder, 'export default runChecks;', {
    format: 'iife',
    globalName: 'checks',
    write: false,
  });
  return { folder, page: `(async () => {${page};return JSON.stringify(await checks.default());})()` };
}

async function single(folder, code, options) {
  const contents = `import { runChecks } from './checks.mjs';\n${code}`;
  const { outputFiles = [] } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
    ...options,
  });
  return outputFiles[0]?.text;
}

process.exitCode = pnpm(['--dir', '.ci/runtimes', 'install', '--frozen-lockfile', '--loglevel=error']);
if (process.exitCode === 0) {
  const prepared = await prepare();
  const rows = [];
  try {
    for (const each of runtimes) {
      const row = await take(each, prepared);
      rows.push(row);
      for (const line of linesOf(row)) console.log(line);
    }
  } finally {
    rmSync(prepared.folder, { recursive: true, force: true });
  }
  const { line, exitCode } = conclude(rows, process.argv.includes('--all'));
  console.log(line);
  process.exitCode = exitCode;
}
