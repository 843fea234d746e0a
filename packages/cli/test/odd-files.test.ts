import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen, scratch, spawnCli } from './harness.ts';

const flags = { '--image': '-i', '--config': '-c', '--ledger': '--ledger' } as const;

/** Commands of their own process, because what goes wrong here goes on for ever. */
async function ask(flag: keyof typeof flags, path: string, prepare = async (_cwd: string): Promise<void> => undefined) {
  const [cwd, { emulator, env }] = [await scratch(), await listen()];
  await prepare(cwd);
  const { ended } = spawnCli(['generate', 'a fox', flags[flag], path], { cwd, env });
  return { ...(await ended), requests: emulator.requests() };
}

const pipe = async (cwd: string): Promise<void> => void execFileSync('mkfifo', [join(cwd, 'pipe')]);
const folder = async (cwd: string): Promise<void> => void (await mkdir(join(cwd, 'folder')));
const huge = async (cwd: string): Promise<void> => {
  const file = await open(join(cwd, 'huge'), 'w');
  await file.truncate(2 ** 31);
  await file.close();
};

describe('a path that is no file to read', () => {
  it.for([
    ['--image', '/dev/zero', undefined, 'not a regular file'],
    ['--config', '/dev/zero', undefined, 'not a regular file'],
    ['--ledger', '/dev/zero', undefined, 'not a regular file'],
    ['--image', 'pipe', pipe, 'not a regular file'],
    ['--config', 'pipe', pipe, 'not a regular file'],
    ['--ledger', 'pipe', pipe, 'not a regular file'],
    ['--image', 'huge', huge, 'larger than 64 MiB'],
    ['--config', 'huge', huge, 'larger than 1 MiB'],
    ['--ledger', 'huge', huge, 'more than 1 GiB'],
    ['--image', 'folder', folder, 'this is a folder'],
    ['--config', 'folder', folder, 'this is a folder'],
  ] as const)('is refused at once: %s %s', async ([flag, path, prepare, says]) => {
    const { exitCode, stderr, requests } = await ask(flag, path, prepare);
    expect(stderr).toContain(says);
    expect(stderr).toContain(path);
    expect({ exitCode, requests }).toEqual({ exitCode: 2, requests: [] });
    expect(await readdir('/dev')).not.toContain('zero.lock');
  });

  it.for([
    ['--ledger', '/proc/x/'],
    ['--ledger', '/proc/x/ledger.jsonl'],
    ['--out', '/proc/x/'],
  ] as const)('ends where no folder can be made: %s %s', async ([flag, path]) => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const { ended } = spawnCli(['generate', 'a fox', flag, path], { cwd, env });
    const { exitCode, stderr } = await ended;
    expect(stderr).toMatch(/could not be opened.*\(E\w+\)|cannot be made \(E\w+\)/);
    expect(exitCode).toBeGreaterThan(1);
    expect(emulator.requests()).toEqual([]);
  });
});
