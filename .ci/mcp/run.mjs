// Holds `imageport mcp` against the tools that others test MCP servers with: the inspector, which looks for schemas that some clients
// cannot read, and the scenarios of the conformance suite that ask for nothing but what every server has: `npm run test:mcp`.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createEmulator } from '@imageport/emulator';
import { pnpm } from '../pnpm.mjs';

const here = import.meta.dirname;
const bin = join(here, '../../packages/cli/src/bin.ts');
const scenarios = ['server-initialize', 'ping', 'tools-list', 'resources-list', 'dns-rebinding-protection'];

/** @param {string} name @param {readonly string[]} args @param {NodeJS.ProcessEnv} env */
async function run(name, args, env) {
  const program = join(here, 'node_modules/.bin', name);
  try {
    const { stdout } = await promisify(execFile)(program, args, { env, timeout: 120_000 });
    return { passed: true, output: stdout };
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    return { passed: false, output: `${stdout}\n${stderr}` };
  }
}

/** Starts the server over HTTP. @param {NodeJS.ProcessEnv} env */
async function serve(env) {
  const child = spawn(process.execPath, [bin, 'mcp', '--http', '0'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error(`the server has ended: ${said}`)));
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const [found] = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(said) ?? [];
      if (found) resolve(found);
    });
  });
  return { child, url };
}

async function check() {
  const home = mkdtempSync(join(tmpdir(), 'imageport-mcp-tools-'));
  const emulator = createEmulator();
  await emulator.listen();
  const own = {
    ...{ HOME: home, XDG_STATE_HOME: join(home, 'state') },
    ...{ WAVESPEED_BASE_URL: emulator.wavespeed.baseUrl, WAVESPEED_API_KEY: emulator.wavespeed.apiKey },
  };
  const env = { ...process.env, ...own };
  const { child, url } = await serve(env);
  try {
    const list = ['--cli', '--method', 'tools/list', '--strict'];
    const given = Object.entries(own).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const rows = [
      [
        'inspector over stdio',
        await run('mcp-inspector', [...list, ...given, '--', process.execPath, bin, 'mcp'], env),
      ],
      ['inspector over HTTP', await run('mcp-inspector', [...list, '--transport', 'http', url], env)],
    ];
    for (const scenario of scenarios) {
      rows.push([
        `conformance ${scenario}`,
        await run('conformance', ['server', '--url', url, '--scenario', scenario], env),
      ]);
    }
    for (const [name, { passed, output }] of rows)
      console.log(`${passed ? 'passed' : 'FAILED'}  ${name}${passed ? '' : `\n${output}`}`);
    return rows.every(([, { passed }]) => passed) ? 0 : 1;
  } finally {
    child.removeAllListeners('exit');
    child.kill();
    await emulator.close();
    rmSync(home, { recursive: true, force: true });
  }
}

process.exitCode = pnpm(['--dir', '.ci/mcp', 'install', '--frozen-lockfile', '--loglevel=error']);
if (process.exitCode === 0) process.exitCode = await check();
