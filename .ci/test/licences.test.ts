import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { published } from '../bundle.mjs';
import { page, thirdParty } from '../third-party.mjs';

const root = join(import.meta.dirname, '../..');
/** Without the blanks by which the formatter aligns a table. */
const plain = (text: string): string => text.replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---');

/** May be in what users install. LGPL: libvips, a library of its own beside sharp, which only the emulator brings. */
const forUsers = /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|LGPL-3\.0-or-later)$/;
/** May be among the tools, which are not published. */
const forTools =
  /^(MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-[34]\.0|MPL-2\.0|Python-2\.0|Unlicense|LGPL-3\.0-or-later)$/;

/** An expression of licences: one of several by choice, or all of them. */
const allows = (allowed: RegExp, licence: string): boolean =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((each) => allowed.test(each)));

test('THIRD-PARTY.md lists what users install; else run `npx node .ci/third-party.mjs`', () => {
  // For Windows sharp comes in one package with libvips.
  const shown = (text: string) =>
    plain(process.platform === 'win32' ? text.replace(/^\| `@img\/sharp-.*\n/gm, '') : text);
  expect(shown(page())).toBe(shown(thirdParty()));
});

test('what users install has a licence that lets them', () => {
  const rows = [...page().matchAll(/^\| `([^`]+)`\s*\| ([^|]+?)\s*\|/gm)];
  expect(rows.length).toBeGreaterThan(8);
  expect(rows.filter(([, , licence = '']) => !allows(forUsers, licence)).map(([line]) => line)).toEqual([]);
  expect(rows.filter(([, , licence = '']) => licence.startsWith('LGPL')).map(([, name]) => name)).toEqual([
    '@img/sharp-libvips-<system>',
  ]);
});

test('every tool has a licence that lets us use it', () => {
  const manifests = globSync('node_modules/.pnpm/*/node_modules/{*,@*/*}/package.json', { cwd: root });
  const found = manifests.map((path) => JSON.parse(readFileSync(join(root, path), 'utf8')));
  expect(found.length).toBeGreaterThan(100);
  const odd = found
    .filter(({ license }) => !allows(forTools, `${license?.type ?? license}`))
    .map(({ name, license }) => `${name}: ${license}`);
  expect([...new Set(odd)]).toEqual([]);
});

test('every published package has the licence of the project', () => {
  expect(existsSync(join(root, 'LICENSE'))).toBe(true);
  for (const { manifest } of published(root)) expect(manifest).toHaveProperty('license', 'MIT');
});
