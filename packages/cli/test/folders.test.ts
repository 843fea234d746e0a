import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { longestNameOf } from '../src/save.ts';
import { listen, run, scratch, stateOf } from './harness.ts';

const fox = ['generate', 'a fox', '--model', 'wavespeed:seedream-3', '--size', '512x512'];

/** What the system allows for a whole path, with the NUL at its end. */
const longestPath = process.platform === 'darwin' ? 1024 : 4096;

/** A folder whose path has so many bytes. */
async function folderOf(length: number): Promise<string> {
  let path = await scratch();
  for (let left = length - path.length; left > 0; left = length - path.length) {
    path = join(path, 'f'.repeat(left > 200 ? Math.min(199, left - 102) : left - 1));
  }
  await mkdir(path, { recursive: true });
  return path;
}

describe('a whole path that is too long', () => {
  it.for([
    ['of one name', (folder: string) => ['-o', join(folder, `${'n'.repeat(250)}.png`)]],
    ['of one of several', (folder: string) => ['-n', '2', '-o', join(folder, `${'n'.repeat(248)}.png`)]],
    ['of a name of our own', (folder: string) => ['-o', folder]],
  ] as const)('is found out before anything is sent: %s', async ([what, out]) => {
    const own = Buffer.byteLength(longestNameOf('a fox'));
    const length = what === 'of a name of our own' ? longestPath - own - 1 : longestPath - 254;
    const [folder, { emulator, env }] = [await folderOf(length), await listen()];
    const { exitCode, stderr } = await run([...fox, ...out(folder)], { cwd: await scratch(), env });
    expect(stderr).toContain('too long (ENAMETOOLONG), so nothing was sent: give --out another place');
    expect(exitCode).toBe(2);
    expect(emulator.requests()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is used as far as it goes', async () => {
    const [folder, { emulator, env }] = [await folderOf(longestPath - 1 - 255), await listen()];
    const path = join(folder, `${'n'.repeat(250)}.png`);
    const { exitCode } = await run([...fox, '-o', path], { cwd: await scratch(), env });
    expect(exitCode).toBe(0);
    expect(await readdir(folder)).toEqual([`${'n'.repeat(250)}.png`]);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('is found out by a batch as well', async () => {
    const [folder, cwd, { emulator, env }] = [await folderOf(longestPath - 55), await scratch(), await listen()];
    await writeFile(join(cwd, 'prompts.csv'), 'prompt\na fox in the first snow of the winter\n');
    const { stderr } = await run(['batch', 'prompts.csv', '-o', folder], { cwd, env });
    expect(stderr).toContain('too long (ENAMETOOLONG)');
    expect(emulator.requests()).toEqual([]);
  });
});

describe('the folder where this user’s ledgers are', () => {
  const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

  it('is for this user alone, and made so where others may write in it', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const state = join(stateOf(cwd), 'imageport');
    const folders = [state, join(state, 'ledgers')];
    const own = { cwd, env: { ...env, IMAGEPORT_LEDGER: '' } };
    expect(await run(fox, own)).toMatchObject({ exitCode: 0 });
    for (const folder of folders) expect(await modeOf(folder)).toBe(0o700);
    for (const folder of folders) await chmod(folder, 0o777);
    expect(await run(['jobs'], own)).toMatchObject({ exitCode: 0 });
    for (const folder of folders) expect(await modeOf(folder)).toBe(0o700);
  });

  it('stays as it is where others may not write in it, and so does a folder that the user named', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const [state, named] = [join(stateOf(cwd), 'imageport'), join(cwd, 'ledgers')];
    await mkdir(join(state, 'ledgers'), { recursive: true });
    await mkdir(named);
    await chmod(named, 0o777);
    for (const folder of [state, join(state, 'ledgers')]) await chmod(folder, 0o755);
    expect(await run(['jobs'], { cwd, env: { ...env, IMAGEPORT_LEDGER: '' } })).toMatchObject({ exitCode: 0 });
    expect(await run([...fox, '--ledger', `${named}/`], { cwd, env })).toMatchObject({ exitCode: 0 });
    expect(await modeOf(join(state, 'ledgers'))).toBe(0o755);
    expect(await modeOf(named)).toBe(0o777);
  });
});
