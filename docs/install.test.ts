import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const { version } = JSON.parse(read('packages/core/package.json'));
const published = version !== '0.0.0';
const pages = ['*.md', 'docs/*.md', 'examples/*.md', 'packages/*/README.md']
  .flatMap((glob) => globSync(glob, { cwd: root }))
  .filter((page) => /^(npm install|npx).*\b(@imageport\/|imageport\b)|`npm install @imageport/m.test(read(page)));

test('the pages that say how to install are found', () => {
  expect(pages.length).toBeGreaterThan(6);
});

test.each(pages)('%s says that the packages are not on npm yet, as long as that is so', (page) => {
  expect(/not on npm yet/i.test(read(page))).toBe(!published);
});
