import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type Disk, disk } from '../../src/node/disk.ts';
import { createFileLedger } from '../../src/node/file-ledger.ts';
import { createFaultyDisk } from './disk-faults.ts';
import { listOpen, sending, toIntent, useFolder, write } from './folder.ts';

const folder = useFolder();
const refused = { code: 'unavailable', reason: 'ledger_locked', billed: 'no' };

/** The disk as a process of another container sees it: the same files, and a PID namespace of its own. */
const container = (namespace: string, born: string, more: Partial<Disk> = {}): Disk => ({
  ...disk,
  ...more,
  readlink: (async (path: string) =>
    path === '/proc/self/ns/pid' ? `pid:[${namespace}]` : disk.readlink(path)) as Disk['readlink'],
  readFile: (async (path: string, encoding: 'utf8') => {
    if (path === '/proc/sys/kernel/random/boot_id') return 'one machine\n';
    if (path.startsWith('/proc/')) return `1 (node) S ${'0 '.repeat(18)}${born} 0`;
    return disk.readFile(path, encoding);
  }) as Disk['readFile'],
});

/** What a process that is gone left behind. */
const dead = (token: string, more: object = {}): string => {
  const holder = { pid: 2 ** 22 + 1, host: hostname(), boot: 'one machine', namespace: 'pid:[1]', born: '', token };
  return JSON.stringify({ ...holder, since: '', ...more });
};

function place(files: Readonly<Record<string, string>>, age = 0): string {
  const path = folder.path();
  mkdirSync(dirname(path), { recursive: true });
  for (const [end, content] of Object.entries(files)) {
    writeFileSync(`${path}${end}`, content);
    grow(`${path}${end}`, age);
  }
  return path;
}

/** Makes a file that many seconds old. */
function grow(path: string, age: number): void {
  const then = Date.now() / 1000 - age;
  utimesSync(path, then, then);
}

const filesOf = (path: string): string[] => readdirSync(dirname(path)).sort();

describe('a holder in another PID namespace, with the same host name and the same pid', () => {
  test('keeps its lock as long as it gives signs of life', async () => {
    const path = folder.path();
    const holder = folder.keep(createFileLedger(path, { io: container('1', '100') }));
    await write(holder, 'a', [sending(1)]);
    grow(`${path}.lock`, 60);
    const other = folder.keep(createFileLedger(path, { io: container('2', '200') }));
    await expect(other.begin(toIntent('a'))).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/another container.*last sign of life \d+ s ago.*taken over after 90 s/),
    });
    await write(holder, 'b', [sending(1)]);
  });

  test('is followed when it has been silent for long, and can write no more if it comes back', async () => {
    const path = folder.path();
    const holder = folder.keep(createFileLedger(path, { io: container('1', '100') }));
    await write(holder, 'a', [sending(1)]);
    grow(`${path}.lock`, 100);
    const other = folder.keep(createFileLedger(path, { io: container('2', '200') }));
    await write(other, 'b', [sending(1)]);
    const before = readFileSync(path);
    await expect(holder.begin(toIntent('c'))).rejects.toMatchObject(refused);
    expect(readFileSync(path)).toEqual(before);
    await holder.close();
    expect(existsSync(`${path}.lock`), 'the lock of the other stays').toBe(true);
    await write(other, 'd', [sending(1)]);
    expect((await listOpen(other)).map(({ intent }) => intent.id)).toEqual(['a', 'b', 'd']);
  });

  test('is followed by one that writes: it is told so, and not of the file that has changed', async () => {
    const path = folder.path();
    // The lock is the last that it hears of.
    const stat = (async (name: string, options: { bigint: true }) => {
      const found = await disk.stat(name, options);
      if (name.endsWith('.lock')) for (let turn = 0; turn < 50; turn += 1) await disk.stat(path);
      return found;
    }) as Disk['stat'];
    const holder = folder.keep(createFileLedger(path, { io: container('1', '100', { stat }) }));
    await write(holder, 'a', [sending(1)]);
    grow(`${path}.lock`, 100);
    await write(folder.keep(createFileLedger(path, { io: container('2', '200') })), 'b', [sending(1)]);
    await expect(holder.begin(toIntent('c'))).rejects.toMatchObject(refused);
  });

  test('is overtaken between its check and its write: its caller is told, and nobody’s lines are cut off', async () => {
    const path = folder.path();
    let pause = async (): Promise<void> => undefined;
    const open: Disk['open'] = async (...args) => {
      const file = await disk.open(...args);
      const { datasync } = file;
      return Object.assign(file, {
        datasync: async () => {
          await pause();
          return datasync.call(file);
        },
      });
    };
    const holder = folder.keep(createFileLedger(path, { io: container('1', '100', { open }) }));
    await write(holder, 'a', [sending(1)]);
    const other = folder.keep(createFileLedger(path, { io: container('2', '200') }));
    pause = async () => {
      pause = async () => undefined;
      grow(`${path}.lock`, 100);
      await write(other, 'b', [sending(1)]);
    };
    await expect(holder.begin(toIntent('late'))).rejects.toMatchObject(refused);
    await other.close();
    const ids = (await listOpen(folder.keep(createFileLedger(path, { onDamage: () => expect.fail('damaged') })))).map(
      ({ intent }) => intent.id,
    );
    expect(ids).toEqual(expect.arrayContaining(['a', 'b']));
  });
});

