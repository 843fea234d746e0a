// Asks the registry for known vulnerabilities of what users install: `npm run audit`. The tools are watched by Dependabot.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { published } from './bundle.mjs';
import { closure } from './closure.mjs';

const ours = published(join(import.meta.dirname, '..'));
const installed = ours.flatMap(({ folder }) => [...closure(folder).values()].map(({ manifest }) => manifest));
const own = new Set(ours.map(({ manifest }) => manifest.name));
const theirs = installed.filter(({ name }) => !own.has(name) && !name.startsWith('@img/sharp-'));
const dependencies = Object.fromEntries(theirs.map(({ name, version }) => [name, version]));

const cwd = mkdtempSync(join(tmpdir(), 'imageport-audit-'));
const windows = process.platform === 'win32';
const npm = (...args) =>
  spawnSync(windows ? 'npm.cmd' : 'npm', args, { cwd, stdio: 'inherit', shell: windows }).status ?? 1;
try {
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'audit', private: true, dependencies }));
  console.log(`${Object.keys(dependencies).length} packages: ${Object.keys(dependencies).sort().join(', ')}`);
  process.exitCode =
    npm('install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error') ||
    npm('audit');
} finally {
  rmSync(cwd, { recursive: true, force: true });
}
