import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../src/ledger/facts.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { disk } from '../../src/node/disk.ts';
import { createFileLedger, type FileLedger } from '../../src/node/file-ledger.ts';
import type { FileLedgerOptions } from '../../src/node/open-ledger.ts';
import { createFaultyDisk, quickDisk } from './disk-faults.ts';
import { accepted, delivered, listOpen, sending, settled, toIntent, useFolder, write } from './folder.ts';

const folder = useFolder();
const day = 24 * 60 * 60 * 1000;
const large = 20_000;
const open = (path: string, options: FileLedgerOptions = {}): FileLedger =>
  folder.keep(createFileLedger(path, { io: quickDisk, compactAbove: large, ...options }));

const paid = (id: string, at = Date.now()): readonly LedgerEvent[] => [
  { ...sending(1), send: 's', words: 'w' } as LedgerEvent,
  { ...accepted(`job of ${id}`), send: 's' } as LedgerEvent,
  settled(),
  delivered(at),
];

async function deliver(ledger: Ledger, id: string, at?: number): Promise<void> {
  const { fence = -1 } = await ledger.begin(toIntent(id), { owner: 'me', duration: 60_000 });
  for (const [length, event] of paid(id, at).entries()) await ledger.append(id, fence, event, length);
  await ledger.claim(id, 'me', 0);
}

const createdAgain = async (ledger: Ledger, id: string): Promise<boolean> => (await ledger.begin(toIntent(id))).created;

describe('a ledger that is used for long', () => {
  test('keeps its file within bounds while it runs, and forgets nothing that it must know', async () => {
    const path = folder.path();
    const ledger = open(path);
    await write(ledger, 'open', [sending(1), accepted('paid')]);
    const sizes: number[] = [];
    for (let n = 0; n < 400; n += 1) {
      await deliver(ledger, `old ${n}`, Date.now() - 9 * day);
      sizes.push(statSync(path).size);
    }
    for (let n = 0; n < 20; n += 1) await deliver(ledger, `recent ${n}`);
    const written = 400 * (await sizeOfOne());
    expect(Math.max(...sizes)).toBeLessThan(written / 2);
    const check = async (which: Ledger): Promise<void> => {
      expect((await listOpen(which)).map(({ intent }) => intent.id)).toContain('open');
      expect(await createdAgain(which, 'recent 3')).toBe(false);
      expect((await which.find({ job: { provider: 'wavespeed', id: 'job of recent 7' } }))[0]?.intent.id).toBe(
        'recent 7',
      );
      expect((await which.find({ job: { provider: 'wavespeed', id: 'job of old 7' } }))[0]?.intent.id).toBe('old 7');
      await expect(takeJob(which, 'job of old 7')).rejects.toMatchObject({ reason: 'job_taken' });
    };
    await check(ledger);
    await ledger.close();
    await check(open(path, { onDamage: () => expect.fail('damaged') }));
  });

  test('loses nothing that is written while it rewrites', async () => {
    const path = folder.path();
    let drafts = 0;
    // Every write of a draft, until it stands, waits for others to have written in the meantime.
    const io: typeof disk = {
      ...quickDisk,
      open: async (...args) => {
        const file = await quickDisk.open(...args);
        if (!`${args[0]}`.endsWith('.new')) return file;
        drafts += 1;
        const { write: put, sync } = file;
        const slowly = async (...bytes: Parameters<typeof put>): ReturnType<typeof put> => {
          for (let n = 0; n < 3; n += 1) await deliver(ledger, `meanwhile ${drafts} ${n}`);
          return put.apply(file, bytes);
        };
        const stand = async (): Promise<void> => {
          Object.assign(file, { write: put, sync });
        };
        return Object.assign(file, { write: slowly, sync: stand });
      },
    };
    const ledger = open(path, { io });
    const told = new Map<string, number>();
    const lane = async (name: string): Promise<void> => {
      for (let n = 0; n < 60; n += 1) {
        const id = `${name} ${n}`;
        await (n % 3 === 0 ? write(ledger, id, [sending(1), accepted(`job of ${id}`)]) : deliver(ledger, id));
        told.set(id, n % 3 === 0 ? 2 : 4);
      }
    };
    await Promise.all(['a', 'b', 'c'].map(lane));
    expect(drafts).toBeGreaterThan(1);
    await ledger.close();
    expect(existsSync(`${path}.new`)).toBe(false);
    const again = open(path, { onDamage: () => expect.fail('damaged') });
    for (const [id, count] of told) {
      const { created, record } = await again.begin(toIntent(id));
      expect([id, created, record.events.length]).toEqual([id, false, count]);
    }
  });

  test.each(['open', 'write', 'sync', 'rename'] as const)(
    'goes on in its old file when a rewrite fails at %s, and tries again later',
    async (call) => {
      const path = folder.path();
      const io = createFaultyDisk();
      const ledger = open(path, { io });
      await deliver(ledger, 'first');
      const ids: string[] = [];
      for (let n = 0; n < 60; n += 1) {
        if (call !== 'write') io.fail(call, { code: 'ENOSPC' });
        else if (existsSync(`${path}.new`)) io.fail(call, { code: 'ENOSPC' });
        await deliver(ledger, `a ${n}`).then(
          () => ids.push(`a ${n}`),
          () => undefined,
        );
      }
      io.heal();
      for (let n = 0; n < 120; n += 1) await deliver(ledger, `b ${n}`);
      await ledger.close();
      expect(existsSync(`${path}.new`)).toBe(false);
      const again = open(path, { onDamage: () => expect.fail('damaged') });
      for (const id of ['first', ...ids, 'b 0', 'b 119'])
        expect([id, await createdAgain(again, id)]).toEqual([id, false]);
      expect(statSync(path).size).toBeLessThan(180 * (await sizeOfOne()));
    },
  );
});

