import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFileLedger } from '../../src/node/file-ledger.ts';
import type { LedgerDamage } from '../../src/node/open-ledger.ts';
import { quickDisk } from './disk-faults.ts';
import { accepted, delivered, listOpen, sending, settled, toIntent, useFolder, write } from './folder.ts';

const folder = useFolder();
const open = (path: string, onDamage: (damage: LedgerDamage) => void = () => undefined) =>
  folder.keep(createFileLedger(path, { onDamage, io: quickDisk }));

/** A ledger of three intents, the last of which has one event. */
async function sample(): Promise<Buffer> {
  const path = folder.path();
  const ledger = open(path);
  await write(ledger, 'a', [sending(1), accepted('job-a')]);
  await write(ledger, 'b', [sending(1), accepted('job-b'), settled(), delivered()]);
  await write(ledger, 'c', [sending(1)]);
  await ledger.close();
  return readFileSync(path);
}

function place(bytes: Buffer): string {
  const path = folder.path();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

const slow = { timeout: 300_000 };
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n');

test('touches nothing before the first use, and then keeps it from other users', async () => {
  const path = folder.path();
  const ledger = open(path);
  expect(existsSync(dirname(path))).toBe(false);
  await ledger.begin(toIntent('a'));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a ledger that was closed refuses', async () => {
  const ledger = open(folder.path());
  await ledger.begin(toIntent('a'));
  await ledger.close();
  await expect(ledger.begin(toIntent('b'))).rejects.toMatchObject({ reason: 'ledger_unavailable', billed: 'no' });
});

describe('a last record that a crash cut off', () => {
  test(
    'is dropped at every byte; what was before it stands, and the next goes on a line of its own',
    slow,
    async () => {
      const bytes = await sample();
      const start = bytes.lastIndexOf(10, bytes.length - 2) + 1;
      for (let length = start; length < bytes.length; length += 1) {
        const path = place(bytes.subarray(0, length));
        const damage: LedgerDamage[] = [];
        const ledger = open(path, (each) => damage.push(each));
        const before = await listOpen(ledger);
        // Without its line end alone, a record is still whole.
        const counts = before.map(({ events }) => events.length);
        expect(counts, `cut at ${length}`).toEqual([2, length === bytes.length - 1 ? 1 : 0]);
        await write(ledger, 'c', [sending(2)]);
        await ledger.close();
        const again = open(path);
        expect((await listOpen(again))[1]?.events.at(-1)).toMatchObject({ type: 'sending', attempt: 2 });
        await again.close();
        expect(damage, 'a torn record is not damage').toEqual([]);
        expect(linesOf(path).slice(0, -1).every(isJson)).toBe(true);
      }
    },
  );

  test('is kept aside, for it may name a job', async () => {
    const bytes = await sample();
    const path = place(bytes.subarray(0, -5));
    await listOpen(open(path));
    expect(readFileSync(`${path}.damaged`, 'utf8')).toContain('"type":"sending"');
    expect(statSync(`${path}.damaged`).mode & 0o777).toBe(0o600);
  });
});

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

describe('a bit that flipped', () => {
  test('never stops the ledger, never invents anything, and costs at most the record it is in', slow, async () => {
    const bytes = await sample();
    const truth = await listOpen(open(place(bytes)));
    const known = new Set(truth.flatMap(({ events }) => events.map((event) => JSON.stringify(event))));
    const place1 = fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(place1, { minLength: 1, maxLength: 3 }), async (flips) => {
        const spoilt = Buffer.from(bytes);
        for (const { at, bit } of flips) spoilt.writeUInt8(spoilt.readUInt8(at) ^ (1 << bit), at);
        const ledger = open(place(spoilt));
        const records = await listOpen(ledger);
        await ledger.close();
        const events = records.filter(({ intent }) => intent.id !== 'b').flatMap((record) => record.events);
        for (const event of events) expect(known).toContain(JSON.stringify(event));
        // A flipped line end touches two records, and each of them can still be read.
        expect(events.length).toBeGreaterThanOrEqual(known.size - flips.length);
      }),
      { numRuns: 200 },
    );
  });

  test('in the middle is reported once, kept aside, and leaves everything behind it readable', async () => {
    const bytes = await sample();
    const spoilt = Buffer.from(bytes);
    spoilt.writeUInt8(spoilt.readUInt8(200) ^ 1, 200);
    const path = place(spoilt);
    const reports: LedgerDamage[] = [];
    const ledger = open(path, (report) => reports.push(report));
    expect((await listOpen(ledger)).map(({ intent }) => intent.id)).toContain('c');
    await ledger.close();
    await listOpen(open(path, (report) => reports.push(report)));
    expect(reports).toEqual([{ path, savedAs: `${path}.damaged`, pieces: 1, bytes: expect.any(Number) }]);
    expect(readFileSync(`${path}.damaged`).length).toBe((reports[0]?.bytes ?? 0) + 1);
  });

  test('in the line of an intent does not hide its paid job', async () => {
    const lines = (await sample()).toString().split('\n');
    const path = place(Buffer.from(lines.filter((line) => !line.includes('"intent":{"id":"a"')).join('\n')));
    const [record] = (await listOpen(open(path))).filter(({ intent }) => intent.id === 'a');
    expect(record?.events.at(-1)).toMatchObject({ type: 'accepted', job: { id: 'job-a' } });
    expect(record?.intent.route).toEqual([{ provider: 'wavespeed', modelId: 'seedream-4' }]);
  });
});

