import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pnpm } from '../../../.ci/pnpm.mjs';

// What is published is the tarball that pnpm packs, not the folder: its package.json is another one.
const packages = ['imageport-core', 'imageport-wavespeed', 'imageport-apiframe', 'imageport-emulator', 'imageport'];
const folder = mkdtempSync(join(tmpdir(), 'imageport-pack-'));

beforeAll(() => {
  expect(pnpm(['-r', '--reporter=silent', 'pack', '--pack-destination', folder])).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** The tarball of a package as it would be published. */
function tarball(name: string): Uint8Array<ArrayBuffer> {
  const file = readdirSync(folder).find((each) => new RegExp(`^${name}-\\d`).test(each));
  return new Uint8Array(readFileSync(join(folder, file ?? 'missing')));
}

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
