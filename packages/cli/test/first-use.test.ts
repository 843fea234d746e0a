import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { toFlags } from '../src/flag-words.ts';
import { stateFolder } from '../src/state-folder.ts';
import { listen, ownClock, polled, run, scratch, slow, start, until } from './harness.ts';
import { readPicture } from './picture-file.ts';

const fox = ['generate', 'a fox', '--size', '512x512', '-m', 'wavespeed:seedream-3'];

describe('the prompt from stdin', () => {
  it('is read where the prompt is a dash', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const { exitCode, stdout } = await run(['generate', '-', '--size', '1024x1024'], {
      cwd,
      env,
      stdin: '\uFEFFein Schloß\n',
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^imageport-ein-schloß-/);
    expect(emulator.jobs()[0]?.input.prompt).toBe('ein Schloß');
  });

  it.each([
    ['nothing', '', 'nothing came from stdin'],
    ['blanks', ' \n', 'nothing came from stdin'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x41]), 'not text in UTF-8'],
    ['more than any host takes', 'x'.repeat(1024 * 1024 + 1), 'longer than 1 MiB'],
  ])('is refused when it is %s', async (_, stdin, says) => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const { exitCode, stderr } = await run(['generate', '-'], { cwd, env, stdin });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
    expect(emulator.requests()).toEqual([]);
  });
});

describe('--quiet', () => {
  it('leaves nothing but the path', async () => {
    const [cwd, { env }] = [
      await scratch(),
      await listen({ faults: [{ host: 'wavespeed', on: 'submit', status: 402 }] }),
    ];
    const { exitCode, stdout, stderr } = await run(['generate', 'a fox', '--quiet'], { cwd, env, terminal: true });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^imageport-a-fox-\w+\.png\n$/);
  });

  it('keeps errors, and what they leave behind', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'never' }] })];
    const running = start(['generate', 'a fox', '-q'], { cwd, env });
    await until(() => emulator.requests().some(({ kind }) => kind === 'poll'));
    running.signal('SIGINT');
    expect((await running.ended).stderr).toContain(`Job ${emulator.jobs()[0]?.id} (wavespeed:seedream-4) is paid`);
  });

  it('does not let a drawing pass for the picture of a model', async () => {
    const { stderr } = await run([...fox, '-q'], { cwd: await scratch() });
    expect(stderr).toContain('drawn locally by the emulator: no model made it');
  });
});

describe('what is drawn locally', () => {
  it('is emulated first, billed no and costs 0, wherever the JSON speaks of money', async () => {
    const { stdout } = await run([...fox, '--json'], { cwd: await scratch() });
    const result = JSON.parse(stdout);
    expect(Object.keys(result).slice(0, 2)).toEqual(['emulated', 'billed']);
    expect(result).toMatchObject({ emulated: true, billed: 'no', cost: { amount: 0 } });
    expect(result.attempts).toMatchObject([{ billed: 'no', cost: { amount: 0 } }]);
    expect(stdout).not.toMatch(/"billed": "(yes|unknown)"|0\.027/);
  });

  it('says so when it fails and when it is interrupted', async () => {
    const cwd = await scratch();
    const late = await run([...fox, '--json', '--timeout', '5ms'], { cwd });
    expect(Object.keys(JSON.parse(late.stdout))[0]).toBe('emulated');
    expect(JSON.parse(late.stdout)).toMatchObject({ emulated: true, error: { code: 'timeout', billed: 'no' } });
    expect(late.stderr).not.toMatch(/paid|It is charged|may have been charged/);
    const running = start([...fox, '--json'], { cwd, terminal: true });
    await until(() => running.output().stderr.includes('accepted as job'));
    running.signal('SIGINT');
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ emulated: true, error: { code: 'interrupted', billed: 'no' } });
  });

  it('is foretold by check', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    expect(JSON.parse((await run(['check', 'a fox', '--json'], { cwd })).stdout).emulated).toBe(true);
    expect(JSON.parse((await run(['check', 'a fox', '--json'], { cwd, env })).stdout).emulated).toBe(false);
  });

  it('carries the words of the prompt with --caption', async () => {
    const cwd = await scratch();
    for (const more of [[], ['--caption']])
      await run([...fox, '--seed', '7', '-o', `fox${more.length}.jpg`, ...more], { cwd });
    const [plain, captioned] = await Promise.all(['fox0.jpg', 'fox1.jpg'].map((name) => readFile(join(cwd, name))));
    expect(plain?.equals(captioned as Buffer)).toBe(false);
  });
});

