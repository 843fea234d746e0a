import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const text = readFileSync(new URL('threats.md', import.meta.url), 'utf8');
const rows = text.split('## What does not hold')[0]?.match(/^\| (?!who +\| could|-).*/gm) ?? [];

test('the page is one page, and says what does not hold', () => {
  expect(text.split('\n').length).toBeLessThanOrEqual(60);
  expect(rows.length).toBeGreaterThan(15);
  expect(text).toContain('## What does not hold');
});

test.each(rows)('names a test that exists: %s', (row) => {
  const named = [...row.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)];
  expect(named.length).toBeGreaterThan(0);
  for (const [, title = '', path = ''] of named)
    expect(readFileSync(new URL(path, import.meta.url), 'utf8')).toContain(title);
});
