import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const pages = ['*.md', 'docs/**/*.md', 'examples/*.md', 'packages/*/*.md'].flatMap((glob) =>
  globSync(glob, { cwd: root }),
);

test.each(pages)('every link of %s leads somewhere', (page) => {
  const file = new URL(page, root);
  const targets = [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(
    ([, target = '']) => target,
  );
  expect(targets.filter((target) => !existsSync(new URL(target, file)))).toEqual([]);
});
