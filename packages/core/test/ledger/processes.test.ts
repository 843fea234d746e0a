import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { createFileLedger } from '../../src/node/file-ledger.ts';
import { listOpen, toIntent, useFolder } from './folder.ts';

const folder = useFolder();
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

interface Child {
  readonly process: ChildProcess;
  readonly lines: string[];
  /** The first line, which says whether the ledger could be opened. */
  readonly first: Promise<string>;
  kill(): Promise<void>;
}

function start(path: string, mode: 'hold' | 'append' | 'deliver'): Child {
  const process_ = spawn(process.execPath, [join(import.meta.dirname, 'lock-child.ts'), path, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(process_);
  const lines: string[] = [];
  let rest = '';
  const first = new Promise<string>((resolve) => {
    process_.stdout?.on('data', (chunk) => {
      const parts = `${rest}${chunk}`.split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      if (lines[0] !== undefined) resolve(lines[0]);
    });
  });
  const closed = new Promise<void>((resolve) => process_.once('close', () => resolve()));
  const kill = (): Promise<void> => {
    process_.kill('SIGKILL');
    return closed;
  };
  return { process: process_, lines, first, kill };
}

test('a second process is told who has the ledger and how to go on', async () => {
  const path = folder.path();
  const holder = start(path, 'hold');
  expect(await holder.first).toBe('open');
  const ledger = folder.keep(createFileLedger(path));
  const refused = await ledger.begin(toIntent('a')).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'unavailable', reason: 'ledger_locked', billed: 'no' });
  for (const part of [path, `process ${holder.process.pid}`, `delete ${path}.lock`]) {
    expect((refused as Error).message).toContain(part);
  }
  await holder.kill();
  expect((await ledger.begin(toIntent('a'))).created, 'the same object can be used once the lock is free').toBe(true);
});

test('two ledgers of one process are told to be one', async () => {
  const path = folder.path();
  await folder.keep(createFileLedger(path)).begin(toIntent('a'));
  await expect(createFileLedger(path).begin(toIntent('a'))).rejects.toMatchObject({
    message: expect.stringContaining('share that ledger object'),
  });
});

test('the lock of a dead process goes to exactly one of ten that want it', { timeout: 300_000 }, async () => {
  for (let round = 0; round < 3; round += 1) {
    const path = folder.path();
    const dead = start(path, 'hold');
    expect(await dead.first).toBe('open');
    await dead.kill();
    const racers = Array.from({ length: 10 }, () => start(path, 'hold'));
    const answers = await Promise.all(racers.map(({ first }) => first));
    expect(answers.filter((answer) => answer === 'open')).toHaveLength(1);
    for (const answer of answers.filter((each) => each !== 'open')) expect(answer).toContain('is in use by process');
    await Promise.all(racers.map(({ kill }) => kill()));
  }
});

test('what a killed process was told is written, is written', { timeout: 120_000 }, async () => {
  const path = folder.path();
  const paths = [path, folder.path(), folder.path()];
  const told = new Map<string, string[]>();
  const rounds = async (mine: string): Promise<void> => {
    for (let round = 0; round < 12; round += 1) {
      const child = start(mine, 'append');
      expect(await child.first).toBe('open');
      // Killed at any moment of its writing, which is a number of lines and not a time.
      const enough = 1 + Math.floor(Math.random() * 60);
      await vi.waitUntil(() => child.lines.length > enough, { timeout: 60_000, interval: 1 });
      await child.kill();
      told.set(mine, [...(told.get(mine) ?? []), ...child.lines.slice(1)]);
    }
  };
  await Promise.all(paths.map(rounds));
  for (const mine of paths) {
    const records = await listOpen(folder.keep(createFileLedger(mine, { onDamage: () => expect.fail('damaged') })));
    const found = new Set(
      records.flatMap(({ intent, events }) =>
        events.map((event) => 'attempt' in event && `${intent.id} ${event.attempt}`),
      ),
    );
    expect((told.get(mine) ?? []).filter((line) => !found.has(line))).toEqual([]);
  }
  expect([...told.values()].flat().length).toBeGreaterThan(100);
});

test('a process that is killed while it rewrites its file loses nothing', { timeout: 120_000 }, async () => {
  const path = folder.path();
  const told: string[] = [];
  for (let round = 0; round < 12; round += 1) {
    const child = start(path, 'deliver');
    expect(await child.first).toBe('open');
    const enough = 5 + Math.floor(Math.random() * 30);
    await vi.waitUntil(() => child.lines.length > enough, { timeout: 60_000, interval: 1 });
    await child.kill();
    told.push(...child.lines.slice(1));
  }
  const ledger = folder.keep(createFileLedger(path, { onDamage: () => expect.fail('damaged') }));
  const lost: string[] = [];
  for (const id of told) {
    const { created, record } = await ledger.begin(toIntent(id));
    if (created || record.events.length !== 4) lost.push(id);
  }
  expect(lost).toEqual([]);
  expect(told.length).toBeGreaterThan(50);
  expect(readFileSync(path, 'utf8')).toContain('"packed":');
});
