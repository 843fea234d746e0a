import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen, ownClock, polled, run, scratch, slow, start, until } from './harness.ts';
import { readPicture } from './picture-file.ts';

const fox = ['generate', 'a fox', '--size', '1024x1024'];

describe('the same --intent and --out again', () => {
  it('prints the path, pays nothing and asks nobody', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const args = [...fox, '--intent', 'fox-1', '--out', 'fox.jpg'];
    const first = await run(args, { cwd, env });
    const asked = emulator.requests().length;
    const again = await run(args, { cwd, env });
    expect(again).toMatchObject({ exitCode: 0, stdout: first.stdout });
    expect(again.stderr).toBe('Saved before for --intent fox-1; nothing was sent, nothing was charged.\n');
    expect(emulator.requests()).toHaveLength(asked);
    expect(await readdir(cwd)).toEqual(['fox.jpg']);
    const json = JSON.parse((await run([...args, '--json'], { cwd, env })).stdout);
    expect(json).toMatchObject({ emulated: false, billed: 'no', intentId: 'fox-1', cost: { amount: 0 } });
    expect(json.images).toMatchObject([{ path: join(cwd, 'fox.jpg'), width: 1024, mediaType: 'image/jpeg' }]);
    expect(json.jobs).toMatchObject([{ id: emulator.jobs()[0]?.id }]);
  });

  it('prints the same paths in a folder, where names come from jobs', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const args = [...fox, '-n', '2', '--intent', 'fox-1', '--out', 'pictures/'];
    const first = await run(args, { cwd, env });
    expect((await run(args, { cwd, env })).stdout).toBe(first.stdout);
    expect(await readdir(join(cwd, 'pictures'))).toHaveLength(2);
    expect(emulator.charges()).toHaveLength(2);
  });

  it('fetches again, for nothing, what was removed', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const args = [...fox, '-n', '2', '--intent', 'fox-1', '--out', 'fox.jpg'];
    await run(args, { cwd, env });
    const kept = await readFile(join(cwd, 'fox-1.jpg'));
    await rm(join(cwd, 'fox-2.jpg'));
    const { exitCode, stdout } = await run(args, { cwd, env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'fox-1.jpg\nfox-2.jpg\n' });
    expect((await readFile(join(cwd, 'fox-1.jpg'))).equals(kept)).toBe(true);
    expect(await readPicture(join(cwd, 'fox-2.jpg'))).toMatchObject({ width: 1024 });
    expect(emulator.charges()).toHaveLength(2);
  });

  it('does not take another file for its picture', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const args = [...fox, '--intent', 'fox-1', '--out', 'fox.jpg'];
    await run(args, { cwd, env });
    await writeFile(join(cwd, 'fox.jpg'), 'mine');
    const { exitCode, stderr } = await run(args, { cwd, env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('fox.jpg exists already, so nothing was sent');
    const other = await run([...fox, '--intent', 'fox-1', '--out', 'other.jpg'], { cwd, env });
    expect(other).toMatchObject({ exitCode: 0, stdout: 'other.jpg\n' });
    expect(emulator.charges()).toHaveLength(1);
  });

  it('saves once when both run at the same time', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const args = [...fox, '--intent', 'fox-1', '--out', 'fox.jpg'];
    const both = [start(args, { cwd, env }), start(args, { cwd, env })];
    const ended = await Promise.all(both.map((each) => each.ended));
    expect(ended.map(({ stdout }) => stdout)).toEqual(['fox.jpg\n', 'fox.jpg\n']);
    expect(await readdir(cwd)).toEqual(['fox.jpg']);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('is what an interruption advises', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'never' }] })];
    const running = start([...fox, '--intent', 'fox-1'], { cwd, env });
    await until(() => emulator.requests().some(({ kind }) => kind === 'poll'));
    running.signal('SIGINT');
    const { stderr } = await running.ended;
    expect(stderr).toContain('Asking again with --intent fox-1 goes on with it and pays nothing more.');
    expect(stderr).not.toContain('pay again');
  });

  it('knows the file that resume fetched after an interruption', async () => {
    const clock = await ownClock();
    const [cwd, { emulator, env }] = [await scratch(), await listen(slow)];
    const args = [...fox, '--intent', 'fox-1', '--out', 'fox.jpg'];
    const running = start(args, { cwd, env });
    await until(() => polled(emulator) === 1);
    running.signal('SIGINT');
    await running.ended;
    const resuming = start(['resume', '--out', 'fox.jpg'], { cwd, env });
    await clock.forward(slow.generationTime.fixed);
    expect(await resuming.ended).toMatchObject({ exitCode: 0, stdout: 'fox.jpg\n' });
    expect(await run(args, { cwd, env })).toMatchObject({ exitCode: 0, stdout: 'fox.jpg\n' });
    expect((await run(args, { cwd, env })).stderr).toContain('Saved before');
    expect(await readdir(cwd)).toEqual(['fox.jpg']);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('never takes a drawing for the picture of a model', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const args = [...fox, '--intent', 'fox-1', '--out', 'pictures/'];
    const drawn = await run(args, { cwd });
    expect((await run(args, { cwd })).stdout).toBe(drawn.stdout);
    expect((await run(args, { cwd, env })).stdout).not.toBe(drawn.stdout);
    expect(emulator.charges()).toHaveLength(1);
  });
});

describe('--force', () => {
  it('replaces the file once the new picture is whole', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    await writeFile(join(cwd, 'fox.jpg'), 'old');
    const { exitCode, stdout } = await run([...fox, '--out', 'fox.jpg', '--force'], { cwd, env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'fox.jpg\n' });
    expect(await readPicture(join(cwd, 'fox.jpg'))).toMatchObject({ width: 1024 });
  });

  it('keeps the old file when no picture comes', async () => {
    const [cwd, { env }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'moderated' }] })];
    await writeFile(join(cwd, 'fox.jpg'), 'old');
    expect((await run([...fox, '--out', 'fox.jpg', '--force'], { cwd, env })).exitCode).toBe(4);
    expect(await readFile(join(cwd, 'fox.jpg'), 'utf8')).toBe('old');
  });

  it('replaces a link, not the file behind it', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    await writeFile(join(cwd, 'mine.txt'), 'mine');
    await symlink('mine.txt', join(cwd, 'fox.jpg'));
    await run([...fox, '--out', 'fox.jpg', '--force'], { cwd, env });
    expect(await readFile(join(cwd, 'mine.txt'), 'utf8')).toBe('mine');
    expect(await readPicture(join(cwd, 'fox.jpg'))).toMatchObject({ width: 1024 });
  });
});
