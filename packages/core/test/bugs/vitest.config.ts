import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { bugs } from './bugs.ts';

const root = join(import.meta.dirname, '../../../..');
const none = { id: 'none', file: 'none', find: '', replace: '' };
const bug = [none, ...bugs].find(({ id }) => id === process.env.IMAGEPORT_BUG);
if (!bug) throw new Error(`there is no bug "${process.env.IMAGEPORT_BUG}"`);
if (bug !== none && !readFileSync(join(root, bug.file), 'utf8').includes(bug.find))
  throw new Error(`"${bug.id}" does not fit ${bug.file} any more`);

// The quick suite with one bug planted while the sources are loaded; the files themselves stay as they are.
export default defineConfig({
  root,
  plugins: [
    {
      name: 'plant',
      enforce: 'pre',
      transform: (source, id) =>
        id.split('?')[0] === join(root, bug.file) ? source.replaceAll(bug.find, bug.replace) : null,
    },
  ],
  test: {
    include: ['packages/core/test/**/*.test.ts', 'packages/wavespeed/test/webhook*.test.ts'],
    exclude: [
      '**/node_modules/**',
      '**/tarballs.test.ts',
      '**/workspace.test.ts',
      '**/crash.test.ts',
      '**/memory.test.ts',
      '**/deadline.test.ts',
      '**/processes.test.ts',
    ],
    // A cached module would be the one with the bug before.
    fsModuleCache: false,
    bail: 1,
    reporters: ['json'],
    outputFile: process.env.IMAGEPORT_BUG_REPORT ?? 'report.json',
  },
});