describe('the format that --out names', () => {
  it('is asked of a model that has a choice', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    for (const [name, type] of [
      ['a.png', 'png'],
      ['a.jpg', 'jpeg'],
      ['b.jpeg', 'jpeg'],
    ] as const) {
      const args = ['generate', 'a fox', '-m', 'wavespeed:seedream-5-lite', '-o', name];
      const { exitCode, stderr } = await run(args, { cwd, env });
      expect(exitCode, stderr).toBe(0);
      expect(stderr).not.toContain('warning');
      expect(await readPicture(join(cwd, name))).toMatchObject({ type });
    }
  });

  it('gives way to --output-format, which then is what the file is', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const args = ['generate', 'a fox', '-m', 'wavespeed:seedream-5-lite', '-o', 'a.png', '--output-format', 'jpeg'];
    expect((await run(args, { cwd, env })).stderr).toContain('warning: a.png is a file of the type image/jpeg');
  });
});

test('without money enough the reason of every model is printed', async () => {
  const [cwd, { emulator, env }] = [await scratch(), await listen()];
  const { exitCode, stderr } = await run(['generate', 'a fox', '--max-cost', '0.01usd', '-q'], { cwd, env });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    'error: wavespeed:seedream-4: not asked, because it costs 0.027 USD and 0.01 of --max-cost is left.\n' +
      '       apiframe:seedream-4: not asked, because it is priced in credit, and --max-cost names no credit.\n',
  );
  expect(emulator.requests()).toEqual([]);
});

test('a terminal shows how resume gets on, and then what it brought and cost', async () => {
  const clock = await ownClock();
  const [cwd, { emulator, env }] = [await scratch(), await listen(slow)];
  const running = start([...fox, '-n', '2'], { cwd, env });
  await until(() => polled(emulator) === 2);
  running.signal('SIGINT');
  expect((await running.ended).exitCode).toBe(130);
  const resumed = start(['resume'], { cwd, env, terminal: true });
  await until(() => resumed.output().stderr.includes('2 processing'));
  await clock.forward(slow.generationTime.fixed);
  const { exitCode, stdout, stderr } = await resumed.ended;
  expect(exitCode).toBe(0);
  expect((await readdir(cwd)).sort()).toEqual(stdout.trim().split('\n').sort());
  for (const { id } of emulator.jobs()) {
    expect(stderr).toContain(`: 512x512 jpeg, 0.027 USD (listed), job ${id} (wavespeed:seedream-3).\n`);
  }
  expect(stderr).toContain('2 pictures saved, 0.054 USD in all.\n');
});

describe('a home folder that is not there', () => {
  it.each(['', 'relative', undefined])(
    'HOME=%o leads to the one that the system knows, never to this folder',
    (HOME) => {
      expect(stateFolder({ HOME }, 'linux')).toMatch(/^\/.*\.local\/state\/imageport$/);
      expect(stateFolder({ HOME: '/home/x' }, 'linux')).toBe('/home/x/.local/state/imageport');
      expect(homedir()).not.toBe('');
    },
  );
});

test.each([
  [
    'There is no API key for wavespeed: set WAVESPEED_API_KEY or give `apiKey`',
    'There is no API key for wavespeed: set WAVESPEED_API_KEY',
  ],
  ['`baseUrl` of wavespeed must be an https address', 'the base URL of wavespeed must be an https address'],
  ['Set `baseUrl` or WAVESPEED_BASE_URL to the former', 'Set WAVESPEED_BASE_URL to the former'],
  [
    'If there is a `job`, wait for it again instead of submitting anew',
    'imageport resume goes on with a job that was accepted',
  ],
  ['or give another `ledger`.', 'or give another --ledger.'],
  ["`size` 100*100 became 512*512: fit: 'nearest'", '--size 100x100 became 512x512: --fit nearest'],
  ['use that `intentId` to go on', 'use that --intent to go on'],
])('the command line says %o as %o', (said, words) => {
  expect(toFlags(said)).toBe(words);
});

test('a JPEG whose end marker the host forgot is saved, and said to be so once', async () => {
  const [cwd, first] = [await scratch(), await listen()];
  const small = ['generate', 'a fox', '--model', 'wavespeed:seedream-4', '--size', '512x512'];
  await run([...small, '--out', 'whole.jpg'], { cwd, env: first.env });
  const bytes = (await readFile(join(cwd, 'whole.jpg'))).subarray(0, -2);
  const { env } = await listen({ faults: [{ on: 'output', bytes, times: 9 }] });
  const { exitCode, stdout, stderr } = await run([...small, '--out', 'cut.jpg'], { cwd, env });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'cut.jpg\n' });
  expect(stderr.match(/warning: the picture of job \S+ has no end: it is shown as far as it goes\n/g)).toHaveLength(1);
  expect(await readFile(join(cwd, 'cut.jpg'))).toEqual(bytes);
  const told = JSON.parse((await run([...small, '--out', 'json/', '--json'], { cwd, env })).stdout);
  expect(told).toMatchObject({ images: [{ cut: true }], warnings: [expect.stringContaining('has no end')] });
});
