import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { generateImage, ImageError, type LedgerEvent } from '../../src/index.ts';
import { createFileLedger, type FileLedger } from '../../src/node/index.ts';
import { listOpen, toIntent, useFolder, write } from '../ledger/folder.ts';
import { createWorld } from '../world.ts';
import { ended, open } from './kit.ts';

const folder = useFolder();

/** What was thrown; fails when nothing was. */
const thrownBy = (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );

const read = async (ledger: FileLedger): Promise<unknown> => listOpen(ledger);

describe('D11: a ledger file that is taken away from a running process', () => {
  const ways: Readonly<Record<string, (path: string) => void>> = {
    deleted: (path) => rmSync(path),
    'deleted with its folder': (path) => rmSync(dirname(path), { recursive: true }),
    renamed: (path) => renameSync(path, `${path}.old`),
    'replaced by another file': (path) => {
      writeFileSync(`${path}.other`, '');
      renameSync(`${path}.other`, path);
    },
  };

  test.each(Object.entries(ways))(
    '%s: nothing is written any more as if it were kept, and nothing is sent',
    async (_, take) => {
      const world = createWorld({ generationTime: { fixed: 0 } });
      const path = folder.path();
      const ledger = folder.keep(createFileLedger(path));
      await write(ledger, 'before', []);
      take(path);
      const model = open(world, 'wavespeed')('seedream-4');
      const { error } = await ended(generateImage({ model, prompt: 'a pier', ledger, interval: 20, timeout: 10_000 }));
      expect(error).toMatchObject({ code: 'unavailable', reason: 'ledger_unavailable', billed: 'no' });
      expect(error?.message).toContain(path);
      expect(world.submits()).toBe(0);
    },
  );
});

/** A line as a ledger file holds it. */
const toLine = (members: object): string => {
  const rest = JSON.stringify(members).slice(1);
  return `{"crc":"${crc32(rest).toString(16).padStart(8, '0')}",${rest}\n`;
};

const linesOf = (path: string): { [name: string]: unknown }[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('D11: a ledger file of a newer version', () => {
  test('with an event that is not known is refused by an error that names the file and the event', async () => {
    const path = folder.path();
    const ledger = createFileLedger(path);
    await write(ledger, 'one', []);
    await ledger.close();
    const seq = Math.max(...linesOf(path).map((line) => Number(line.seq))) + 1;
    const before = readFileSync(path, 'utf8') + toLine({ seq, id: 'one', event: { type: 'archived', at: 1 } });
    writeFileSync(path, before);
    const error = await thrownBy(() => read(folder.keep(createFileLedger(path))));
    expect(ImageError.is(error)).toBe(true);
    expect(error).toMatchObject({ billed: 'no' });
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).toContain('archived');
    expect(readFileSync(path, 'utf8'), 'what is not understood is not touched').toBe(before);
  });

  test('says its version, and a higher one is refused by an error that names the file and the version', async () => {
    const path = folder.path();
    const ledger = createFileLedger(path);
    await write(ledger, 'one', []);
    await ledger.close();
    const isVersion = ([name, value]: [string, unknown]): boolean =>
      /version|format/i.test(name) && typeof value === 'number';
    const lines = linesOf(path);
    const versions = lines.flatMap((line) => Object.entries(line).filter(isVersion));
    expect(versions.length, 'a line tells the version of the format').toBeGreaterThan(0);
    const [[name, value]] = versions as [[string, number]];
    const later = lines.map(({ crc: _, ...line }) => toLine(name in line ? { ...line, [name]: value + 98 } : line));
    writeFileSync(path, later.join(''));
    const error = await thrownBy(() => read(folder.keep(createFileLedger(path))));
    expect(ImageError.is(error)).toBe(true);
    expect(error).toMatchObject({ billed: 'no' });
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).toContain(`${value + 98}`);
    expect(readFileSync(path, 'utf8')).toBe(later.join(''));
  });

  test("an unknown event of the caller's own ledger is an error with a name, and no TypeError", async () => {
    const path = folder.path();
    const ledger = folder.keep(createFileLedger(path));
    const error = await thrownBy(async () => {
      await write(ledger, 'one', [{ type: 'archived', at: 1 } as unknown as LedgerEvent]);
      await read(ledger);
    });
    expect(ImageError.is(error)).toBe(true);
  });

  test('that today’s version wrote is read', async () => {
    const path = folder.path();
    mkdirSync(dirname(path), { recursive: true });
    const intent = toIntent('one');
    const target = { provider: 'wavespeed', modelId: 'seedream-4' };
    const job = { ...target, id: 'j'.repeat(32) };
    const request = { method: 'POST', path: '/api/v3/bytedance/seedream-v4', body: { prompt: 'a pier' } };
    const lines = [
      { seq: 1, intent },
      { seq: 2, claim: 'one' },
      { seq: 3, id: 'one', event: { type: 'sending', at: 1, attempt: 1, target, request } },
      { seq: 4, id: 'one', event: { type: 'accepted', at: 2, job } },
    ];
    writeFileSync(path, lines.map(toLine).join(''));
    const [record] = await listOpen(folder.keep(createFileLedger(path)));
    expect(record?.intent.id).toBe('one');
    expect(record?.events.map(({ type }) => type)).toEqual(['sending', 'accepted']);
  });
});

