import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { generate } from '../../catalogue/generate.ts';
import { readRecorded } from '../../catalogue/recorded.ts';
import { wavespeedAdapter } from '../../src/adapter.ts';

const path = (name: string): string => new URL(`../../src/${name}`, import.meta.url).pathname;

describe('the tables of the catalogue', () => {
  test.each(Object.entries(generate(readRecorded())))(
    '%s is what the generator makes; else run `node packages/wavespeed/catalogue/generate.ts`',
    (name, text) => expect(readFileSync(path(name), 'utf8')).toBe(text),
  );

  test('are loaded when an id outside the Seedream line is used, and hold no model twice', async () => {
    const more = (await wavespeedAdapter.catalogue?.load()) ?? [];
    const natives = [...wavespeedAdapter.families, ...more].flatMap(({ models }) => models.map(({ native }) => native));
    expect(new Set(natives).size).toBe(natives.length);
    for (const { id } of readRecorded().models) expect(natives).toContain(id);
  });

  test('take at most 12 KiB to send', async () => {
    const bundled = await build({
      ...{ entryPoints: [path('catalogue/index.ts')], bundle: true, write: false },
      ...{ format: 'esm', packages: 'external' },
    });
    const [chunk] = bundled.outputFiles ?? [];
    const size = gzipSync(chunk?.contents ?? '').length;
    expect(size).toBeGreaterThan(1024);
    expect(size).toBeLessThanOrEqual(12 * 1024);
  });
});
