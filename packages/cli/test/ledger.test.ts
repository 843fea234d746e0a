import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerEvent } from '@imageport/core';
import { createFileLedger } from '@imageport/core/node';
import { describe, expect, it } from 'vitest';
import { takeJob } from '../src/ledger/owners.ts';
import { defaultFolder } from '../src/ledger/place.ts';
import {
  ledgersOf,
  listen,
  ownClock,
  polled,
  run,
  runOut,
  scratch,
  slow,
  spawnCli,
  start,
  until,
  without,
} from './harness.ts';
import { readPicture } from './picture-file.ts';

/** A small picture, soon drawn. */
const fox = ['generate', 'a fox', '--model', 'wavespeed:seedream-3', '--size', '512x512'];
const wavespeedModel = { provider: 'wavespeed', modelId: 'seedream-4' };
const post = { method: 'POST', path: '/', body: {} } as const;
const never = { faults: [{ on: 'submit', job: 'never' }] } as const;
const lost = { faults: [{ host: 'wavespeed', on: 'submit', reset: 'after' }], listLag: 3_600_000 } as const;
const files = async (cwd: string): Promise<string[]> =>
  (await readdir(ledgersOf(cwd))).filter((name) => name.endsWith('.jsonl'));

describe('a crash', () => {
  it('costs nothing twice: after kill -9 the job is listed, and resume fetches its picture', async () => {
    const clock = await ownClock();
    const [cwd, { emulator, env }] = [await scratch(), await listen({ generationTime: { fixed: 600_000 } })];
    const { child, ended } = spawnCli(fox, { cwd, env });
    await until(() => emulator.requests().some(({ kind }) => kind === 'poll'));
    const meanwhile = await run(['jobs'], { cwd, env });
    expect(meanwhile.stdout).toContain('a running command has it; accepted');
    const early = await run(['resume'], { cwd, env });
    expect(early).toMatchObject({ exitCode: 0, stdout: '' });
    expect(early.stderr).toContain('A running command has ');
    child.kill('SIGKILL');
    await ended;

    const jobs = await run(['jobs'], { cwd, env });
    expect(jobs.stdout).toContain(`wavespeed:seedream-3, job ${emulator.jobs()[0]?.id}, `);
    expect(jobs.stdout).toContain('accepted, its picture is not saved yet; billed: yes, 0.027 USD (listed)');
    clock.jump(600_000);
    const resumed = await run(['resume'], { cwd, env });
    expect(resumed.exitCode).toBe(0);
    expect(resumed.stderr).toContain(
      `512x512 jpeg, 0.027 USD (listed), job ${emulator.jobs()[0]?.id} (wavespeed:seedream-3).`,
    );
    expect(resumed.stderr).toContain('1 picture saved, 0.027 USD in all.\n');
    expect(await readPicture(join(cwd, resumed.stdout.trim()))).toMatchObject({ width: 512, height: 512 });
    expect(emulator.charges()).toHaveLength(1);
    expect(await run(['jobs'], { cwd, env })).toMatchObject({ stdout: '', stderr: 'No unfinished jobs.\n' });
  });

  it('of a call that could not save its picture leaves it to resume', async () => {
    const clock = await ownClock();
    const [cwd, { emulator, env }] = [await scratch(), await listen(slow)];
    const running = start([...fox, '--out', 'gone/', '--json'], { cwd, env });
    await until(() => emulator.jobs().length === 1);
    await rm(join(cwd, 'gone'), { recursive: true });
    await clock.forward(slow.generationTime.fixed);
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(7);
    const { intentId } = JSON.parse(stdout).error;
    const resumed = await run(['resume', '--out', 'safe/', '--json'], { cwd, env });
    expect(resumed.exitCode).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject({
      resumed: [{ intentId, images: [{ mediaType: 'image/jpeg', path: expect.stringContaining('safe') }] }],
    });
    expect(await readdir(join(cwd, 'safe'))).toHaveLength(1);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('of resume itself leaves open what it could not save', async () => {
    const clock = await ownClock();
    const [cwd, { env, emulator }] = [await scratch(), await listen({ generationTime: { fixed: 30_000 } })];
    await runOut(fox, clock, { cwd, env }, () => polled(emulator) === 1);
    clock.jump(30_000);
    emulator.inject({ on: 'output', status: 404, times: 9 });
    const failed = await run(['resume', '--json'], { cwd, env });
    expect(failed.exitCode).toBe(7);
    expect(JSON.parse(failed.stdout).resumed[0].error).toMatchObject({ billed: 'yes', stage: 'download' });
    expect((await run(['jobs'], { cwd, env })).stdout).toContain('finished, its picture is not saved yet');
  });
});

describe('a submit whose outcome is unknown', () => {
  it('stays unfinished when the route went on and made a picture', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const ledger = createFileLedger(join(ledgersOf(cwd), 'of-a-program.jsonl'));
    const targets = [wavespeedModel, { ...wavespeedModel, provider: 'apiframe' }] as const;
    const request = { prompt: 'a fox', images: [], fit: 'exact', providerOptions: {} } as const;
    await ledger.begin({ id: 'fox-1', createdAt: Date.now(), request, route: targets });
    const { fence = 0 } = (await ledger.claim('fox-1', 'me', 1_000)) ?? {};
    const [first, second] = targets.map(
      (target, index): LedgerEvent => ({ type: 'sending', at: 1, attempt: index + 1, target, request: post }),
    );
    const job = { ...targets[1], id: 'job-2' };
    const end = { type: 'settled', at: 1, outcome: 'completed', billed: 'yes', cost: { source: 'unknown' } } as const;
    for (const event of [first, { type: 'unknown', at: 1, candidates: [] } as const, second])
      if (event) await ledger.append('fox-1', fence, event);
    for (const event of [{ type: 'accepted', at: 1, job } as const, { ...end, urls: [] }])
      await ledger.append('fox-1', fence, event);
    await ledger.append('fox-1', fence, { type: 'delivered', at: 1 });
    await ledger.close();
    expect((await run(['jobs'], { cwd, env })).stdout).toContain('an earlier attempt may have been accepted as well');
    expect(await run(['resume'], { cwd, env })).toMatchObject({ exitCode: 6 });
    const settle = (...args: string[]) => run(['jobs', 'settle', 'fox-1', ...args], { cwd, env });
    expect(await settle('--adopt', 'job-1')).toMatchObject({ exitCode: 2 });
    expect(await settle('--absent')).toMatchObject({ exitCode: 0 });
    expect((await run(['jobs'], { cwd, env })).stdout).toBe('');
  });

  it('is shown, and a job that was found by hand is adopted and fetched', async () => {
    const clock = await ownClock();
    const [cwd, { emulator, env }] = [await scratch(), await listen(lost)];
    const made = await runOut([...fox, '--intent', 'fox-1'], clock, { cwd, env }, () => emulator.jobs().length === 1);
    expect(made.exitCode).toBe(6);
    expect(made.stderr).toContain('It may have been charged.');
    expect(made.stderr).toContain('imageport resume searches for it again.');
    const { jobs } = JSON.parse((await run(['jobs', '--json'], { cwd, env })).stdout);
    expect(jobs).toMatchObject([{ intentId: 'fox-1', phase: 'unknown', billed: 'unknown', cost: { amount: 0.027 } }]);
    const before = emulator.requests().length;
    const still = await runOut(['resume'], clock, { cwd, env }, () => emulator.requests().length > before);
    expect(still.exitCode).toBe(6);
    expect(still.stderr).toContain('imageport jobs says what to do');

    const [{ id = '' } = {}] = emulator.jobs();
    const wrong = await run(['jobs', 'settle', 'fox', '--adopt', `${id}0`], { cwd, env });
    expect(wrong).toMatchObject({ exitCode: 2 });
    expect(wrong.stderr).toContain(`wavespeed knows no job ${id}0`);
    const adopted = await run(['jobs', 'settle', 'fox', '--adopt', id], { cwd, env });
    expect(adopted).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('imageport resume fetches its picture'),
    });
    expect(await run(['resume', '--out', 'fox.jpg'], { cwd, env })).toMatchObject({ exitCode: 0, stdout: 'fox.jpg\n' });
    expect(emulator.charges()).toHaveLength(1);
  });

  it('may be submitted anew when it is declared absent, and stays on record', async () => {
    const clock = await ownClock();
    const fault = { host: 'wavespeed', on: 'submit', status: 500 } as const;
    const [cwd, { emulator, env }] = [await scratch(), await listen({ faults: [fault] })];
    const ask = [...fox, '--intent', 'fox-1', '-p', 'wavespeed'];
    const sent = (): boolean => emulator.requests().length > 0;
    expect(await runOut(ask, clock, { cwd, env }, sent)).toMatchObject({ exitCode: 6 });
    const settled = await run(['jobs', 'settle', 'fox-1', '--absent', '--json'], { cwd, env });
    expect(JSON.parse(settled.stdout)).toEqual({ intentId: 'fox-1', absent: true });
    expect(settled.stderr).toContain('Asking for fox-1 again may submit anew now.');
    expect(settled.stderr).toContain('nothing is closed: if wavespeed accepted it after all, it is charged');
    expect((await run(['jobs'], { cwd, env })).stdout).toBe('');
    expect((await run(['jobs', '--all'], { cwd, env })).stdout).toContain('ended without a picture; billed: unknown');
    expect(await run(ask, { cwd, env })).toMatchObject({ exitCode: 0 });
    expect(emulator.charges()).toHaveLength(1);
  });

  it('is not settled by a slip', async () => {
    const clock = await ownClock();
    const faults = [{ ...lost.faults[0], times: 2 }];
    const [cwd, { emulator, env }] = [await scratch(), await listen({ ...lost, faults })];
    const generate = (intent: string, jobs: number, ...more: string[]) =>
      runOut([...fox, '--intent', intent, ...more], clock, { cwd, env }, () => emulator.jobs().length === jobs);
    await generate('fox-1', 1);
    await generate('fox-2', 2);
    emulator.inject({ on: 'submit', job: 'never' });
    await generate('paid', 3, '-p', 'wavespeed');
    const owned = emulator.jobs().at(-1)?.id ?? '';
    const settle = async (...args: string[]) => (await run(['jobs', 'settle', ...args], { cwd, env })).stderr;
    expect(await settle('fox-1')).toContain('Give either --adopt <job> or --absent');
    expect(await settle('nobody', '--absent')).toContain('There is no unfinished intent nobody');
    expect(await settle('paid', '--absent')).toContain('is paid: imageport resume fetches its picture');
    expect(await settle('fox-1', '--adopt', owned)).toContain(`Job ${owned} belongs to paid already`);
    const [{ id: lostId = '' } = {}] = emulator.jobs();
    await takeJob({ path: ledgersOf(cwd), isFolder: true, flag: '' }, { ...wavespeedModel, id: lostId }, 'fox-3');
    expect(await settle('fox-1', '--adopt', lostId)).toContain(`Job ${lostId} belongs to another intent already`);
    expect(await settle('paid', '--adopt', owned)).toContain('paid does not wait for a job');
    expect(await settle('fox', '--adopt', 'x')).toMatch(/fox could be fox-\d or fox-\d: give more of it/);
  });
});

