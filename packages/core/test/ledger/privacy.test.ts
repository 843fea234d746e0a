import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Disk, disk } from '../../src/node/disk.ts';
import { createFileLedger } from '../../src/node/file-ledger.ts';
import { readLedgerFile } from '../../src/node/read-ledger-file.ts';
import { listOpen, sending, toIntent, useFolder, write } from './folder.ts';

const folder = useFolder();
const modeOf = (path: string): number => statSync(path).mode & 0o777;

async function sample(): Promise<string> {
  const path = folder.path();
  const ledger = createFileLedger(path);
  await write(ledger, 'a', [sending(1)]);
  await ledger.close();
  return path;
}

/** The disk as it is for a user who may not change the permissions of these files. */
const disowned = (uid: (own: number) => number, ...names: string[]): Disk => ({
  ...disk,
  open: async (...args) => {
    const file = await disk.open(...args);
    if (!names.some((name) => `${args[0]}`.endsWith(name))) return file;
    const { uid: own } = await file.stat();
    const stat = file.stat.bind(file) as (...options: unknown[]) => Promise<object>;
    return Object.assign(file, {
      chmod: async () => {
        throw Object.assign(new Error('not yours'), { code: 'EPERM' });
      },
      stat: (async (...options: unknown[]) => Object.assign(await stat(...options), { uid: uid(own) })) as never,
    });
  },
});
const another = (own: number): number => own + 1;

describe('a ledger that others may read', () => {
  test.each([0o644, 0o666, 0o640, 0o604])('with the mode %o is tightened', async (mode) => {
    const path = await sample();
    chmodSync(path, mode);
    await listOpen(folder.keep(createFileLedger(path)));
    expect(modeOf(path)).toBe(0o600);
  });

  test('is tightened by a look at it, too', async () => {
    const path = await sample();
    chmodSync(path, 0o644);
    expect((await readLedgerFile(path)).records).toHaveLength(1);
    expect(modeOf(path)).toBe(0o600);
  });

  test('and is somebody else’s is refused, and nothing is written into it', async () => {
    const path = await sample();
    chmodSync(path, 0o644);
    const before = readFileSync(path);
    const ledger = createFileLedger(path, { io: disowned(another, 'ledger.jsonl') });
    await expect(ledger.begin(toIntent('b'))).rejects.toMatchObject({
      reason: 'ledger_unavailable',
      billed: 'no',
      message: expect.stringMatching(/belongs to another user.*chmod 600/),
    });
    expect(readFileSync(path)).toEqual(before);
  });

  test('and is our own, on a disk without permissions, is used', async () => {
    const path = await sample();
    chmodSync(path, 0o644);
    const ledger = folder.keep(createFileLedger(path, { io: disowned((own) => own, 'ledger.jsonl') }));
    await write(ledger, 'b', [sending(1)]);
  });
});

test('the folders that are made for a ledger are for its owner alone, and those that are there stay as they are', async () => {
  const path = folder.path();
  mkdirSync(dirname(path), { recursive: true });
  chmodSync(dirname(path), 0o755);
  const inner = join(dirname(path), 'state', 'ledgers');
  await write(folder.keep(createFileLedger(join(inner, 'ledger.jsonl'))), 'a', [sending(1)]);
  expect([inner, dirname(inner), dirname(path)].map(modeOf)).toEqual([0o700, 0o700, 0o755]);
});

describe('a file that is no ledger', () => {
  const notes = ['# my notes\n', '{\n  "name": "a"\n}\n', ''];

  /** Beside it, a symbolic link and a hard link to it. */
  function place(text: string): string[] {
    const path = folder.path();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o644);
    symlinkSync(path, `${path}.soft`);
    linkSync(path, `${path}.hard`);
    return [path, `${path}.soft`, `${path}.hard`];
  }

  test.each(notes)('keeps its content and its permissions when somebody looks at it, by any name: %j', async (text) => {
    const names = place(text);
    for (const name of names) {
      const looked = readLedgerFile(name);
      if (text === '' && !name.endsWith('.soft')) expect((await looked).records).toEqual([]);
      else await expect(looked).rejects.toBeDefined();
    }
    expect(modeOf(`${names[0]}`)).toBe(0o644);
    expect(readFileSync(`${names[0]}`, 'utf8')).toBe(text);
  });

  test.each(notes.slice(0, 2))('is refused as one, and keeps both as well: %j', async (text) => {
    const names = place(text);
    for (const name of names) {
      await expect(createFileLedger(name).begin(toIntent('a'))).rejects.toMatchObject({
        reason: 'ledger_unavailable',
        message: expect.stringContaining('is not a ledger'),
      });
    }
    expect(modeOf(`${names[0]}`)).toBe(0o644);
    expect(readFileSync(`${names[0]}`, 'utf8')).toBe(text);
  });

  test('becomes one, and private, with the first line in an empty one', async () => {
    const [path = ''] = place('');
    await write(folder.keep(createFileLedger(path)), 'a', [sending(1)]);
    expect(modeOf(path)).toBe(0o600);
  });
});

