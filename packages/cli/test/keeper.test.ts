import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Ledger } from '@imageport/core';
import { testLedger } from '@imageport/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Io } from '../src/io.ts';
import { type Keeper, openPlace } from '../src/ledger/keeper.ts';
import { takeJob } from '../src/ledger/owners.ts';
import type { LedgerPlace } from '../src/ledger/place.ts';

const io: Io = {
  ...{ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), env: {}, cwd: tmpdir() },
  onSignal: () => () => undefined,
  exit: () => undefined,
};
const folders: string[] = [];
const keepers = new Map<Ledger, LedgerPlace>();

async function newFolder(): Promise<LedgerPlace> {
  const path = await mkdtemp(join(tmpdir(), 'imageport-keeper-'));
  folders.push(path);
  return { path, isFolder: true, flag: '' };
}

function open(place: LedgerPlace): Keeper {
  const keeper = openPlace(place, io);
  keepers.set(keeper, place);
  return keeper;
}

async function reopen(ledger: Ledger): Promise<Keeper> {
  const place = keepers.get(ledger) ?? (await newFolder());
  await (ledger as Keeper).close();
  return open(place);
}

const elapse = (milliseconds: number): void => void vi.advanceTimersByTime(milliseconds);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }));

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all([...keepers.keys()].map((keeper) => (keeper as Keeper).close()));
  keepers.clear();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('the ledger files of a folder, as one ledger', () => {
  for (const { name, run } of testLedger(async () => open(await newFolder()), reopen, { elapse })) it(name, run);
});

describe('a job', () => {
  const job = { provider: 'wavespeed', modelId: 'seedream-4', id: 'job-1' };

  it('is taken by one of two commands that have ledger files of their own', async () => {
    const place = await newFolder();
    const both = await Promise.allSettled(['fox-1', 'fox-2'].map((id) => takeJob(place, job, id)));
    const refused = both.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toMatchObject([{ reason: 'job_taken', billed: 'no' }]);
  });

  it('can be taken again by its own intent, and has a namesake at another host', async () => {
    const place = await newFolder();
    await takeJob(place, job, 'fox-1');
    await takeJob(place, job, 'fox-1');
    await takeJob(place, { ...job, provider: 'apiframe' }, 'fox-2');
    await expect(takeJob(place, job, 'fox-2')).rejects.toMatchObject({
      message: 'The ledger refused: job job-1 belongs to intent "fox-1" already',
    });
  });
});
