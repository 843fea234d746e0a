// Publishes what the changesets have versioned, with the pnpm that the project pins, since only pnpm puts the published
// exports in place (docs/decisions/0007). In the release workflow: `npm run release:publish`.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { pnpm } from './pnpm.mjs';

const root = join(import.meta.dirname, '..');
const tools = join(import.meta.dirname, 'pnpm/node_modules/.bin');
process.exitCode = pnpm(['--version']);
if (process.exitCode === 0) {
  const env = { ...process.env, PATH: [tools, process.env.PATH].join(delimiter) };
  const changesets = join(root, 'node_modules/@changesets/cli/bin.js');
  process.exitCode =
    spawnSync(process.execPath, [changesets, 'publish'], { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}
