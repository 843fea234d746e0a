import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createMemoryBookStore } from '../../src/book/index.ts';
import { createFileBookStore, type FileBookStore } from '../../src/node/index.ts';
import { testBook } from '../../src/testing/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'imageport-book-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('in memory', () => {
  for (const { name, run } of testBook(async () => createMemoryBookStore())) test(name, run);
});

describe('in a file', () => {
  const paths = new Map<object, string>();
  const open = (path: string): FileBookStore => {
    const store = createFileBookStore(path);
    paths.set(store, path);
    return store;
  };
  afterAll(async () => {
    for (const store of paths.keys()) await (store as FileBookStore).close();
  });
  const reopen = async (store: object): Promise<FileBookStore> => {
    await (store as FileBookStore).close();
    return open(paths.get(store) ?? '');
  };
  for (const { name, run } of testBook(async (store) => open(join(folder, store)), { reopen })) test(name, run);

  test('only its owner may read it, and one process has it', async () => {
    const path = join(folder, 'private.jsonl');
    const store = createFileBookStore(path);
    await store.write('a', 1, undefined);
    expect(statSync(path).mode & 0o077).toBe(0);
    await expect(createFileBookStore(path).read('a')).rejects.toMatchObject({ reason: 'ledger_locked' });
    await store.close();
    await expect(store.read('a')).rejects.toMatchObject({ reason: 'ledger_unavailable' });
  });

  test('drops a last line that a crash cut off', async () => {
    const path = join(folder, 'cut.jsonl');
    const store = createFileBookStore(path);
    await store.write('a', 1, undefined);
    await store.close();
    appendFileSync(path, '{"book":1,"key":"a","ver');
    const again = createFileBookStore(path);
    expect((await again.read('a'))?.value).toBe(1);
    await again.write('a', 2, (await again.read('a'))?.version);
    await again.close();
    const third = createFileBookStore(path);
    expect((await third.read('a'))?.value).toBe(2);
    await third.close();
  });

  test('leaves a file alone that is something else', async () => {
    const path = join(folder, 'letter.txt');
    writeFileSync(path, 'Dear Ada,\n');
    await expect(createFileBookStore(path).read('a')).rejects.toMatchObject({
      reason: 'ledger_unavailable',
      message: expect.stringContaining('line 1 cannot be read'),
    });
    expect(readFileSync(path, 'utf8')).toBe('Dear Ada,\n');
  });

  test('stays small, however often a value is written', async () => {
    const path = join(folder, 'often.jsonl');
    const store = createFileBookStore(path);
    const value = 'x'.repeat(100_000);
    for (let version = 0; version < 40; version += 1) {
      expect(await store.write('a', `${value}${version}`, version || undefined)).toBe(true);
    }
    expect(statSync(path).size).toBeLessThan(2_000_000);
    await store.close();
    const again = createFileBookStore(path);
    expect((await again.read('a'))?.value).toBe(`${value}39`);
    await again.close();
  });
});
