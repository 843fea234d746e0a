import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { LedgerEvent, LedgerRecord } from '../../src/ledger/facts.ts';
import { foldRecord } from '../../src/ledger/reduce.ts';
import { phaseOf } from '../../src/ledger/state.ts';
import { createFileLedger } from '../../src/node/file-ledger.ts';
import { type LedgerLine, parseLine, toLine } from '../../src/node/ledger-line.ts';
import { pack, unpack } from '../../src/node/packed.ts';
import { readLedgerFile } from '../../src/node/read-ledger-file.ts';
import { accepted, listOpen, sending, toIntent, useFolder, write } from './folder.ts';

const folder = useFolder();
const fixture = join(import.meta.dirname, 'fixtures', 'format-1.jsonl');
const picture = `data:image/png;base64,${'iVBORw0KGgo'.repeat(500)}`;

/** A ledger as the first version left it. */
function oldFile(): string {
  const path = folder.path();
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(fixture, path);
  return path;
}

const linesOf = (path: string): LedgerLine[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => parseLine(Buffer.from(line)) ?? []);

describe('a file of the first version', () => {
  test('is read whole', async () => {
    const ledger = folder.keep(createFileLedger(oldFile(), { onDamage: () => expect.fail('damaged') }));
    const open = await listOpen(ledger);
    expect(Object.fromEntries(open.map((record) => [record.intent.id, phaseOf(foldRecord(record))]))).toEqual({
      ...{ new: 'new', sending: 'sending', keyed: 'sending', accepted: 'accepted', rejected: 'new', parked: 'unknown' },
      ...{ settled: 'settled', 'left behind': 'delivered' },
    });
    const byId = new Map(open.map((record) => [record.intent.id, record]));
    expect(byId.get('accepted')?.intent.request.images).toEqual([picture]);
    expect(byId.get('sending')?.events[0]).toMatchObject({ request: { body: { images: [picture] } } });
    expect(byId.get('keyed')?.events[0]).toMatchObject({ key: 'a key', seed: 7, target: { overrides: { seed: 7 } } });
    expect(byId.get('parked')?.events[1]).toMatchObject({ candidates: [{ id: 'maybe' }] });
    for (const [id, phase] of [
      ['delivered', 'delivered'],
      ['closed', 'closed'],
      ['resolved', 'delivered'],
    ] as const) {
      const { created, record } = await ledger.begin(toIntent(id));
      expect([id, created, phaseOf(foldRecord(record))]).toEqual([id, false, phase]);
    }
  });

  test('knows whose its jobs are', async () => {
    const ledger = folder.keep(createFileLedger(oldFile()));
    for (const [id, owner] of [
      ['job-delivered', 'delivered'],
      ['job-second', 'left behind'],
    ] as const) {
      expect((await ledger.find({ job: { provider: 'wavespeed', id } })).map(({ intent }) => intent.id)).toEqual([
        owner,
      ]);
    }
    const fence = (await ledger.claim('parked', 'me', 60_000))?.fence ?? -1;
    await expect(ledger.append('parked', fence, accepted('job-delivered'))).rejects.toMatchObject({
      reason: 'job_taken',
    });
    await ledger.append('parked', fence, accepted('maybe'), 2);
  });

  test('stays as it is until something is written, and then says that it goes on in format 2', async () => {
    const path = oldFile();
    const before = readFileSync(path);
    const ledger = folder.keep(createFileLedger(path));
    await listOpen(ledger);
    expect(readFileSync(path)).toEqual(before);
    await write(ledger, 'rejected', [sending(2)]);
    await ledger.close();
    const after = readFileSync(path);
    expect(after.subarray(0, before.length)).toEqual(before);
    expect(linesOf(path).filter((line) => 'format' in line)).toMatchObject([{ format: 2 }]);
    const again = folder.keep(createFileLedger(path));
    expect((await again.begin(toIntent('rejected'))).record.events).toHaveLength(3);
    await write(again, 'new', [sending(1)]);
    await again.close();
    expect(linesOf(path).filter((line) => 'format' in line)).toHaveLength(1);
  });

  test('is in format 2 as a whole after a rewrite', async () => {
    const path = oldFile();
    const before = await listOpen(folder.keep(createFileLedger(oldFile())));
    const ledger = folder.keep(createFileLedger(path, { compactAbove: 1_000, retention: Number.POSITIVE_INFINITY }));
    expect(await listOpen(ledger)).toEqual(before);
    await ledger.claim('new', 'me', 0);
    await ledger.claim('new', 'me', 1);
    await ledger.close();
    expect(linesOf(path).flatMap((line, index) => ('format' in line ? [[index, line.format]] : []))).toEqual([[0, 2]]);
    const again = folder.keep(createFileLedger(path));
    expect(await listOpen(again)).toEqual(before);
    expect((await again.begin(toIntent('delivered'))).created).toBe(false);
    expect(readFileSync(path, 'utf8').split(picture)).toHaveLength(2);
  });
});

test('the first line of a new file names its format', async () => {
  const path = folder.path();
  await write(folder.keep(createFileLedger(path)), 'a', [sending(1)]);
  expect(linesOf(path)[0]).toMatchObject({ format: 2 });
});

