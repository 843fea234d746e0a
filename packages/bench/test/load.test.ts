import { expect, test } from 'vitest';
import { foreignTicks } from '../src/performance/load.ts';

const files: Readonly<Record<string, string>> = {
  stat: 'cpu  1000 20 300 50000 70 5 6 40 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n',
  'self/stat': '7 (node) (x) R 1 7 7 0 -1 0 0 0 0 0 100 10 200 20 20 0 1 0 5 0 0\n',
  '8/stat': '8 (node) S 7 7 7 0 -1 0 0 0 0 0 30 3 0 0 20 0 1 0 5 0 0\n',
};

const read = (path: string): string => {
  const content = files[path];
  if (content === undefined) throw new Error(`no ${path}`);
  return content;
};

test('the load of others is what all processors did, less this process, its living children and those that ended', () => {
  expect(foreignTicks(read, [8])).toBe(1000 + 20 + 300 + 5 + 6 + 40 - 330 - 33);
});

test('a child that has ended since is counted with its parent', () => {
  expect(foreignTicks(read, [9])).toBe(1371 - 330);
});

test('a system without these files says nothing', () => {
  expect(
    foreignTicks(() => {
      throw new Error('no /proc');
    }, []),
  ).toBeUndefined();
});
