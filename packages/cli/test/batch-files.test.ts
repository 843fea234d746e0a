import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen, ownClock, run, scratch, slow, spawnCli, start, until } from './harness.ts';
import { readPicture } from './picture-file.ts';

const small = ['--model', 'seedream-4', '--size', '512x512', '--provider', 'wavespeed'];
const args = (...more: string[]): string[] => ['batch', 'prompts.csv', ...small, '--out', 'made', ...more];
const made = (cwd: string): Promise<string[]> => readdir(join(cwd, 'made')).then((names) => names.sort());

/** A list of prompts in a folder of its own. */
async function list(...prompts: string[]): Promise<string> {
  const cwd = await scratch();
  await writeFile(join(cwd, 'prompts.csv'), ['prompt', ...prompts].join('\n'));
  return cwd;
}

describe('the pictures of a batch', () => {
  it('are saved once when two run at once, so that a second picture is asked for later', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen(slow);
    const cwd = await list('a fox');
    const both = [start(args(), { cwd, env }), start(args(), { cwd, env })];
    await until(() => both.some((each) => each.output().stderr.includes('waiting for it')));
    await clock.forward(slow.generationTime.fixed);
    for (const each of both) expect(await each.ended).toMatchObject({ exitCode: 0 });
    expect(await made(cwd)).toEqual([expect.stringMatching(/^a-fox-\w{10}\.jpg$/)]);
    const second = start(args('-n', '2'), { cwd, env });
    await until(() => emulator.jobs().length === 2);
    await clock.forward(slow.generationTime.fixed);
    expect(await second.ended).toMatchObject({ exitCode: 0 });
    expect(await made(cwd)).toHaveLength(2);
  });

  it('are no pictures when they were emptied', async () => {
    const { emulator, env } = await listen();
    const cwd = await list('a fox', 'a hare');
    await run(args(), { cwd, env });
    const [fox = '', hare = ''] = (await made(cwd)).map((name) => join(cwd, 'made', name));
    await truncate(fox);
    const { stdout } = await run(args(), { cwd, env });
    expect(stdout).toContain('2  fetched');
    expect(stdout).toContain('3  there');
    expect(await readPicture(fox)).toMatchObject({ width: 512 });
    expect(await readPicture(hare)).toMatchObject({ width: 512 });
    expect(await made(cwd)).toHaveLength(2);
    expect(emulator.charges()).toHaveLength(2);
  });
});

describe('what only has the name of a picture', () => {
  it.each([
    ['a link that leads nowhere', (path: string) => symlink('nowhere', path)],
    ['a folder', async (path: string) => void (await mkdir(path))],
  ])('is none: %s stays, and the picture is fetched beside it', async (_, place) => {
    const { emulator, env } = await listen();
    const cwd = await list('a fox');
    await run(args(), { cwd, env });
    const [name = ''] = await made(cwd);
    await rm(join(cwd, 'made', name));
    await place(join(cwd, 'made', name));
    const { exitCode, stdout } = await run(args(), { cwd, env });
    const beside = name.replace('.jpg', '~2.jpg');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `2  fetched  made/${beside}\n` });
    expect(await readPicture(join(cwd, 'made', beside))).toMatchObject({ width: 512 });
    expect(await readdir(cwd)).not.toContain('nowhere');
    expect(emulator.charges()).toHaveLength(1);
  });
});

