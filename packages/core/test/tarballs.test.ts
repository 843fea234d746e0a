import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { published } from '../../../.ci/bundle.mjs';
import { pnpm } from '../../../.ci/pnpm.mjs';

// What is published is the tarball that pnpm packs, not the folder: its package.json is another one.
const packages = ['imageport-core', 'imageport-wavespeed', 'imageport-apiframe', 'imageport-emulator', 'imageport'];
const folder = mkdtempSync(join(tmpdir(), 'imageport-pack-'));

beforeAll(() => {
  expect(pnpm(['-r', '--reporter=silent', 'pack', '--pack-destination', folder])).toBe(0);
}, 60_000);
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
  30_000,
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
  60_000,
);

test('what is packed runs when it is installed', () => {
  const modules = join(folder, 'installed/node_modules');
  const packed = published(join(import.meta.dirname, '../../..'));
  for (const { folder: from, manifest } of packed) {
    const home = join(modules, manifest.name);
    mkdirSync(home, { recursive: true });
    const path = pathOf(manifest.name.replace('@', '').replace('/', '-'));
    execFileSync('tar', ['-xzf', path, '--strip-components=1', '-C', home]);
    for (const each of readdirSync(join(from, 'node_modules'))) {
      if (!each.startsWith('.') && each !== '@imageport' && !existsSync(join(modules, each)))
        symlinkSync(join(from, 'node_modules', each), join(modules, each));
    }
  }
  const entries = packed.flatMap(({ manifest: { name, exports } }) =>
    Object.keys(exports).flatMap((entry) => (entry.endsWith('.json') ? [] : [name + entry.slice(1)])),
  );
  const program = entries.map((entry) => `console.log(Object.keys(await import('${entry}')).length)`).join('\n');
  const node = (...args: string[]): string =>
    execFileSync(process.execPath, args, { cwd: join(modules, '..'), encoding: 'utf8' });
  const counts = node('--input-type=module', '--eval', program).trim().split('\n').map(Number);
  expect(counts).toHaveLength(entries.length);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(node(join(modules, 'imageport/dist/bin.js'), '--version')).toMatch(/^\d+\.\d+\.\d+/);
}, 30_000);
