// Runs the pnpm that the project pins: `node .ci/pnpm.mjs pack …`. npm fetches it once, by the lockfile in .ci/pnpm, and
// verifies its hash before anything of it runs (docs/decisions/0027).
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const home = new URL('pnpm/', import.meta.url);
const installed = new URL('node_modules/pnpm/package.json', home);
const read = (url) => JSON.parse(readFileSync(url, 'utf8'));

/** Makes sure that it is there, in the pinned version. @returns {number} the exit code of npm */
function fetchPnpm() {
  const { version } = read(new URL('package-lock.json', home)).packages['node_modules/pnpm'];
  if (existsSync(installed) && read(installed).version === version) return 0;
  const windows = process.platform === 'win32';
  const run = spawnSync(
    windows ? 'npm.cmd' : 'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: fileURLToPath(home), stdio: ['ignore', 2, 2], shell: windows },
  );
  if (run.error) console.error(`imageport: npm cannot be run: ${run.error.message}`);
  return run.status ?? 1;
}

/** @param {readonly string[]} args @returns {number} the exit code */
export function pnpm(args) {
  const failed = fetchPnpm();
  if (failed !== 0) return failed;
  const program = fileURLToPath(new URL(read(installed).bin.pnpm, installed));
  const run = spawnSync(process.execPath, [program, ...args], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // pnpm lists what it packs even when it is told to be silent.
    stdio: ['ignore', args.includes('--reporter=silent') ? 'ignore' : 2, 2],
  });
  return run.status ?? 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = pnpm(process.argv.slice(2));