describe('D11: a ledger file in a process that goes on for long', () => {
  const events = (nth: number): LedgerEvent[] => {
    const job = { provider: 'wavespeed', modelId: 'seedream-4', id: `job-${nth}` };
    const at = Date.now();
    const cost = { source: 'unknown' } as const;
    return [
      { type: 'accepted', at, job },
      { type: 'settled', at, outcome: 'completed', billed: 'yes', cost, urls: ['https://example.com/a.png'] },
      { type: 'delivered', at },
    ];
  };

  test('does not grow with every picture that was delivered', async () => {
    const path = folder.path();
    const above = 64 * 1024;
    // Whose a job is stays known for seven days, so the ledger's own clock goes on by eight after every batch.
    let now = Date.now();
    const ledger = createFileLedger(path, { compactAbove: above, retention: 1, now: () => now });
    await write(ledger, 'open to the end', events(0).slice(0, 2));
    const [pictures, together] = [2_000, 50];
    let most = 0;
    for (let start = 1; start <= pictures; start += together) {
      const batch = Array.from({ length: together }, (_, index) => start + index);
      await Promise.all(batch.map((nth) => write(ledger, `picture-${nth}`, events(nth))));
      most = Math.max(most, readFileSync(path).length);
      now += 8 * 24 * 3_600_000;
    }
    await ledger.close();
    // All that was written is about 1.5 MB.
    expect(most).toBeLessThan(6 * above);
    expect(linesOf(path).length).toBeLessThan(pictures);
    const again = folder.keep(createFileLedger(path, { retention: 1, now: () => now }));
    expect((await listOpen(again)).map(({ intent }) => intent.id)).toEqual(['open to the end']);
  });

  test('does not pay again for what it still remembers', async () => {
    const world = createWorld({ generationTime: { fixed: 0 } });
    const path = folder.path();
    const ledger = folder.keep(createFileLedger(path, { compactAbove: 1_024 }));
    const model = open(world, 'wavespeed')('seedream-4');
    const ask = (nth: number) => generateImage({ model, prompt: 'a pier', ledger, intentId: `p${nth}`, interval: 5 });
    for (let nth = 0; nth < 12; nth += 1) await ask(nth);
    for (let nth = 0; nth < 12; nth += 1) await ask(nth);
    expect(world.emulator.charges()).toHaveLength(12);
  });
});

test('D11: an empty lock file, as a power cut leaves it, needs no human', async () => {
  const path = folder.path();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.lock`, '');
  // A moment ago somebody may have been about to write into it.
  const aMinuteAgo = new Date(Date.now() - 60_000);
  utimesSync(`${path}.lock`, aMinuteAgo, aMinuteAgo);
  const ledger = folder.keep(createFileLedger(path));
  expect((await ledger.begin(toIntent('one'))).created).toBe(true);
});