describe('a reference picture of a row', () => {
  /** A table in a folder of its own, with a picture beside it and another one where the command is called. */
  async function place(image: string, ...images: string[]) {
    const { emulator, env } = await listen();
    const cwd = await scratch();
    await mkdir(join(cwd, 'tables'));
    await writeFile(join(cwd, 'tables', 'p.csv'), ['prompt,image', `a fox,${image}`, 'a hare,'].join('\n'));
    const head = Buffer.from('89504e470d0a1a0a', 'hex');
    for (const name of images) await writeFile(join(cwd, name), Buffer.concat([head, Buffer.from(name)]));
    const flags = ['--model', 'seedream-4', '--provider', 'wavespeed', '--out', 'made'];
    return {
      cwd,
      emulator,
      ask: (...more: string[]) => run(['batch', 'tables/p.csv', ...flags, ...more], { cwd, env }),
    };
  }

  it('is meant from the folder of the table, and one of the command from where that is called', async () => {
    const { emulator, ask } = await place('ref.png', 'tables/ref.png', 'other.png');
    expect(await ask('--image', 'other.png')).toMatchObject({ exitCode: 0 });
    const sent = emulator.jobs().map(({ input }) => input);
    expect(sent).toHaveLength(2);
    const pictureOf = (prompt: string) => sent.find((each) => each.prompt === prompt)?.images;
    expect(pictureOf('a fox')).toHaveLength(1);
    expect(pictureOf('a fox')).not.toEqual(pictureOf('a hare'));
  });

  it('is not looked for where the command is called', async () => {
    const { emulator, ask } = await place('ref.png', 'ref.png');
    const { exitCode, stderr } = await ask();
    expect(stderr).toMatch(/tables\/p\.csv, row 2, column image: --image \S+\/tables\/ref\.png: there is no such file/);
    expect({ exitCode, requests: emulator.requests() }).toEqual({ exitCode: 2, requests: [] });
  });

  it('makes the same row wherever the table and it are moved together', async () => {
    const { cwd, emulator, ask } = await place('ref.png', 'tables/ref.png');
    await ask();
    await rename(join(cwd, 'tables'), join(cwd, 'old'));
    await mkdir(join(cwd, 'tables', 'pictures'), { recursive: true });
    await rename(join(cwd, 'old', 'ref.png'), join(cwd, 'tables', 'pictures', 'same.png'));
    await writeFile(join(cwd, 'tables', 'p.csv'), 'prompt,image\na fox,pictures/same.png');
    expect((await ask()).stdout).toContain('2  there');
    expect(emulator.charges()).toHaveLength(2);
  });
});

describe('a file that came under the name of a picture meanwhile', () => {
  it('stays, and the picture does not take the name of another picture of its row', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen(slow);
    const cwd = await list('a fox');
    const first = start(args(), { cwd, env });
    await until(() => emulator.jobs().length === 1);
    await clock.forward(slow.generationTime.fixed);
    await first.ended;
    const [name = ''] = await made(cwd);
    await rm(join(cwd, 'made', name));
    const second = start(args('--ledger', 'other/'), { cwd, env });
    await until(() => emulator.jobs().length === 2);
    await writeFile(join(cwd, 'made', name), 'something else');
    await clock.forward(slow.generationTime.fixed);
    expect(await second.ended).toMatchObject({ exitCode: 0 });
    expect(await made(cwd)).toEqual([name, name.replace('.jpg', '~2.jpg')]);
    expect(await readFile(join(cwd, 'made', name), 'utf8')).toBe('something else');
  });
});

/** A folder in which nobody makes a file: not root either, where that can be. */
const closed = process.platform === 'linux' ? '/proc/sys' : '/usr';

describe('a place that cannot be', () => {
  it.each<[string, string]>([
    ['p.csv', '--out p.csv: this is a file, so nothing was sent: batch needs a folder'],
    ['made/x.jpg', '--out made/x.jpg: this is the name of one picture, so nothing was sent'],
    [closed, `The folder ${closed} cannot be written to (`],
  ])('is refused in plain words: --out %s', async (out, words) => {
    const { emulator, env } = await listen();
    const cwd = await list('a fox');
    await writeFile(join(cwd, 'p.csv'), 'prompt\na fox');
    const { exitCode, stderr } = await run(['batch', 'prompts.csv', ...small, '--out', out], { cwd, env });
    expect({ exitCode, requests: emulator.requests() }).toEqual({ exitCode: 2, requests: [] });
    expect(stderr).toContain(words);
    expect(await readdir(join(cwd, 'made')).catch(() => [])).toEqual([]);
  });

  it('is not a folder that is called like a picture', async () => {
    const { env } = await listen();
    const cwd = await list('a fox');
    await mkdir(join(cwd, 'folder.jpg'));
    const { stdout } = await run(['batch', 'prompts.csv', ...small, '--out', 'folder.jpg'], { cwd, env });
    expect(stdout).toContain('saved  folder.jpg/a-fox-');
  });

  it('is a file that is no ledger: it is refused once, before anything is sent', async () => {
    const { emulator, env } = await listen();
    const cwd = await list('a fox', 'a hare');
    const before = await readFile(join(cwd, 'prompts.csv'), 'utf8');
    const { exitCode, stdout, stderr } = await run(args('--ledger', 'prompts.csv'), { cwd, env });
    expect({ exitCode, stdout, requests: emulator.requests() }).toEqual({ exitCode: 2, stdout: '', requests: [] });
    expect(stderr).toContain('--ledger prompts.csv: ');
    expect(stderr).not.toContain('may have been charged');
    expect(await readFile(join(cwd, 'prompts.csv'), 'utf8')).toBe(before);
  });
});