describe('the file for damaged records', () => {
  async function damaged(): Promise<string> {
    const path = await sample();
    truncateSync(path, statSync(path).size - 5);
    return path;
  }

  test('that lies there as somebody else’s, open for all, gets nothing', async () => {
    const path = await damaged();
    writeFileSync(`${path}.damaged`, '');
    chmodSync(`${path}.damaged`, 0o666);
    const ledger = createFileLedger(path, { io: disowned(another, '.damaged') });
    await expect(listOpen(ledger)).rejects.toMatchObject({ reason: 'ledger_unavailable' });
    expect(readFileSync(`${path}.damaged`, 'utf8')).toBe('');
  });

  test.each(['.damaged', '.new'])('a symbolic link at %s is not followed', async (end) => {
    const path = await damaged();
    writeFileSync(`${path}.precious`, 'precious');
    symlinkSync(`${path}.precious`, `${path}${end}`);
    const ended = listOpen(folder.keep(createFileLedger(path)));
    // A draft of before makes way; what was put aside before does not.
    if (end === '.new') await ended;
    else await expect(ended).rejects.toMatchObject({ reason: 'ledger_unavailable' });
    expect(readFileSync(`${path}.precious`, 'utf8')).toBe('precious');
  });

  test.each(['.damaged', '.new'])('a hard link at %s does not lead to the file behind it', async (end) => {
    const path = await damaged();
    writeFileSync(`${path}.precious`, 'precious');
    chmodSync(`${path}.precious`, 0o644);
    linkSync(`${path}.precious`, `${path}${end}`);
    const before = readFileSync(path);
    const ended = listOpen(folder.keep(createFileLedger(path)));
    if (end === '.new') await ended;
    else {
      await expect(ended).rejects.toMatchObject({
        reason: 'ledger_unavailable',
        message: expect.stringContaining('ledger.jsonl.damaged has a second name (hard link). Remove'),
      });
      expect(readFileSync(path)).toEqual(before);
    }
    expect(readFileSync(`${path}.precious`, 'utf8')).toBe('precious');
    expect(modeOf(`${path}.precious`)).toBe(0o644);
  });
});

describe('a ledger file without bounds', () => {
  const tooLarge = { reason: 'ledger_unavailable', message: expect.stringContaining('was not read') };

  test('is refused by its size, unread', async () => {
    const path = folder.path();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    truncateSync(path, 2 ** 40);
    await expect(readLedgerFile(path)).rejects.toMatchObject(tooLarge);
    await expect(createFileLedger(path).begin(toIntent('a'))).rejects.toMatchObject(tooLarge);
  });

  test('is refused by what is read of it, if it is longer than it says', async () => {
    const path = await sample();
    const open: Disk['open'] = async (...args) => {
      const file = await disk.open(...args);
      const endless = async (buffer: Buffer) => ({ bytesRead: buffer.fill('x').length, buffer });
      return `${args[0]}` === path ? Object.assign(file, { read: endless as never }) : file;
    };
    const ledger = createFileLedger(path, { io: { ...disk, open }, maxBytes: 8 << 20 });
    await expect(ledger.begin(toIntent('b'))).rejects.toMatchObject(tooLarge);
  });

  test('is read when its owner raises the bound', async () => {
    const path = await sample();
    const { size } = statSync(path);
    await expect(createFileLedger(path, { maxBytes: size - 1 }).begin(toIntent('b'))).rejects.toMatchObject(tooLarge);
    expect(await listOpen(folder.keep(createFileLedger(path, { maxBytes: size })))).toHaveLength(1);
  });
});
