import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Disk, disk } from '../../src/node/disk.ts';
import { createFileLedger } from '../../src/node/file-ledger.ts';
import { createFaultyDisk } from './disk-faults.ts';
import { accepted, listOpen, sending, toIntent, useFolder, write } from './folder.ts';

const folder = useFolder();
const unavailable = { code: 'unavailable', reason: 'ledger_unavailable', billed: 'no', stage: 'ledger' };

describe.each(['ENOSPC', 'EIO', 'EDQUOT', 'EROFS'])('%s', (code) => {
  test.each([0, 1, 20, 1_000_000])(
    'at a write that got %i bytes down refuses it, and nothing of it is found later',
    async (bytes) => {
      const path = folder.path();
      const io = createFaultyDisk();
      const ledger = folder.keep(createFileLedger(path, { io }));
      await write(ledger, 'a', [sending(1)]);
      const before = readFileSync(path);
      io.fail('write', { code, bytes });
      await expect(write(ledger, 'a', [accepted('lost')])).rejects.toMatchObject({ ...unavailable, cause: { code } });
      expect(readFileSync(path)).toEqual(before);
      await write(ledger, 'a', [accepted('kept')]);
      await ledger.close();
      const [record] = await listOpen(folder.keep(createFileLedger(path)));
      expect(record?.events.slice(1)).toMatchObject([{ type: 'accepted', job: { id: 'kept' } }]);
    },
  );

  test.each(['datasync', 'write'] as const)('at any %s of a call leaves every earlier event in place', async (call) => {
    for (let nth = 1; nth <= 5; nth += 1) {
      const path = folder.path();
      const io = createFaultyDisk();
      const ledger = folder.keep(createFileLedger(path, { io, onDamage: () => expect.fail('damaged') }));
      io.fail(call, { code, nth, bytes: 7 });
      const done: string[] = [];
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
        await ledger.begin(toIntent(id)).then(
          () => done.push(id),
          () => undefined,
        );
      }
      await ledger.close();
      expect(done).toHaveLength(5);
      const records = await listOpen(folder.keep(createFileLedger(path)));
      expect(records.map(({ intent }) => intent.id)).toEqual(done);
    }
  });

  test('that lasts refuses everything, until the disk is well again', async () => {
    const path = folder.path();
    const io = createFaultyDisk();
    const ledger = folder.keep(createFileLedger(path, { io }));
    await write(ledger, 'a', [sending(1)]);
    io.fail('write', { code, times: 1, bytes: 30 });
    // Once after the failure, then twice at every further try.
    io.fail('truncate', { code, times: 5 });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(write(ledger, 'b', [])).rejects.toMatchObject(unavailable);
    }
    await write(ledger, 'b', [sending(1)]);
    await ledger.close();
    const records = await listOpen(folder.keep(createFileLedger(path, { onDamage: () => expect.fail('damaged') })));
    expect(records.map(({ events }) => events.length)).toEqual([1, 1]);
  });

  test.each(['open', 'mkdir', 'sync', 'link'] as const)(
    'at %s while it opens is an error, and no lock is left',
    async (call) => {
      const path = folder.path();
      const io = createFaultyDisk();
      io.fail(call, { code, times: 1 });
      const ledger = folder.keep(createFileLedger(path, { io }));
      await expect(ledger.begin(toIntent('a'))).rejects.toMatchObject(unavailable);
      expect(existsSync(`${path}.lock`)).toBe(false);
      await ledger.begin(toIntent('a'));
    },
  );
});

test('a rewrite that fails changes nothing and can be tried again', async () => {
  const path = folder.path();
  const ledger = folder.keep(createFileLedger(path));
  await write(ledger, 'a', [sending(1), accepted('job')]);
  await ledger.close();
  const torn = readFileSync(path).subarray(0, -9);
  for (const call of ['write', 'sync', 'rename'] as const) {
    for (let nth = 1; nth <= 3; nth += 1) {
      writeFileSync(path, torn);
      const io = createFaultyDisk();
      io.fail(call, { code: 'ENOSPC', nth, bytes: 3 });
      const again = folder.keep(createFileLedger(path, { io }));
      const first = await listOpen(again).catch(() => undefined);
      if (!first)
        expect([torn.length, ...(call === 'sync' ? [readFileSync(path).length] : [])]).toContain(
          readFileSync(path).length,
        );
      expect((await listOpen(again))[0]?.events).toMatchObject([{ type: 'sending' }]);
      await again.close();
    }
  }
});

test('a claim whose line could not be written is nobody’s', async () => {
  const io = createFaultyDisk();
  const ledger = folder.keep(createFileLedger(folder.path(), { io }));
  await ledger.begin(toIntent('a'));
  io.fail('datasync', { code: 'EIO' });
  await expect(ledger.claim('a', 'me', 60_000)).rejects.toMatchObject(unavailable);
  expect(await ledger.claim('a', 'you', 60_000)).not.toBe(null);
});

test('of many that begin an intent at once, another creates it when the first one fails', async () => {
  const io = createFaultyDisk();
  const ledger = folder.keep(createFileLedger(folder.path(), { io }));
  await ledger.begin(toIntent('other'));
  io.fail('write', { code: 'ENOSPC', bytes: 12 });
  const begun = await Promise.allSettled(Array.from({ length: 10 }, () => ledger.begin(toIntent('a'))));
  const created = begun.flatMap((each) => (each.status === 'fulfilled' ? [each.value.created] : []));
  expect(created.filter((each) => each)).toHaveLength(1);
  expect(created).toHaveLength(9);
});