/** Bytes that one delivered intent takes before any rewrite. */
async function sizeOfOne(): Promise<number> {
  const path = folder.path();
  const ledger = open(path);
  await deliver(ledger, 'one');
  await ledger.close();
  return statSync(path).size;
}

async function takeJob(ledger: Ledger, job: string): Promise<void> {
  await ledger.begin(toIntent('thief'));
  const fence = (await ledger.claim('thief', 'thief', 60_000))?.fence ?? -1;
  await ledger.append('thief', fence, accepted(job));
}

describe('the owner of a job', () => {
  const clock = { at: 0 };
  const options: FileLedgerOptions = { compactAbove: 1, retention: day, now: () => clock.at };
  const job = { provider: 'wavespeed', id: 'job of old' };

  test('is known for seven days after its intent was forgotten, across restarts', async () => {
    const path = folder.path();
    clock.at = Date.now();
    let ledger = open(path, options);
    await deliver(ledger, 'old');
    const restart = async (days: number): Promise<void> => {
      await ledger.close();
      clock.at += days * day;
      ledger = open(path, options);
    };
    for (const days of [2, 1, 5]) {
      await restart(days);
      const [owner] = await ledger.find({ job });
      expect(owner?.intent.id).toBe('old');
      expect(owner?.events.map(({ type }) => type)).toEqual(['accepted', 'delivered']);
      await expect(takeJob(ledger, job.id)).rejects.toMatchObject({ reason: 'job_taken' });
    }
    await restart(3);
    expect(await ledger.find({ job })).toEqual([]);
    expect(readFileSync(path, 'utf8')).not.toContain(job.id);
    await takeJob(ledger, job.id);
  });

  test('stays the same when the forgotten intent is begun anew', async () => {
    const path = folder.path();
    clock.at = Date.now();
    const first = open(path, options);
    await deliver(first, 'old');
    await first.close();
    clock.at += 2 * day;
    const ledger = open(path, options);
    expect(await createdAgain(ledger, 'old')).toBe(true);
    expect((await ledger.find({ job }))[0]?.events.map(({ type }) => type)).toEqual(['accepted', 'delivered']);
    await expect(takeJob(ledger, job.id)).rejects.toMatchObject({ reason: 'job_taken' });
    const fence = (await ledger.claim('old', 'me', 60_000))?.fence ?? -1;
    await ledger.append('old', fence, accepted(job.id));
    expect((await ledger.find({ job }))[0]?.events).toHaveLength(1);
  });

  test('and a send that was declared absent are kept as long as the host lists jobs, however short the retention', async () => {
    const path = folder.path();
    clock.at = Date.now();
    const first = open(path, options);
    const at = clock.at;
    await write(first, 'absent', [
      { ...sending(1), words: 'w', send: 's' } as LedgerEvent,
      { type: 'unknown', at, candidates: [] },
      { type: 'resolved', at },
    ]);
    await first.close();
    clock.at += 6 * day;
    const second = open(path, options);
    expect((await second.find({ words: 'w' })).map(({ intent }) => intent.id)).toEqual(['absent']);
    await second.close();
    clock.at += 2 * day;
    expect(await open(path, options).find({ words: 'w' })).toEqual([]);
  });
});

test('an intent that is begun anew after it was forgotten does not get its old events back', async () => {
  const path = folder.path();
  const io = createFaultyDisk();
  const ledger = open(path, { io });
  await deliver(ledger, 'again', Date.now() - 9 * day);
  // The ledger forgets, and its file cannot: the old lines stay where they are.
  io.fail('rename', { code: 'EIO', times: 99 });
  for (let n = 0; n < 100; n += 1) await deliver(ledger, `a ${n}`);
  expect(await createdAgain(ledger, 'again')).toBe(true);
  const fence = (await ledger.claim('again', 'me', 60_000))?.fence ?? -1;
  await ledger.append('again', fence, sending(1), 0);
  await ledger.close();
  expect(readFileSync(path, 'utf8').split('"intent":{"id":"again"')).toHaveLength(3);
  const [record] = (await listOpen(open(path))).filter(({ intent }) => intent.id === 'again');
  expect(record?.events.map(({ type }) => type)).toEqual(['sending']);
});
