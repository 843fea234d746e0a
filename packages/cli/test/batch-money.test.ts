import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen, ownClock, run, runOut, scratch, slow, start, until } from './harness.ts';

const args = (...more: string[]): string[] => [
  ...['batch', 'prompts.csv', '--model', 'seedream-3', '--size', '512x512', '--provider', 'wavespeed', '--out', 'made'],
  ...more,
];

/** A list of prompts in a folder of its own. */
async function list(...lines: string[]): Promise<string> {
  const cwd = await scratch();
  await writeFile(join(cwd, 'prompts.csv'), lines.join('\n'));
  return cwd;
}

describe('what a batch says of money', () => {
  it('is that something was charged when Ctrl-C came after jobs were accepted', async () => {
    const { emulator, env } = await listen(slow);
    const cwd = await list('prompt', 'a fox', 'a hare');
    const running = start(args('--json'), { cwd, env });
    await until(() => emulator.jobs().length === 2 && emulator.requests().some(({ kind }) => kind === 'poll'));
    running.signal('SIGINT');
    const { stdout, stderr } = await running.ended;
    expect(stderr).toContain('2 rows: 2 interrupted, 0.054 USD charged');
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([
      { billed: 'yes', spent: { USD: 0.027 } },
      { billed: 'yes', spent: { USD: 0.027 } },
    ]);
    // Another run has spent that.
    const again = start(args(), { cwd, env });
    await until(() => emulator.requests().length > 4 && again.output().stderr !== '');
    again.signal('SIGINT');
    expect((await again.ended).stderr).not.toContain('USD charged');
  });

  it('is that something may have been charged when nobody knows', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen({
      faults: [{ on: 'submit', times: 9, reset: 'after', accepted: true }],
    });
    const cwd = await list('prompt', 'a fox');
    const named = ['batch', 'prompts.csv', '--model', 'wavespeed:seedream-4', '--json'];
    const { stdout, stderr } = await runOut(named, clock, { cwd, env }, () =>
      emulator.requests().some(({ kind }) => kind === 'list'),
    );
    expect(JSON.parse(stdout)).toMatchObject({ billed: 'unknown', spent: {} });
    expect(stderr).toContain('1 rows: 1 failed, 1 may have been charged');
  });

  it('is both, of a row of several pictures that was interrupted while some were in doubt', async () => {
    const { emulator, env } = await listen({
      ...slow,
      faults: [
        { on: 'submit', nth: 2, times: 9, reset: 'after', accepted: true },
        { on: 'list', times: 99, status: 500 },
      ],
    });
    const cwd = await list('prompt,n', 'a fox,3');
    for (const json of [true, false]) {
      const made = start(args(...(json ? ['--json'] : []), '--intent', `${json}`), { cwd, env });
      const lists = (): number => emulator.requests().filter(({ kind }) => kind === 'list').length;
      const before = lists();
      await until(() => lists() >= before + 2);
      made.signal('SIGINT');
      const { stdout, stderr } = await made.ended;
      if (json) expect(JSON.parse(stdout)).toMatchObject({ outcome: 'interrupted', billed: 'yes', unknown: 2 });
      else expect(stdout).toContain('3 of its pictures may be charged: no answer came');
      expect(stderr).toContain(json ? '0.027 USD charged, 1 may have been charged' : '1 may have been charged');
    }
  });

  it('is the price when the time ran out after a job was accepted', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen({ faults: [{ on: 'submit', job: 'never' }] });
    const cwd = await list('prompt', 'a fox');
    const { stderr } = await runOut(args(), clock, { cwd, env }, () => emulator.jobs().length === 1);
    expect(stderr).toContain('1 rows: 1 failed, 0.027 USD charged');
  });
});

describe('Ctrl-C while a host does not answer', () => {
  it('says at once what it waits for, and the second ends it', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen({ faults: [{ on: 'submit', hang: true }] });
    const cwd = await list('prompt', 'a fox');
    const running = start(args('--timeout', '20s'), { cwd, env, terminal: true });
    await until(() => emulator.requests().some(({ kind }) => kind === 'submit'));
    running.signal('SIGINT');
    expect(running.output().stderr).toContain(
      'Interrupted: waiting for the answer to 1 submit, which may be charged. Ctrl-C again ends it at once.',
    );
    running.signal('SIGINT');
    expect(running.exits).toEqual([130]);
    await clock.forward(20_000);
    const { stderr } = await running.ended;
    // The line that shows progress is over, and nothing draws it anew.
    expect(stderr.slice(stderr.indexOf('Interrupted: '))).not.toContain(' of 1 done');
  });
});

describe('a folder that takes no picture', () => {
  it('ends the batch with what is paid in the ledger, and the same command goes on', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen(slow);
    const cwd = await list('prompt', 'a fox', 'a hare', 'an owl');
    const running = start(args('--concurrency', '1'), { cwd, env });
    await until(() => emulator.jobs().length === 1);
    await rename(join(cwd, 'made'), join(cwd, 'moved'));
    await clock.forward(slow.generationTime.fixed);
    const { exitCode, stderr } = await running.ended;
    expect({ exitCode, charges: emulator.charges().length }).toEqual({ exitCode: 7, charges: 1 });
    expect(stderr).toContain('no more rows were started. What is paid stands in the ledger.');
    expect(stderr).toContain('3 rows: 1 failed, 2 not begun, 0.027 USD charged');
    await rm(join(cwd, 'moved'), { recursive: true });
    const again = start(args(), { cwd, env });
    await until(() => emulator.jobs().length === 3);
    await clock.forward(slow.generationTime.fixed);
    expect(await again.ended).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2  fetched') });
    expect(emulator.charges()).toHaveLength(3);
  });
});

describe('a row that was read when the folder took no picture', () => {
  it('is not asked for any more, although its host will take it later', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen({
      ...slow,
      faults: [{ on: 'submit', nth: 2, status: 429, headers: { 'retry-after': '30' } }],
    });
    const cwd = await list('prompt', 'a fox', 'a hare', 'an owl');
    const running = start(args(), { cwd, env });
    await until(() => emulator.requests().filter(({ kind }) => kind === 'submit').length === 2);
    await rename(join(cwd, 'made'), join(cwd, 'moved'));
    // Nothing was begun after the refusal, and the refused row is tried again in a while.
    await clock.forward(60_000);
    const { exitCode, stderr } = await running.ended;
    expect(stderr).toContain('3 rows: 1 failed, 2 not begun, 0.027 USD charged');
    expect({ exitCode, charges: emulator.charges().length }).toEqual({ exitCode: 7, charges: 1 });
  });
});

describe('a row with an id of its own', () => {
  it('is refused by its column when the id stands for another prompt', async () => {
    const { env } = await listen();
    const cwd = await list('prompt,intent', 'a fox,hero');
    expect(await run(args(), { cwd, env })).toMatchObject({ exitCode: 0 });
    await writeFile(join(cwd, 'prompts.csv'), 'prompt,intent\na hare,hero');
    const { exitCode, stdout } = await run(args(), { cwd, env });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('column intent: "hero" already stands for another request. Give this row another intent');
    expect(stdout).not.toContain('--intent');
  });
});
