import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { extensionsOf } from '../src/save.ts';
import { describePicture } from '../src/words.ts';
import { listen, run, scratch } from './harness.ts';

describe('a picture of a model that draws vectors', () => {
  const args = ['--model', 'recraft-ai/recraft-20b-svg', '--provider', 'wavespeed'];

  test('is saved as an SVG under the words of the prompt', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const { exitCode, stdout, stderr } = await run(['generate', 'a pier', ...args], { cwd, env });
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/1024x1024 svg, /)]);
    expect(stdout).toMatch(/^imageport-a-pier-\w{8}\.svg\n$/);
    expect(await readFile(join(cwd, stdout.trim()), 'utf8')).toMatch(/^<svg .*<\/svg>\s*$/s);
  });

  test('that a batch saved is found again and not paid twice', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    await writeFile(join(cwd, 'rows.csv'), 'prompt\na pier\n');
    for (const word of ['saved', 'there']) {
      const { exitCode, stdout } = await run(['batch', 'rows.csv', '--out', 'out', ...args], { cwd, env });
      expect([exitCode, stdout]).toEqual([
        0,
        expect.stringMatching(new RegExp(`^2  ${word}  out/a-pier-\\w{10}\\.svg`)),
      ]);
      expect([await readdir(join(cwd, 'out')), emulator.charges()]).toEqual([
        [expect.any(String)],
        [expect.anything()],
      ]);
    }
  });
});

test.each([
  ['image/png', '.png', 'png'],
  ['image/jpeg', '.jpg', 'jpeg'],
  ['image/svg+xml', '.svg', 'svg'],
  ['image/tiff', '.tif', 'tiff'],
  ['image/bmp', '.bmp', 'bmp'],
])('a file of the type %s ends with %s and is called %s', (mediaType, extension, word) => {
  expect([extensionsOf(mediaType)[0], describePicture({ mediaType })]).toEqual([extension, word]);
});

test.each(['svg', 'tiff', 'bmp'])(
  'a file of the type %s is refused as a reference picture before anything is sent',
  async (type) => {
    const heads: Record<string, string> = {
      svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
      tiff: 'II*\0\b\0\0\0',
      bmp: 'BM',
    };
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    await writeFile(join(cwd, `a.${type}`), heads[type] ?? '');
    const { exitCode, stderr } = await run(['generate', 'a pier', '-i', `a.${type}`], { cwd, env });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('PNG, JPEG, WebP, GIF and AVIF are')]);
    expect(emulator.charges()).toEqual([]);
  },
);