describe('options of a batch', () => {
  it('are refused as flags are: --concurrency 0', async () => {
    const cwd = await list('a fox');
    const { exitCode, stderr } = await run(args('--concurrency', '0'), { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("option '--concurrency <count>' argument '0' is invalid. It must be 1 or more.");
  });

  it('are a time for one row, as a flag and as a column', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen({ generationTime: { fixed: 40_000 } });
    const cwd = await list();
    await writeFile(join(cwd, 'prompts.csv'), 'prompt,timeout\na fox,20s\na hare,\n');
    const running = start(args('--timeout', '90s'), { cwd, env });
    await until(() => emulator.jobs().length === 2);
    await clock.forward(45_000);
    const { stdout } = await running.ended;
    expect(stdout).toMatch(/^2 {2}failed {2}/m);
    expect(stdout).toMatch(/^3 {2}saved {2}/m);
  });

  it('are quiet on request: only the rows are printed', async () => {
    const { env } = await listen();
    const cwd = await list('a fox');
    expect(await run(args('-q', '-m', 'seedream-4'), { cwd, env })).toMatchObject({
      ...{ exitCode: 0, stderr: '' },
      stdout: expect.stringContaining('2  saved'),
    });
  });

  it('are that nothing is drawn without a key: --no-emulate', async () => {
    const cwd = await list('a fox');
    const { exitCode, stderr } = await run(args('--no-emulate'), { cwd });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('There is no API key, so nothing was sent');
    expect(await readdir(cwd)).toEqual(['prompts.csv']);
  });
});

describe('results that cannot be written', () => {
  it('are said once, what was begun is saved, and no more rows are paid for', async () => {
    const { emulator, env } = await listen();
    const cwd = await list('a fox', 'a hare', 'an owl');
    // As on a full disk: this file is open for reading alone.
    const stdout = openSync(join(cwd, 'prompts.csv'), 'r');
    const { ended } = spawnCli(args('--concurrency', '1'), { cwd, env, stdout });
    const { exitCode, stderr } = await ended;
    closeSync(stdout);
    expect(stderr.match(/error: the results cannot be written to stdout \(E[A-Z]+\)/g)).toHaveLength(1);
    expect(stderr).toContain('so no more rows were started; what was begun is saved.');
    expect(stderr).toContain('3 rows: 1 saved, 2 not begun, 0.027 USD charged');
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(exitCode).toBe(1);
    expect(await made(cwd)).toHaveLength(1);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('because their reader went away cost no more pictures, and the same command goes on', async () => {
    const { emulator, env } = await listen();
    const cwd = await list('a fox', 'a hare', 'an owl');
    const { child, ended } = spawnCli(args('--concurrency', '1'), { cwd, env });
    child.stdout?.destroy();
    const { exitCode, stderr } = await ended;
    expect(stderr).toContain('Nobody reads stdout any more');
    expect(stderr).not.toContain('EPIPE');
    expect({ exitCode, made: await made(cwd) }).toEqual({ exitCode: 1, made: [expect.stringMatching(/^a-fox-/)] });
    expect(emulator.charges()).toHaveLength(1);
    expect(await run(args(), { cwd, env })).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2  there') });
    expect(await made(cwd)).toHaveLength(3);
    expect(emulator.charges()).toHaveLength(3);
  });

  it('are no harm where every row was begun', async () => {
    const { emulator, env } = await listen();
    const cwd = await list('a fox');
    const { child, ended } = spawnCli(args(), { cwd, env });
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ exitCode: 0 });
    expect(await made(cwd)).toHaveLength(1);
    expect(emulator.charges()).toHaveLength(1);
  });
});