describe('a holder of the same PID namespace', () => {
  const io = container('1', '100');

  test('that is dead is followed at once', async () => {
    const path = place({ '.lock': dead('t') });
    await folder.keep(createFileLedger(path, { io })).begin(toIntent('a'));
    expect(filesOf(path)).toEqual(['ledger.jsonl', 'ledger.jsonl.lock']);
  });

  test('whose pid was given out again is not the process that died', async () => {
    const path = place({ '.lock': dead('t', { pid: process.pid, born: '99' }) });
    await folder.keep(createFileLedger(path, { io })).begin(toIntent('a'));
  });

  test('that lives keeps its lock however silent it is', async () => {
    const path = place({ '.lock': dead('t', { pid: process.pid, born: '100' }) }, 9_999);
    await expect(createFileLedger(path, { io }).begin(toIntent('a'))).rejects.toMatchObject(refused);
  });
});

describe('a lock', () => {
  test.each([
    ['of another machine', { host: 'elsewhere' }, 'on elsewhere'],
    ['from before a restart of the machine', { boot: 'another' }, 'another container or boot'],
    ['of a version that gives no signs of life', { boot: undefined, namespace: undefined }, 'in use by process'],
  ])('%s is respected until it has been silent for long', async (_, more, words) => {
    const io = container('1', '100');
    const path = place({ '.lock': dead('t', more) }, 45);
    const ledger = folder.keep(createFileLedger(path, { io }));
    await expect(ledger.begin(toIntent('a'))).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(words),
    });
    grow(`${path}.lock`, 95);
    await ledger.begin(toIntent('a'));
  });

  test('of another machine and a version that gives no signs of life needs a human', async () => {
    const path = place({ '.lock': dead('t', { host: 'elsewhere', boot: undefined }) }, 99_999);
    await expect(createFileLedger(path).begin(toIntent('a'))).rejects.toMatchObject({
      message: expect.stringContaining(`delete ${path}.lock`),
    });
  });

  test.each(['', '{"pid":1,"hos', 'null', '{"pid":1,"token":"../../elsewhere"}'])(
    'that says only %j is followed some seconds later',
    async (content) => {
      const path = place({ '.lock': content });
      const ledger = folder.keep(createFileLedger(path));
      await expect(ledger.begin(toIntent('a'))).rejects.toMatchObject(refused);
      grow(`${path}.lock`, 11);
      await ledger.begin(toIntent('a'));
      expect(filesOf(path)).toEqual(['ledger.jsonl', 'ledger.jsonl.lock']);
    },
  );

  test('whose heir died on the way is inherited in turn, and nothing is left behind', async () => {
    const path = place({ '.lock': dead('first'), '.lock.first.heir': dead('second'), '.lock.second.heir': '' }, 11);
    const ledger = folder.keep(createFileLedger(path, { io: container('1', '100') }));
    await ledger.begin(toIntent('a'));
    expect(filesOf(path)).toEqual(['ledger.jsonl', 'ledger.jsonl.lock']);
    await ledger.close();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  test.each([
    ['itself', { '.lock': dead('a'), '.lock.a.heir': dead('a') }],
    ['each other', { '.lock': dead('a'), '.lock.a.heir': dead('b'), '.lock.b.heir': dead('a') }],
  ])('whose heirs name %s ends with an error that says what to delete', async (_, files) => {
    const path = place(files);
    await expect(createFileLedger(path, { io: container('1', '100') }).begin(toIntent('a'))).rejects.toMatchObject({
      reason: 'ledger_unavailable',
      message: expect.stringContaining(`delete ${path}.lock*`),
    });
  });

  test('with a chain of heirs without an end is not followed for ever', async () => {
    const heirs = Array.from({ length: 80 }, (_, n) => [`.lock.t${n}.heir`, dead(`t${n + 1}`)]);
    const path = place({ '.lock': dead('t0'), ...Object.fromEntries(heirs) });
    await expect(createFileLedger(path, { io: container('1', '100') }).begin(toIntent('a'))).rejects.toMatchObject({
      reason: 'ledger_unavailable',
    });
  });

  test.each(['nothing', 'file'])('that is a symbolic link to %s is neither followed nor waited for', async (target) => {
    const path = place({ '.file': 'precious' });
    symlinkSync(`${path}.${target}`, `${path}.lock`);
    await expect(createFileLedger(path).begin(toIntent('a'))).rejects.toMatchObject({
      reason: 'ledger_unavailable',
      message: expect.stringContaining(`${path}.lock`),
    });
    expect(readFileSync(`${path}.file`, 'utf8')).toBe('precious');
    unlinkSync(`${path}.lock`);
  });

  test.each(['open', 'link'] as const)('that cannot be held after %s failed is given back', async (call) => {
    for (let nth = 1; nth <= 6; nth += 1) {
      const path = folder.path();
      const io = createFaultyDisk();
      io.fail(call, { code: 'EIO', nth });
      const ledger = createFileLedger(path, { io });
      const isOpen = await ledger.begin(toIntent('a')).then(
        () => true,
        () => false,
      );
      if (!isOpen && existsSync(dirname(path))) expect(filesOf(path)).not.toContain('ledger.jsonl.lock');
      await ledger.begin(toIntent('a'));
      await ledger.close();
    }
  });

  test('that is deleted stops its owner from writing', async () => {
    const path = folder.path();
    const ledger = folder.keep(createFileLedger(path));
    await ledger.begin(toIntent('a'));
    unlinkSync(`${path}.lock`);
    const before = readFileSync(path);
    await expect(ledger.begin(toIntent('b'))).rejects.toMatchObject({
      reason: 'ledger_unavailable',
      message: expect.stringContaining('lost its lock'),
    });
    expect(readFileSync(path)).toEqual(before);
  });

  test('is made and given back where the file system has no links', async () => {
    const link: Disk['link'] = async () => {
      throw Object.assign(new Error('no links here'), { code: 'EPERM' });
    };
    const path = folder.path();
    const ledger = folder.keep(createFileLedger(path, { io: { ...disk, link } }));
    await write(ledger, 'a', [sending(1)]);
    await expect(createFileLedger(path).begin(toIntent('a'))).rejects.toMatchObject(refused);
    await ledger.close();
    expect(readdirSync(join(path, '..'))).toEqual(['ledger.jsonl']);
  });

  test('is a file that only its owner may read, and so is every other side file', async () => {
    const path = place({ '': '{"crc":"torn' });
    const made: number[] = [];
    const open: Disk['open'] = async (name, how, mode) => {
      const file = await disk.open(name, how, mode);
      if (`${name}` !== dirname(path)) made.push((await file.stat()).mode & 0o077);
      return file;
    };
    await write(folder.keep(createFileLedger(path, { io: { ...disk, open } })), 'a', [sending(1)]);
    expect(made.length).toBeGreaterThan(4);
    // The file itself was there before, readable for others, and is tightened.
    expect(made.filter((mode) => mode !== 0)).toHaveLength(1);
    for (const name of filesOf(path)) expect(readFileSync(join(dirname(path), name)).length).toBeGreaterThan(0);
  });
});