describe.each<[string, object, string]>([
  ['of a newer format', { seq: 1, format: 3 }, 'format 3'],
  ['with an event of a newer version', { seq: 90, id: 'new', event: { type: 'refunded', at: 1 } }, '"refunded"'],
  [
    'with an event that is named like a member of every object',
    { seq: 90, id: 'new', event: { type: 'toString' } },
    '"toString"',
  ],
  ['with a line of a newer version', { seq: 90, budget: 7 }, '"budget"'],
])('a file %s', (_, line, words) => {
  test('is refused by name, and left as it is', async () => {
    const path = oldFile();
    const damaged = readFileSync(path, 'utf8').replace('lighthouse', 'lighthouze');
    writeFileSync(path, `${damaged}${toLine(line as LedgerLine)}`);
    const before = readFileSync(path);
    const ledger = folder.keep(createFileLedger(path, { compactAbove: 10 }));
    for (const work of [ledger.begin(toIntent('a')), listOpen(ledger), ledger.find({ words: 'w' })]) {
      const error: unknown = await work.catch((refused: unknown) => refused);
      expect(error).toMatchObject({ code: 'unavailable', reason: 'ledger_unavailable', billed: 'no', stage: 'ledger' });
      for (const part of [path, words]) expect((error as Error).message).toContain(part);
    }
    expect(readFileSync(path)).toEqual(before);
    for (const end of ['lock', 'damaged', 'new']) expect(existsSync(`${path}.${end}`)).toBe(false);
  });
});

describe('a delivered intent that a rewrite packed', () => {
  const record: LedgerRecord = {
    intent: { ...toIntent('packed', 'é雪🗻'), createdAt: 1 },
    events: [
      { ...sending(1), send: 's', words: 'w' } as LedgerEvent,
      { ...accepted('job'), send: 's', proof: 'answer' } as LedgerEvent,
      { type: 'delivered', at: 5 },
    ],
  };

  test('is read back as it was', () => {
    expect(unpack('path', pack(record, 2))).toEqual(record);
    expect(pack(record, 2)).toMatchObject({
      closed: 'packed',
      at: 5,
      jobs: [['wavespeed', 'seedream-4', 'job']],
      words: ['w'],
    });
  });

  test('is read by every later version: these bytes were written once', async () => {
    const path = oldFile();
    writeFileSync(path, readFileSync(join(import.meta.dirname, 'fixtures', 'format-2.jsonl')));
    const ledger = folder.keep(createFileLedger(path, { onDamage: () => expect.fail('damaged') }));
    const { created, record: found } = await ledger.begin(toIntent('delivered'));
    expect([created, found.intent.request.prompt, found.events.length]).toEqual([false, 'a lighthouse é雪🗻', 4]);
    expect((await ledger.find({ words: 'w' })).map(({ intent }) => intent.id)).toEqual(['delivered']);
    expect((await ledger.find({ job: { provider: 'wavespeed', id: 'job-forgotten' } }))[0]?.intent.id).toBe(
      'forgotten',
    );
    const [open] = await listOpen(ledger);
    expect([open?.intent.id, open?.intent.request.images]).toEqual(['open', [picture]]);
  });

  const newer = deflateRawSync(JSON.stringify({ ...record, events: [{ type: 'refunded', at: 1 }] })).toString('base64');
  test.each([
    ['with an event of a newer version', newer, '"refunded"'],
    ['that is no packed record', 'AAAA', 'cannot be unpacked'],
  ])('%s is refused by whoever asks for it', async (_, packed, words) => {
    const path = oldFile();
    writeFileSync(path, toLine({ seq: 1, format: 2 }) + toLine({ ...pack(record, 2), packed }));
    const ledger = folder.keep(createFileLedger(path));
    const refused = { reason: 'ledger_unavailable', message: expect.stringMatching(`${path}.*${words}`) };
    await expect(ledger.begin(toIntent('packed'))).rejects.toMatchObject(refused);
    await expect(ledger.find({ words: 'w' })).rejects.toMatchObject(refused);
  });
});

describe('a file that is read without its lock', () => {
  test('is shown as it is at the moment, by whoever has it', async () => {
    const path = folder.path();
    const ledger = folder.keep(createFileLedger(path));
    await write(ledger, 'a', [sending(1)]);
    await write(ledger, 'b', [sending(1), accepted('job'), { type: 'delivered', at: Date.now() }]);
    const { records, whole } = await readLedgerFile(path);
    expect([records.map(({ intent, events }) => [intent.id, events.length]), whole]).toEqual([
      [
        ['a', 1],
        ['b', 3],
      ],
      true,
    ]);
    await write(ledger, 'a', [sending(2)]);
    expect((await readLedgerFile(path)).records[0]?.events).toHaveLength(2);
    const [owner] = (await readLedgerFile(path)).find({ job: { provider: 'wavespeed', id: 'job' } });
    expect(owner?.intent.id).toBe('b');
  });

  test('may be of any format, torn, or not there', async () => {
    expect((await readLedgerFile(fixture)).records).toHaveLength(11);
    expect(await readLedgerFile(folder.path())).toMatchObject({ records: [], whole: true });
    const path = oldFile();
    const before = readFileSync(path).subarray(0, -9);
    writeFileSync(path, before);
    expect((await readLedgerFile(path)).whole).toBe(false);
    expect(readFileSync(path)).toEqual(before);
  });
});
