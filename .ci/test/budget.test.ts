import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { published } from '../bundle.mjs';
import { closure } from '../closure.mjs';
import { pnpm } from '../pnpm.mjs';

// What was last accepted, and 5 % more. The size of the bundles is watched by packages/bench/test/performance.test.ts.
const room = 1.05;
const accepted: Record<string, { readonly files: number; readonly packed: number }> = {
  '@imageport/core': { files: 277, packed: 247_300 },
  '@imageport/wavespeed': { files: 49, packed: 46_000 },
  '@imageport/apiframe': { files: 27, packed: 21_200 },
  '@imageport/emulator': { files: 90, packed: 68_500 },
  '@imageport/gateway': { files: 34, packed: 25_800 },
  '@imageport/mcp': { files: 38, packed: 26_200 },
  '@imageport/ai-sdk': { files: 17, packed: 9_200 },
  '@imageport/tanstack-ai': { files: 7, packed: 4_640 },
  imageport: { files: 130, packed: 95_300 },
};
/** Bytes of everything that an install brings; where they come from is in docs/decisions/0026. */
const installs: Record<string, number> = {
  '@imageport/wavespeed': 3_310_000,
  imageport: 4_534_000,
};

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'imageport-budget-'));
const homes = new Map(published(root).map((each) => [each.manifest.name, each.folder]));

beforeAll(() => {
  expect(pnpm(['-r', '--reporter=silent', 'pack', '--pack-destination', folder])).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** The files of a package's tarball with their bytes. */
function listing(name: string): { readonly path: string; readonly files: number; readonly bytes: number } {
  const start = name.replace('@', '').replace('/', '-');
  const path = join(folder, readdirSync(folder).find((each) => new RegExp(`^${start}-\\d`).test(each)) ?? 'missing');
  const files = execFileSync('tar', ['-tzf', path]).toString().trim().split('\n').length;
  return { path, files, bytes: execFileSync('tar', ['-xzOf', path], { maxBuffer: 1e8 }).length };
}

/** A package and all that it needs, with the bytes of each: ours as they are packed, the others as they are installed. */
const weigh = (name: string): Map<string, number> =>
  new Map(
    [...closure(homes.get(name) ?? '')].map(([each, { folder: home }]) => [
      each,
      homes.has(each) ? listing(each).bytes : bytesIn(home),
    ]),
  );

const bytesIn = (home: string): number =>
  readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .map((entry) => join(home, entry.name))
    .reduce((sum, path) => sum + (statSync(path).isDirectory() ? bytesIn(path) : statSync(path).size), 0);

const sum = (found: Map<string, number>): number => [...found.values()].reduce((total, bytes) => total + bytes, 0);

test('every published package has a budget', () => {
  expect([...homes.keys()].sort()).toEqual(Object.keys(accepted).sort());
});

test.each(Object.entries(accepted))('the tarball of %s stays within its budget', (name, { files, packed }) => {
  const found = listing(name);
  expect(found.files).toBeLessThanOrEqual(files * room);
  expect(statSync(found.path).size).toBeLessThanOrEqual(packed * room);
});

describe.each(Object.entries(installs))('an install of %s', (name, bytes) => {
  test('stays within its budget', () => {
    const found = weigh(name);
    expect(sum(found), JSON.stringify([...found])).toBeLessThanOrEqual(bytes * room);
    expect(found.size).toBeGreaterThan(4);
  });

  test('brings no image library and nothing that runs at install time', () => {
    const found = [...closure(homes.get(name) ?? '').values()].map(({ manifest }) => manifest);
    expect(found.filter((each) => /sharp|@img|emulator/.test(each.name))).toEqual([]);
    const running = found.filter(({ scripts = {} }) => scripts.preinstall ?? scripts.install ?? scripts.postinstall);
    expect(running.map((each) => each.name)).toEqual([]);
  });
});
