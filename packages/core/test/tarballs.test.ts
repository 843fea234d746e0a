import { execFile, execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { createEmulator } from '@imageport/emulator';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { published } from '../../../.ci/bundle.mjs';
import { pnpm } from '../../../.ci/pnpm.mjs';
import { errorTraits } from '../src/index.ts';

// What is published is the tarball that pnpm packs, not the folder: its package.json is another one.
const packages = [
  ...['imageport-core', 'imageport-wavespeed', 'imageport-apiframe', 'imageport-emulator', 'imageport'],
  ...['imageport-ai-sdk', 'imageport-tanstack-ai'],
];
const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'imageport-pack-'));
const manifests = published(root);
/** Where they are installed. */
const modules = join(folder, 'installed/node_modules');
const bin = join(modules, 'imageport/dist/bin.js');

beforeAll(() => {
  expect(pnpm(['-r', '--reporter=silent', 'pack', '--pack-destination', folder])).toBe(0);
  install();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Where the tarball of a package is, as it would be published. */
function pathOf(name: string): string {
  const file = readdirSync(folder).find((each) => new RegExp(`^${name}-\\d`).test(each));
  return join(folder, file ?? 'missing');
}
const tarball = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(pathOf(name)));

test.each(packages)(
  '%s passes publint, strictly',
  async (name) => {
    const result = await publint({ strict: true, pack: { tarball: tarball(name).buffer } });
    expect(result.messages.map((message) => formatMessage(message, result.pkg))).toEqual([]);
  },
  120_000,
);

test.each(packages)(
  '%s has types that resolve for every ESM consumer',
  async (name) => {
    const packed = createPackageFromTarballData(tarball(name));
    const result = await checkPackage(packed);
    const problems = 'problems' in result ? result.problems : [];
    // The profile "esm-only": consumers that load CommonJS are told so by the runtime.
    const ofEsm = problems.filter(
      (problem) => !('resolutionKind' in problem) || !['node10', 'node16-cjs'].includes(problem.resolutionKind),
    );
    expect(ofEsm.filter(({ kind }) => kind !== 'CJSResolvesToESM')).toEqual([]);
    const files = packed.listFiles();
    expect(files.some((path) => path.endsWith('/dist/index.js'))).toBe(true);
    expect(files.filter((path) => /\/(src|test)\//.test(path))).toEqual([]);
  },
  120_000,
);

/** Unpacks every tarball, beside links to what it depends on. */
function install(): void {
  for (const { folder: from, manifest } of manifests) {
    const home = join(modules, manifest.name);
    mkdirSync(home, { recursive: true });
    const path = pathOf(manifest.name.replace('@', '').replace('/', '-'));
    execFileSync('tar', ['-xzf', path, '--strip-components=1', '-C', home]);
    for (const each of dependenciesIn(join(from, 'node_modules'))) {
      if (existsSync(join(modules, each))) continue;
      mkdirSync(join(modules, each, '..'), { recursive: true });
      symlinkSync(join(from, 'node_modules', each), join(modules, each));
    }
  }
}

/** The names of what is installed there, ours aside. */
const dependenciesIn = (home: string): string[] =>
  readdirSync(home)
    .filter((each) => !each.startsWith('.') && each !== '@imageport')
    .flatMap((each) =>
      each.startsWith('@') ? readdirSync(join(home, each)).map((name) => `${each}/${name}`) : [each],
    );

/** Runs a program in a folder where the packages are installed. */
async function run(runtime: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const options = { cwd: join(modules, '..'), env: { PATH: process.env.PATH, ...env } };
  return promisify(execFile)(runtime, args, options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const node20 = join(root, 'node_modules/node-20/bin/node');

test.each([
  ['the Node of this run', process.execPath],
  ['Node 20, which is refused only when it calls', node20],
])(
  'what is packed can be imported when it is installed, by %s',
  async (_, runtime) => {
    const entries = manifests.flatMap(({ manifest: { name, exports } }) =>
      Object.keys(exports).flatMap((entry) => (entry.endsWith('.json') ? [] : [name + entry.slice(1)])),
    );
    const program = entries
      .map((entry) => `console.log(String(Object.keys(await import('${entry}')).length))`)
      .join('\n');
    const { stdout, stderr } = await run(runtime, ['--input-type=module', '--eval', program]);
    expect(stderr).toBe('');
    const counts = stdout.trim().split('\n').map(Number);
    expect(counts).toHaveLength(entries.length);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  },
  120_000,
);

test('the command line runs when it is installed', async () => {
  expect((await run(process.execPath, [bin, '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/);
}, 120_000);

test('an error that nobody caught is printed under its own name', async () => {
  const program =
    "import { ImageError } from '@imageport/core'; throw new ImageError({ code: 'timeout', message: 'too late', billed: 'no', stage: 'poll' });";
  const { code, stderr } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^ImageError: too late$/m);
}, 120_000);

describe('the command line without the emulator and its image library', () => {
  const slim = join(folder, 'slim/node_modules');
  beforeAll(() => {
    for (const { manifest } of manifests.filter(({ manifest }) => manifest.name !== '@imageport/emulator'))
      cpSync(join(modules, manifest.name), join(slim, manifest.name), { recursive: true });
    for (const name of readdirSync(modules).filter((each) => !/^(@imageport|imageport|sharp)$/.test(each)))
      symlinkSync(join(modules, name), join(slim, name));
  });
  const slimBin = join(slim, 'imageport/dist/bin.js');

  test('with a key it asks the host', async () => {
    const emulator = createEmulator({ generationTime: { fixed: 20 } });
    await emulator.listen();
    const { baseUrl, apiKey } = emulator.wavespeed;
    const out = join(folder, 'slim/picture.jpg');
    const env = { WAVESPEED_BASE_URL: baseUrl, WAVESPEED_API_KEY: apiKey, IMAGEPORT_LEDGER: `${folder}/slim/ledger/` };
    const { code, stderr } = await run(process.execPath, [slimBin, 'generate', 'a fox', '--out', out], env);
    await emulator.close();
    expect(code, stderr).toBe(0);
    expect(readFileSync(out).length).toBeGreaterThan(1_000);
  }, 120_000);

  test.each([
    ['generate', 'a fox'],
    ['emulate', '--port=0'],
  ])(
    '%s says what to install, and what to do instead',
    async (...args) => {
      const { code, stderr } = await run(process.execPath, [slimBin, ...args], {
        IMAGEPORT_LEDGER: `${folder}/slim/l/`,
      });
      expect(code).toBe(errorTraits.invalid_request.exit);
      expect(stderr).toContain('npm install @imageport/emulator. Nothing was sent');
      if (args[0] === 'generate')
        expect(stderr).toContain('No API key found: set WAVESPEED_API_KEY or APIFRAME_API_KEY.');
    },
    120_000,
  );
});

describe('on Node 20', () => {
  const emulator = createEmulator({ generationTime: { fixed: 20 } });
  beforeAll(() => emulator.listen());
  afterAll(() => emulator.close());

  test('every call that would send is refused, and nothing is sent', async () => {
    const program = join(modules, '../old-node-child.mjs');
    copyFileSync(join(import.meta.dirname, 'old-node-child.mjs'), program);
    const { wavespeed, apiframe } = emulator;
    const { code, stdout, stderr } = await run(node20, [program, JSON.stringify({ wavespeed, apiframe })]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { version, endings } = JSON.parse(stdout);
    expect(version).toMatch(/^20\./);
    expect(endings).toHaveLength(14);
    for (const { call, error } of endings) {
      const kind = { name: 'ImageError', code: 'unsupported', reason: 'old_runtime', billed: 'no', stage: 'prepare' };
      expect(error, call).toMatchObject(kind);
      expect(error.message).toMatch(
        /needs Node 22 or later and this is Node 20\.\d+\.\d+, so nothing was sent: install/,
      );
    }
    expect(emulator.requests()).toEqual([]);
  }, 120_000);

  test('the command line says so in plain words, and nothing is sent', async () => {
    const env = {
      WAVESPEED_BASE_URL: emulator.wavespeed.baseUrl,
      WAVESPEED_API_KEY: emulator.wavespeed.apiKey,
    };
    const { code, stdout, stderr } = await run(node20, [bin, 'generate', 'a fox'], env);
    expect({ code, stdout }).toEqual({ code: errorTraits.unsupported.exit, stdout: '' });
    expect(stderr).toMatch(/^error: imageport needs Node 22 or later and this is Node 20\.[^\n]+nodejs\.org\n$/);
    const json = await run(node20, [bin, 'generate', 'a fox', '--json'], env);
    expect(JSON.parse(json.stdout).error).toMatchObject({ code: 'unsupported', billed: 'no' });
    expect(emulator.requests()).toEqual([]);
  }, 120_000);
});