/** The emulator is not where the hosts are, and that is always said. */
const detours = (env: Readonly<Record<string, string>>): string =>
  ['WAVESPEED', 'APIFRAME']
    .map((host) => `${host.toLowerCase()} is asked at ${env[`${host}_BASE_URL`]}, as ${host}_BASE_URL says.\n`)
    .join('');

describe('a failed job', () => {
  it('is listed until its refund was seen, and resume says which', async () => {
    const faults = [{ on: 'submit', job: 'fail' }] as const;
    const [cwd, { emulator, env }] = [await scratch(), await listen({ faults, refundDelay: 3_600_000 })];
    const failed = await run([...fox, '-p', 'wavespeed', '--intent', 'fox-1'], { cwd, env });
    const [{ id = '' } = {}] = emulator.jobs();
    expect(failed.exitCode).toBe(5);
    expect(failed.stderr).toContain(`wavespeed refunds job ${id}, but its refund was not seen yet`);
    expect(failed.stderr).not.toContain('Nothing was charged');
    const { stdout } = await run(['jobs'], { cwd, env });
    expect(stdout).toContain(`job ${id} failed, and its refund was not seen yet; billed: no`);
    expect(stdout).toContain('imageport resume   polls the failed job for its refund');
    const resumed = await run(['resume', '--json'], { cwd, env });
    expect(resumed.stderr).toBe(
      `${detours(env)}fox-1: job ${id} (wavespeed) failed, and its refund was not seen yet.\n`,
    );
    expect(JSON.parse(resumed.stdout).resumed).toMatchObject([{ intentId: 'fox-1', refund: 'pending', job: { id } }]);
    expect(resumed.exitCode).toBe(0);
  });

  it('is finished once its refund was seen', async () => {
    const faults = [{ on: 'submit', job: 'fail' }] as const;
    const [cwd, { emulator, env }] = [await scratch(), await listen({ faults })];
    await run([...fox, '-p', 'wavespeed', '--intent', 'fox-1'], { cwd, env });
    const [{ id = '' } = {}] = emulator.jobs();
    const resumed = await run(['resume'], { cwd, env });
    expect(resumed).toMatchObject({ exitCode: 0, stdout: '' });
    expect(resumed.stderr).toBe(
      `${detours(env)}fox-1: job ${id} (wavespeed) failed and was refunded; nothing was charged.\n`,
    );
    expect(await run(['jobs'], { cwd, env })).toMatchObject({ stdout: '', stderr: 'No unfinished jobs.\n' });
  });
});

