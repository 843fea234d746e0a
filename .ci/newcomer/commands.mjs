// Runs what a newcomer types, on the Node of that newcomer, and ends whatever takes too long.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export const root = join(import.meta.dirname, '../..');
const windows = process.platform === 'win32';
/** No command may take longer. */
const patience = 180_000;

/** The environment of a newcomer with this Node: no keys, no ledgers and no npm script around it. @param {string} major */
export function environmentOf(major, home) {
  const bin = join(root, 'node_modules', major === '24' ? 'node' : `node-${major}`, 'bin');
  if (!existsSync(join(bin, windows ? 'node.exe' : 'node'))) throw new Error(`Node ${major} is not installed: ${bin}`);
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(WAVESPEED|APIFRAME|IMAGEPORT|NODE_COMPILE_CACHE|npm_(config_local|package|lifecycle|command|execpath))/.test(
        name,
      ),
  );
  const state = join(home, 'state');
  return { ...Object.fromEntries(inherited), PATH: [bin, process.env.PATH].join(delimiter), XDG_STATE_HOME: state };
}

/** How a command ended, and what it printed. */
export async function run(command, args, { cwd, env }) {
  const [program, ...rest] = windows && command !== 'node' ? [`${command}.cmd`, ...args] : [command, ...args];
  const options = { cwd, env, timeout: patience, killSignal: 'SIGKILL', maxBuffer: 1e7, shell: windows };
  return promisify(execFile)(program, rest, options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, message, stdout = '', stderr = message }) => ({ code, stdout, stderr }),
  );
}

/** Runs a command that must succeed. */
export async function must(command, args, place) {
  const { code, stdout, stderr } = await run(command, args, place);
  if (code !== 0) throw new Error(`\`${command} ${args.join(' ')}\` ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

/** `npx imageport emulate`, and the environment that it prints. It ends with `end()`, or with this process. */
export async function emulate(place) {
  const program = join(place.cwd, 'node_modules/imageport/dist/bin.js');
  const child = spawn('node', [program, 'emulate'], { ...place, stdio: ['ignore', 'pipe', 'pipe'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const said = await new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', ''];
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`\`imageport emulate\` ended with ${code}:\n${stderr}`)));
    child.stdout.on('data', (text) => {
      stdout += text;
      if ((stdout.match(/^export .*\n/gm) ?? []).length === 4) resolve(stdout);
    });
  });
  const lines = [...said.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  const closed = new Promise((resolve) => child.once('close', resolve));
  const end = () => {
    child.kill('SIGTERM');
    return closed;
  };
  return { env: Object.fromEntries(lines), end };
}
