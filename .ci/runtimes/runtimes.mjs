// Which runtimes there are, and how each runs the checks.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findMiniflare, inMiniflare, versionOfMiniflare } from './worker-recipe.mjs';

const modules = createRequire(new URL('package.json', import.meta.url));
const workspace = new URL('../../node_modules/', import.meta.url);
/** No runtime may take longer. */
const patience = 120_000;

/** The program of a package that has one package for each system, wherever the lockfile put it. */
function programOf(name, ...paths) {
  const manifest = modules.resolve(`${name}/package.json`);
  const { optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
  const beside = Object.keys(optionalDependencies).flatMap((each) =>
    paths.map((path) => join(manifest, '../..', each.startsWith('@') ? '.' : '', each, path)),
  );
  return beside.find((path) => existsSync(path));
}

const node = (name) => {
  const path = new URL(`${name}/bin/node${process.platform === 'win32' ? '.exe' : ''}`, workspace);
  return existsSync(path) ? fileURLToPath(path) : undefined;
};

/** The Chromium or Chrome of the machine: none is downloaded. */
const browser = () =>
  [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:/Program Files/Google/Chrome/Application/chrome.exe',
  ].find((path) => path && existsSync(path));

const run = async (program, args, cwd) => {
  const { stdout } = await promisify(execFile)(program, args, { cwd, timeout: patience, killSignal: 'SIGKILL' });
  return JSON.parse(stdout.trim().split('\n').at(-1));
};
const version = async (program) =>
  /\d[\w.-]*/.exec((await promisify(execFile)(program, ['--version'], { timeout: patience })).stdout)?.[0];

/** workerd runs a worker's `test` and prints what it prints; it has no program of its own. */
async function inWorkerd(program, { folder }) {
  await writeFile(
    join(folder, 'workerd.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")], compatibilityDate = "2026-01-01");
`,
  );
  return run(program, ['test', 'workerd.capnp'], folder);
}

/** A page at an address of its own, so that Web Crypto is there; nothing of it leaves the machine. */
async function inChromium(program, { page: script }) {
  const { chromium } = modules('playwright-core');
  const launched = await chromium.launch({
    executablePath: program,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    timeout: patience,
  });
  try {
    const page = await launched.newPage();
    page.setDefaultTimeout(patience);
    await page.route('**/*', (route) =>
      new URL(route.request().url()).pathname === '/'
        ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>imageport</title>' })
        : route.abort(),
    );
    await page.goto('https://localhost/');
    return JSON.parse(await page.evaluate(script));
  } finally {
    await launched.close();
  }
}

const asProgram =
  (...args) =>
  (program, { folder }) =>
    run(program, [...args, 'program.mjs'], folder);

/** Each with where it is found, and what is missing if it is not. */
export const runtimes = [
  { name: 'Node 24', find: () => node('node'), run: asProgram(), missing: 'the dev dependency `node`' },
  { name: 'Node 22', find: () => node('node-22'), run: asProgram(), missing: 'the dev dependency `node-22`' },
  {
    name: 'Bun',
    find: () => programOf('bun', 'bin/bun', 'bin/bun.exe'),
    run: asProgram('run'),
    missing: 'a package of `bun` for this system',
  },
  {
    name: 'Deno',
    find: () => programOf('deno', 'deno', 'deno.exe'),
    run: asProgram('run', '--quiet', '--allow-env', '--allow-sys', '--deny-net'),
    missing: 'a package of `deno` for this system',
  },
  {
    name: 'workerd',
    find: () => programOf('workerd', 'bin/workerd', 'bin/workerd.exe'),
    run: inWorkerd,
    missing: 'a package of `workerd` for this system',
  },
  {
    name: 'Miniflare',
    find: findMiniflare,
    version: versionOfMiniflare,
    run: inMiniflare,
    missing: 'the package `miniflare`',
  },
  { name: 'Chromium', find: browser, run: inChromium, missing: 'Chromium or Chrome (or CHROMIUM, its path)' },
].map((each) => ({ version, ...each }));
