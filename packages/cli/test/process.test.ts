import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { envOf, listen, scratch, spawnCli, until } from './harness.ts';
import { readPicture } from './picture-file.ts';

describe('imageport as a process', () => {
  it('makes a picture on the first run, without any key, and says who drew it', async () => {
    const cwd = await scratch();
    const { exitCode, stdout, stderr } = await spawnCli(['generate', 'a lighthouse in fog'], { cwd }).ended;
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'No API key found, so this picture is drawn locally by the emulator: no model made it, nothing was charged.',
    );
    expect(stderr).toContain('WAVESPEED_API_KEY or APIFRAME_API_KEY');
    // Piped, so that there is no phase line.
    expect(stderr.trim().split('\n')).toHaveLength(3);
    expect(stderr).not.toContain('\u001B');
    expect(stdout).toMatch(/^imageport-a-lighthouse-in-fog-\w{8}\.(png|jpg)\n$/);
    expect(await readPicture(join(cwd, stdout.trim()))).toMatchObject({ width: 2048, height: 2048 });
  });

  it('saves the picture even when nobody reads its output', async () => {
    const cwd = await scratch();
    const { child, ended, output } = spawnCli(['generate', 'a fox', '--size', '1024x768'], { cwd });
    child.stdout?.destroy();
    const { exitCode } = await ended;
    expect(exitCode).toBe(0);
    expect(output().stderr).not.toMatch(/EPIPE| at /);
    expect(await readdir(cwd)).toHaveLength(1);
  });

  it('sends nothing when the folder cannot be written to', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    await chmod(cwd, 0o555);
    // Root may write anywhere, so it becomes nobody.
    const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const { exitCode, stderr } = await spawnCli(['generate', 'a fox'], { cwd, env, ...user }).ended;
    await chmod(cwd, 0o755);
    expect(stderr).toContain('The folder . cannot be written to (EACCES), so nothing was sent');
    expect(exitCode).toBe(2);
    expect(emulator.requests()).toEqual([]);
  });

  it.each([
    ['jobs', 'ledgers/'],
    ['resume', 'ledgers/'],
    ['jobs', 'ledgers/one.jsonl'],
    ['jobs', 'one.jsonl/'],
  ])('says that nobody knows what is unfinished where it may not look: %s --ledger %s', async (command, ledger) => {
    const [cwd, { env }] = [await scratch(), await listen()];
    await mkdir(join(cwd, 'ledgers'));
    await writeFile(join(cwd, 'one.jsonl'), '');
    await chmod(join(cwd, 'ledgers'), 0);
    await chmod(cwd, 0o755);
    const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const { exitCode, stdout, stderr } = await spawnCli([command, '--ledger', ledger], { cwd, env, ...user }).ended;
    await chmod(join(cwd, 'ledgers'), 0o755);
    expect(stderr).toMatch(/^error: The ledger \S+ cannot be read \((EACCES|ENOTDIR)\): make it readable, or give/m);
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
  });

  it('starts no row of a batch where its ledger may not be read', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    await mkdir(join(cwd, 'ledgers'));
    await writeFile(join(cwd, 'prompts.csv'), 'prompt\na fox');
    await chmod(join(cwd, 'ledgers'), 0);
    await chmod(cwd, 0o777);
    const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    for (const ledger of ['ledgers/', 'ledgers/one.jsonl']) {
      const { exitCode, stdout, stderr } = await spawnCli(['batch', 'prompts.csv', '--ledger', ledger], {
        ...{ cwd, env },
        ...user,
      }).ended;
      expect(stderr).toMatch(/The ledger \S+ cannot be read \(EACCES\)/);
      expect({ stdout, isRefused: exitCode === 2 || exitCode === 5 }).toEqual({ stdout: '', isRefused: true });
    }
    await chmod(join(cwd, 'ledgers'), 0o755);
    expect(emulator.requests()).toEqual([]);
  });

  it('names the paid job when Ctrl-C ends it, and never the key', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'never' }] })];
    const { child, ended } = spawnCli(['generate', 'a fox'], { cwd, env });
    await until(() => emulator.requests().some(({ kind }) => kind === 'poll'));
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    expect(stderr).toContain(`Job ${emulator.jobs()[0]?.id} (wavespeed:seedream-4) is paid and goes on at wavespeed`);
    expect(stderr).not.toContain(envOf(emulator).WAVESPEED_API_KEY);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('emulates both hosts until Ctrl-C, and counts the charges', async () => {
    const cwd = await scratch();
    const emulate = spawnCli(['emulate', '--port', '0', '--generation-time', '10ms'], { cwd });
    await until(() => emulate.output().stderr.includes('Ctrl-C ends it'));
    const lines = emulate.output().stdout.trim().split('\n');
    expect(lines.every((line) => line.startsWith('export '))).toBe(true);
    const env = Object.fromEntries(lines.map((line) => line.slice('export '.length).split('=', 2)));
    const made = await spawnCli(['generate', 'a fox', '-p', 'apiframe', '--size', '1024x1024'], { cwd, env }).ended;
    expect(made.exitCode).toBe(0);
    expect(made.stderr).toContain(`apiframe is asked at ${env.APIFRAME_BASE_URL}, as APIFRAME_BASE_URL says.`);
    emulate.child.kill('SIGINT');
    const { exitCode, stderr } = await emulate.ended;
    expect(exitCode).toBe(0);
    expect(stderr).toContain('1 job was accepted');
    expect(stderr).toContain('apiframe: 3 credits for 1');
  });
});