describe('the ledger', () => {
  it('settles nothing where the id is empty, as an unset variable of a shell is', async () => {
    const faults = [{ on: 'submit', reset: 'after' } as const, { on: 'list', times: 99, status: 500 } as const];
    const clock = await ownClock();
    const [cwd, { emulator, env }] = [await scratch(), await listen({ faults })];
    await runOut([...fox, '-p', 'wavespeed'], clock, { cwd, env }, () => emulator.jobs().length === 1);
    const settled = await run(['jobs', 'settle', '', '--absent'], { cwd, env });
    expect(settled).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Give the id of an intent') });
    expect((await run(['jobs'], { cwd, env })).stdout).not.toBe('');
  });

  it('that cannot be written means that nothing is sent', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    await mkdir(ledgersOf(cwd));
    await chmod(cwd, 0o777);
    await chmod(ledgersOf(cwd), 0o555);
    // Root may write anywhere, so it becomes nobody.
    const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const { exitCode, stderr } = await spawnCli(fox, { cwd, env, ...user }).ended;
    expect(stderr).toContain('could not be opened. Make its folder writable, or use another file (EACCES)');
    expect(stderr).toContain('Nothing was charged.');
    expect(exitCode).toBe(5);
    expect(emulator.requests()).toEqual([]);
  });

  it('lets two commands run at the same time', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const both = ['a fox', 'a lynx'].map(
      (prompt) => spawnCli(['generate', prompt, '--size', '1024x768'], { cwd, env }).ended,
    );
    expect((await Promise.all(both)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(emulator.charges()).toHaveLength(2);
    expect(await files(cwd)).toHaveLength(2);
  });

  it('that is one file is for one command after the other', async () => {
    const clock = await ownClock();
    const [cwd, { emulator, env }] = [await scratch(), await listen(slow)];
    const args = [...fox, '--ledger', 'my ledger.jsonl'];
    const first = start(args, { cwd, env });
    await until(() => emulator.jobs().length === 1);
    const second = start(args, { cwd, env });
    await until(() => second.output().stderr.includes('Another imageport has this ledger file'));
    await clock.forward(slow.generationTime.fixed);
    await until(() => emulator.jobs().length === 2);
    await clock.forward(slow.generationTime.fixed);
    expect(await Promise.all([first.ended, second.ended])).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect(emulator.charges()).toHaveLength(2);
  });

  it('pays once for one intent, asked again or at the same time', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen({ generationTime: { fixed: 200 } })];
    const args = [...fox, '--intent', 'fox-1', '-n', '2', '--json'];
    const [one, two] = await Promise.all([run(args, { cwd, env }), run(args, { cwd, env })]);
    const three = await run(args, { cwd, env });
    const jobs = [one, two, three].map(({ stdout }) => JSON.parse(stdout).jobs.map(({ id }: { id: string }) => id));
    expect(jobs[1]).toEqual(jobs[0]);
    expect(jobs[2]).toEqual(jobs[0]);
    expect(emulator.charges()).toHaveLength(2);
    const other = await run(['generate', 'a lynx', '--intent', 'fox-1', '-n', '2'], { cwd, env });
    expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('already stands for another request') });
  });

  it('keeps the jobs of a host whose key is gone', async () => {
    const clock = await ownClock();
    const [cwd, { emulator, env }] = [await scratch(), await listen(never)];
    await runOut(fox, clock, { cwd, env }, () => polled(emulator) === 1);
    const poor = without(env, 'WAVESPEED_API_KEY');
    expect((await run(['jobs'], { cwd, env: poor })).stdout).toContain('set WAVESPEED_API_KEY first');
    const { exitCode, stderr } = await run(['resume'], { cwd, env: poor });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`(job ${emulator.jobs()[0]?.id}) waits for a key of wavespeed: set WAVESPEED_API_KEY.`);
    const resuming = start(['resume'], { cwd, env });
    const before = emulator.requests().length;
    await until(() => emulator.requests().length > before);
    resuming.signal('SIGINT');
    expect(await resuming.ended).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('stays unfinished') });
    expect((await run(['jobs'], { cwd, env })).stdout).toContain('accepted');
  });

  it('names the way back first when Ctrl-C or the deadline ends a command', async () => {
    const [cwd, { env, emulator }] = [await scratch(), await listen(never)];
    const running = start([...fox, '--ledger', 'here.jsonl', '--json'], { cwd, env });
    await until(() => emulator.jobs().length === 1 && emulator.requests().some(({ kind }) => kind === 'poll'));
    running.signal('SIGINT');
    const { stderr, stdout } = await running.ended;
    expect(stderr).toMatch(/To fetch its picture:\n {2}imageport resume --ledger here.jsonl\n.*\n {2}curl /);
    expect(JSON.parse(stdout).error.intentId).toMatch(/^[\w-]{36}$/);
  });

  it('forgets calls that ended long ago, and nothing unfinished', async () => {
    const clock = await ownClock();
    const faults = [{ nth: 2, on: 'submit', job: 'never' } as const];
    const [cwd, { emulator, env }] = [await scratch(), await listen({ faults })];
    await run(fox, { cwd, env });
    await runOut(fox, clock, { cwd, env }, () => polled(emulator) === 2);
    const old = new Date(Date.now() - 9 * 24 * 60 * 60 * 1000);
    for (const name of await files(cwd)) await utimes(join(ledgersOf(cwd), name), old, old);
    await run(fox, { cwd, env });
    expect(await files(cwd)).toHaveLength(2);
    expect((await run(['jobs'], { cwd, env })).stdout).toContain('accepted');
  });

  it.each([['jobs'], ['jobs', 'settle', 'some-intent', '--absent']])(
    'refuses a named file that is no ledger instead of finding nothing in it, and leaves it alone: %s %s',
    async (...words) => {
      const cwd = await scratch();
      const notes = join(cwd, 'NOTES.md');
      await writeFile(notes, '# my notes\n');
      await chmod(notes, 0o644);
      const { exitCode, stdout, stderr } = await run([...words, '--ledger', 'NOTES.md'], { cwd });
      expect(stderr).toContain('NOTES.md is not a ledger');
      expect(stdout + stderr).not.toContain('No unfinished jobs');
      expect(exitCode).toBe(5);
      expect([await readFile(notes, 'utf8'), (await stat(notes)).mode & 0o777]).toEqual(['# my notes\n', 0o644]);
    },
  );

  it('says what is no ledger and resumes the rest', async () => {
    const clock = await ownClock();
    const [cwd, { emulator, env }] = [await scratch(), await listen({ generationTime: { fixed: 30_000 } })];
    await runOut(fox, clock, { cwd, env }, () => polled(emulator) === 1);
    clock.jump(30_000);
    await writeFile(join(ledgersOf(cwd), 'other.jsonl'), 'something else\n');
    const { exitCode, stdout, stderr } = await run(['resume'], { cwd, env });
    expect(exitCode).toBe(5);
    expect(stderr).toContain('other.jsonl is not a ledger');
    expect(stdout).toMatch(/^imageport-a-fox-.*\.jpg\n$/);
  });

  it.each([
    ['no ledger', async (path: string) => await writeFile(path, 'something else\n'), 'is not a ledger'],
    ['a folder', async (path: string) => void (await mkdir(path)), 'is not a regular file'],
  ])('that cannot be read in a folder, because it is %s, is named, and the command fails', async (_, place, says) => {
    const [cwd, { emulator, env }] = [await scratch(), await listen(never)];
    const running = start(fox, { cwd, env });
    await until(() => polled(emulator) === 1);
    running.signal('SIGINT');
    await running.ended;
    const path = join(ledgersOf(cwd), 'other.jsonl');
    await place(path);
    const told = await run(['jobs'], { cwd, env });
    expect(told.stdout).toContain('accepted, its picture is not saved yet');
    expect(told.stderr).toContain(`error: The ledger ${path} ${says}`);
    const { exitCode, stdout } = await run(['jobs', '--json'], { cwd, env });
    expect(JSON.parse(stdout)).toMatchObject({ jobs: [{ phase: 'accepted' }], unusable: [{ path }] });
    const settled = await run(['jobs', 'settle', 'unknown-id', '--absent'], { cwd, env });
    expect(settled.stderr).toContain(`unknown-id is in no ledger that can be read. The ledger ${path} ${says}`);
    const doctor = await run(['doctor'], { cwd, env });
    expect(doctor.stdout).toContain(`problem  ledger: The ledger ${path}`);
    expect([told.exitCode, exitCode, settled.exitCode, doctor.exitCode]).toEqual([5, 5, 5, 5]);
  });

  it.for([
    ['linux', { HOME: '/home/ann' }, '/home/ann/.local/state/imageport/ledgers'],
    ['linux', { HOME: '/home/ann', XDG_STATE_HOME: '/state' }, '/state/imageport/ledgers'],
    ['linux', { HOME: '/home/ann', XDG_STATE_HOME: 'not/absolute' }, '/home/ann/.local/state/imageport/ledgers'],
    ['darwin', { HOME: '/Users/ann' }, '/Users/ann/Library/Application Support/imageport/ledgers'],
    ['win32', { LOCALAPPDATA: '/c/Local' }, '/c/Local/imageport/ledgers'],
  ] as const)('stands by default on %s with %j in %s', ([platform, env, folder]) => {
    expect(defaultFolder(env, platform)).toBe(folder);
  });
});

describe('--max-cost', () => {
  it('refuses before spending what would cost more', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const ask = (cost: string, ...more: string[]) =>
      run(['generate', 'a fox', '--max-cost', cost, '--size', '1024x1024', ...more], { cwd, env });
    const refused = await ask('0.02usd', '-p', 'wavespeed');
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toContain('it costs 0.027 USD and 0.02 of --max-cost is left');
    expect(emulator.charges()).toEqual([]);
    expect(await ask('0.03')).toMatchObject({ exitCode: 0 });
    expect(await ask('0.01usd,3credits')).toMatchObject({ exitCode: 0 });
    expect(emulator.charges().map(({ host }) => host)).toEqual(['wavespeed', 'apiframe']);
    expect((await ask('much')).stderr).toContain('It must be an amount, such as 0.1usd or 10credits.');
  });
});
