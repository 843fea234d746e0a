// Runs the pnpm that package.json pins, fetched through npm: `node .ci/pnpm.mjs pack …`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** @param {readonly string[]} args @returns {number} the exit code */
export function pnpm(args) {
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const run = spawnSync(npx, ['--yes', packageManager, ...args], {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  return run.status ?? 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = pnpm(process.argv.slice(2));