test('a holder gives a sign of life every ten seconds, until it has given its lock back', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const path = folder.path();
    const ledger = folder.keep(createFileLedger(path));
    await ledger.begin(toIntent('a'));
    const content = readFileSync(`${path}.lock`);
    for (let round = 0; round < 3; round += 1) {
      grow(`${path}.lock`, 60);
      vi.advanceTimersByTime(10_000);
      await vi.waitUntil(() => Date.now() - statSync(`${path}.lock`).mtimeMs < 30_000, { timeout: 4_000 });
    }
    expect(readFileSync(`${path}.lock`)).toEqual(content);
    await ledger.close();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('a ledger under two names has one lock, and a name that leads nowhere is refused', async () => {
  const path = folder.path();
  await folder.keep(createFileLedger(path)).begin(toIntent('a'));
  symlinkSync(path, `${path}.name`);
  await expect(createFileLedger(`${path}.name`).begin(toIntent('a'))).rejects.toMatchObject(refused);
  symlinkSync(`${path}.nowhere`, `${path}.dangling`);
  await expect(createFileLedger(`${path}.dangling`).begin(toIntent('a'))).rejects.toMatchObject({
    reason: 'ledger_unavailable',
  });
  expect(existsSync(`${path}.nowhere`)).toBe(false);
  expect(existsSync(`${path}.dangling.lock`)).toBe(false);
});
