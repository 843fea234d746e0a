import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFileLedger } from '../../src/node/index.ts';
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