test('a claim whose line is damaged lets no fence come twice', async () => {
  const path = folder.path();
  const ledger = open(path);
  await ledger.begin(toIntent('a'));
  const old = (await ledger.claim('a', 'me', 60_000))?.fence ?? Number.NaN;
  await ledger.close();
  writeFileSync(path, readFileSync(path, 'utf8').replace('"claim":"a"', '"claim":"b"'));
  const again = open(path);
  expect((await again.claim('a', 'you', 60_000))?.fence).toBeGreaterThan(old);
});

test('a file that is no ledger is left as it is', async () => {
  const path = folder.path();
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(import.meta.filename, path);
  await expect(open(path).begin(toIntent('a'))).rejects.toMatchObject({
    message: expect.stringContaining('not a ledger'),
  });
  expect(readFileSync(path)).toEqual(readFileSync(import.meta.filename));
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test.each([0, 1, 5, 8, 100])('a ledger that was cut to %i bytes, or to zeros, is begun anew', async (length) => {
  const bytes = await sample();
  for (const start of [bytes.subarray(0, length), Buffer.alloc(length)]) {
    const ledger = open(place(start));
    await write(ledger, 'z', [sending(1)]);
    expect(await listOpen(ledger)).toHaveLength(1);
  }
});

describe('shrinking', () => {
  const day = 24 * 60 * 60 * 1000;
  const picture = `data:image/png;base64,${'A'.repeat(50_000)}`;

  async function fill(path: string): Promise<void> {
    const ledger = open(path);
    const withPicture = (id: string, image = picture) => ({
      ...toIntent(id),
      request: { ...toIntent(id).request, images: [image] },
    });
    await ledger.begin(withPicture('open'));
    await write(ledger, 'open', [sending(1), accepted('job-open')]);
    await ledger.begin(withPicture('recent', picture.replaceAll('A', 'B')));
    await write(ledger, 'recent', [sending(1), accepted('job-recent'), settled(), delivered(Date.now() - 7 * day)]);
    await write(ledger, 'old', [sending(1), accepted('job-old'), settled(), delivered(Date.now() - 9 * day)]);
    await write(ledger, 'closed', [delivered(Date.now() - 9 * day)]);
    await ledger.close();
  }

  test('keeps open intents whole, and of recent ones what finds their job', async () => {
    const path = folder.path();
    await fill(path);
    const before = statSync(path).size;
    const ledger = folder.keep(createFileLedger(path, { compactAbove: 10 }));
    const [kept] = await listOpen(ledger);
    expect(kept).toMatchObject({ intent: { id: 'open', request: { images: [picture] } } });
    const recent = await ledger.begin(toIntent('recent'));
    expect(recent.created).toBe(false);
    expect(recent.record.events.map(({ type }) => type)).toEqual(['sending', 'accepted', 'settled', 'delivered']);
    expect(recent.record.intent.request.images[0]?.length).toBeLessThan(100);
    expect((await ledger.begin(toIntent('old'))).created).toBe(true);
    expect((await ledger.begin(toIntent('closed'))).created).toBe(true);
    await ledger.close();
    expect(statSync(path).size).toBeLessThan(before * 0.6);
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  test('does not happen below its threshold', async () => {
    const path = folder.path();
    await fill(path);
    const before = readFileSync(path);
    await listOpen(open(path));
    expect(readFileSync(path)).toEqual(before);
  });

  test('never lets a fence go back', async () => {
    const path = folder.path();
    await fill(path);
    let last = 0;
    for (let restart = 0; restart < 5; restart += 1) {
      const ledger = folder.keep(createFileLedger(path, { compactAbove: 10 }));
      const claim = await ledger.claim('open', `owner ${restart}`, 1_000);
      expect(claim?.fence).toBeGreaterThan(last);
      last = claim?.fence ?? 0;
      await ledger.close();
    }
  });
});
