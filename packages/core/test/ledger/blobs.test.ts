import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Intent, LedgerEvent } from '../../src/ledger/facts.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { createFileLedger, type FileLedger } from '../../src/node/file-ledger.ts';
import type { FileLedgerOptions } from '../../src/node/open-ledger.ts';
import { createFaultyDisk } from './disk-faults.ts';
import { accepted, delivered, listOpen, sending, settled, toIntent, useFolder } from './folder.ts';

const folder = useFolder();
const open = (path: string, options?: FileLedgerOptions): FileLedger => folder.keep(createFileLedger(path, options));
const picture = (fill: string): string => `data:image/png;base64,${fill.repeat(50_000)}`;
const countOf = (path: string, text: string): number => readFileSync(path, 'utf8').split(text).length - 1;

const withImages = (id: string, images: readonly string[]): Intent => ({
  ...toIntent(id),
  request: { ...toIntent(id).request, images },
});
const send = (n: number, images: readonly string[]): LedgerEvent =>
  ({
    ...sending(n),
    send: `s${n}`,
    request: { method: 'POST', path: '/', body: { images, image: images[0] } },
  }) as LedgerEvent;

async function submit(ledger: Ledger, id: string, images: readonly string[]): Promise<number> {
  const { fence = -1 } = await ledger.begin(withImages(id, images), { owner: 'me', duration: 60_000 });
  await ledger.append(id, fence, send(1, images), 0);
  await ledger.append(id, fence, accepted(`job of ${id}`), 1);
  return fence;
}

async function deliver(ledger: Ledger, id: string, fence: number): Promise<void> {
  await ledger.append(id, fence, settled(), 2);
  await ledger.append(id, fence, delivered(), 3);
}

describe('a reference picture', () => {
  test('is written once, however many intents and submits carry it, and read back whole', async () => {
    const path = folder.path();
    const [a, b] = [picture('A'), picture('B')];
    const ledger = open(path);
    await Promise.all(['x', 'y', 'z'].map((id) => submit(ledger, id, [a, b])));
    const before = await listOpen(ledger);
    await ledger.close();
    expect([countOf(path, a), countOf(path, b)]).toEqual([1, 1]);
    const after = await listOpen(open(path));
    expect(after).toEqual(before);
    for (const { intent, events } of after) {
      expect(intent.request.images).toEqual([a, b]);
      expect(events[0]).toMatchObject({ request: { body: { images: [a, b], image: a } } });
    }
  });

  test('is dropped by a rewrite when no open intent needs it any more, and not before', async () => {
    const path = folder.path();
    const [shared, own] = [picture('A'), picture('B')];
    const ledger = open(path);
    const fence = await submit(ledger, 'done', [shared, own]);
    await submit(ledger, 'open', [shared]);
    await deliver(ledger, 'done', fence);
    await ledger.close();
    const again = open(path, { compactAbove: 1_000 });
    expect((await listOpen(again)).map(({ intent }) => intent.request.images)).toEqual([[shared]]);
    await again.close();
    expect([countOf(path, shared), countOf(path, own)]).toEqual([1, 0]);
    expect((await listOpen(open(path)))[0]?.intent.request.images).toEqual([shared]);
  });

  test('that is used again after it was dropped is written again', async () => {
    const path = folder.path();
    const ledger = open(path, { compactAbove: 60_000 });
    for (let n = 0; n < 8; n += 1) await deliver(ledger, `a ${n}`, await submit(ledger, `a ${n}`, [picture('A')]));
    await submit(ledger, 'open', [picture('A')]);
    await ledger.close();
    expect((await listOpen(open(path)))[0]?.intent.request.images).toEqual([picture('A')]);
    expect(statSync(path).size).toBeLessThan(200_000);
  });

  test('of a request that failed without cost is kept, for the request may be tried anew', async () => {
    const path = folder.path();
    const ledger = open(path);
    const { fence = -1 } = await ledger.begin(withImages('a', [picture('A')]), { owner: 'me', duration: 60_000 });
    await ledger.append('a', fence, send(1, [picture('A')]), 0);
    await ledger.append('a', fence, { type: 'rejected', at: Date.now(), code: 'moderated', send: 's1' }, 1);
    await ledger.append('a', fence, delivered(), 2);
    await ledger.close();
    for (let round = 0; round < 2; round += 1) {
      const again = open(path, { compactAbove: 1 });
      expect((await again.begin(toIntent('a'))).record.intent.request.images).toEqual([picture('A')]);
      await again.close();
    }
  });

  test('whose line could not be written is written with the next that carries it', async () => {
    const path = folder.path();
    const io = createFaultyDisk();
    const ledger = open(path, { io });
    await ledger.begin(toIntent('first'));
    io.fail('write', { code: 'ENOSPC', bytes: 9_000 });
    await expect(submit(ledger, 'a', [picture('A')])).rejects.toMatchObject({ reason: 'ledger_unavailable' });
    await submit(ledger, 'b', [picture('A')]);
    await ledger.close();
    const records = await listOpen(open(path, { onDamage: () => expect.fail('damaged') }));
    expect(records.map(({ intent }) => [intent.id, intent.request.images.length])).toEqual([
      ['first', 0],
      ['b', 1],
    ]);
    expect(records[1]?.intent.request.images).toEqual([picture('A')]);
  });

  test('whose line is damaged costs no paid job, and no request that was sent', async () => {
    const path = folder.path();
    const ledger = open(path);
    await ledger.begin(withImages('new', [picture('A')]));
    await submit(ledger, 'paid', [picture('A')]);
    const { fence = -1 } = await ledger.begin(withImages('sent', [picture('A')]), { owner: 'me', duration: 60_000 });
    await ledger.append('sent', fence, send(1, [picture('A')]), 0);
    await ledger.close();
    const text = readFileSync(path, 'utf8').replace(picture('A'), picture('A').replace('AA', 'AB'));
    const copy = folder.path();
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text);
    const pieces: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      const again = open(copy, { onDamage: (damage) => pieces.push(damage.pieces) });
      const records = await listOpen(again);
      // What was never sent is begun anew by whoever asks again; the rest is there, and says what is missing.
      expect(records.map(({ intent, events }) => [intent.id, events.length])).toEqual([
        ['paid', 2],
        ['sent', 1],
      ]);
      for (const { intent } of records) expect(intent.request.images[0]).toMatch(/^data:#missing-[0-9a-f]{64}$/);
      await again.close();
    }
    expect(pieces).toEqual([1]);
  });
});

test('a long text of any kind comes back where it was', async () => {
  const path = folder.path();
  const long = 'a lighthouse, é雪🗻 "quoted" \u2028 '.repeat(400);
  const intent: Intent = {
    ...{ id: 'a', createdAt: 1, route: [{ provider: 'p', modelId: 'm', overrides: { prompt: long } }] },
    request: {
      prompt: long,
      images: [],
      fit: 'exact',
      providerOptions: { p: { list: [{ text: long }, long], '0': long } },
    },
  };
  const ledger = open(path);
  await ledger.begin(intent);
  await ledger.close();
  expect((await open(path).begin(intent)).record.intent).toEqual(intent);
  expect(statSync(path).size).toBeLessThan(2 * Buffer.byteLength(long));
});