test('an event that comes twice at once is not said to be written when the first write failed', async () => {
  const path = folder.path();
  const io = createFaultyDisk();
  const ledger = folder.keep(createFileLedger(path, { io }));
  const { fence = -1 } = await ledger.begin(toIntent('a'), { owner: 'me', duration: 60_000 });
  io.fail('write', { code: 'ENOSPC', bytes: 12 });
  const event = sending(1);
  const outcomes = await Promise.allSettled([1, 2].map(() => ledger.append('a', fence, event, 0)));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  await ledger.close();
  expect((await listOpen(folder.keep(createFileLedger(path))))[0]?.events).toEqual([event]);
});

test('a job is taken only by an intent whose claim to it was written', async () => {
  const io = createFaultyDisk();
  const ledger = folder.keep(createFileLedger(folder.path(), { io }));
  const fences = await Promise.all(
    ['a', 'b'].map(async (id) => (await ledger.begin(toIntent(id), { owner: 'me', duration: 60_000 })).fence ?? -1),
  );
  io.fail('write', { code: 'ENOSPC', bytes: 12 });
  const work = ['a', 'b'].map((id, n) => ledger.append(id, fences[n] ?? -1, accepted('job'), 0));
  expect((await Promise.allSettled(work)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  const [owner] = await ledger.find({ job: { provider: 'wavespeed', id: 'job' } });
  expect(owner?.intent.id).toBe('b');
});

test('a place that cannot be a folder is an error that names it', async () => {
  const file = folder.path();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'not a folder');
  const ledger = createFileLedger(`${file}/ledger.jsonl`);
  await expect(ledger.begin(toIntent('a'))).rejects.toMatchObject({
    ...unavailable,
    message: expect.stringContaining(`${file}/ledger.jsonl`),
  });
});

test('a folder that may not be written is an error with a way out', async () => {
  for (const code of ['EACCES', 'EROFS']) {
    const io = createFaultyDisk();
    io.fail('open', { code, times: 9 });
    const ledger = createFileLedger(folder.path(), { io });
    await expect(ledger.begin(toIntent('a'))).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('Make its folder writable'),
    });
  }
});

test('1,000 appends at once share a few syncs', async () => {
  const io = createFaultyDisk();
  const ledger = folder.keep(createFileLedger(folder.path(), { io }));
  await ledger.begin(toIntent('a'));
  const { fence } = (await ledger.claim('a', 'me', 60_000)) ?? { fence: -1 };
  const before = io.counts.datasync ?? 0;
  await Promise.all(Array.from({ length: 1_000 }, (_, n) => ledger.append('a', fence, sending(n))));
  expect((io.counts.datasync ?? 0) - before).toBeLessThan(20);
});

describe('a ledger file under a running process', () => {
  const aside = 'somewhere else';
  const changes: [string, string, (path: string) => void][] = [
    ['that is deleted', 'deleted or replaced', (path) => unlinkSync(path)],
    ['that is moved away', 'deleted or replaced', (path) => renameSync(path, `${path}.${aside}`)],
    [
      'that is replaced by a copy',
      'deleted or replaced',
      (path) => {
        copyFileSync(path, `${path}.${aside}`);
        renameSync(`${path}.${aside}`, path);
      },
    ],
    ['that another program writes to', 'changed by another program', (path) => appendFileSync(path, '{}\n')],
    ['that another program empties', 'changed by another program', (path) => truncateSync(path)],
  ];

  test.each(changes)('%s makes the next write fail, and every other one', async (_, words, change) => {
    const path = folder.path();
    const ledger = folder.keep(createFileLedger(path));
    const { fence = -1 } = await ledger.begin(toIntent('a'), { owner: 'me', duration: 60_000 });
    change(path);
    for (const work of [
      () => ledger.append('a', fence, sending(1), 0),
      () => ledger.begin(toIntent('b')),
      () => ledger.claim('a', 'me', 0).then(() => ledger.claim('a', 'you', 60_000)),
    ]) {
      await expect(work()).rejects.toMatchObject({ ...unavailable, message: expect.stringContaining(words) });
    }
    expect((await ledger.begin(toIntent('a'))).record.events).toEqual([]);
  });

  test('that is deleted during a write fails that write', async () => {
    const path = folder.path();
    let change = (): void => undefined;
    const open: Disk['open'] = async (...args) => {
      const file = await disk.open(...args);
      const { datasync } = file;
      const meanwhile = async (): Promise<void> => {
        change();
        await datasync.call(file);
      };
      return Object.assign(file, { datasync: meanwhile });
    };
    const ledger = folder.keep(createFileLedger(path, { io: { ...disk, open } }));
    await ledger.begin(toIntent('a'));
    change = () => {
      change = () => undefined;
      unlinkSync(path);
    };
    await expect(ledger.begin(toIntent('b'))).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('deleted or replaced'),
    });
  });

  test('that was moved away and is put back is written again', async () => {
    const path = folder.path();
    const ledger = folder.keep(createFileLedger(path));
    await ledger.begin(toIntent('a'));
    renameSync(path, `${path}.${aside}`);
    await expect(ledger.begin(toIntent('b'))).rejects.toMatchObject(unavailable);
    renameSync(`${path}.${aside}`, path);
    await ledger.begin(toIntent('b'));
    await ledger.close();
    expect(await listOpen(folder.keep(createFileLedger(path)))).toHaveLength(2);
  });
});

test.each(['folder', 'pipe'])('a %s is no ledger, and is not waited for', async (kind) => {
  const path = folder.path();
  mkdirSync(kind === 'folder' ? path : dirname(path), { recursive: true });
  if (kind === 'pipe') execFileSync('mkfifo', [path]);
  await expect(createFileLedger(path).begin(toIntent('a'))).rejects.toMatchObject(unavailable);
});
