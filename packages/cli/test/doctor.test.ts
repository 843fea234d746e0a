import { chmod, link, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen, run, scratch, start, until } from './harness.ts';

describe('imageport doctor', () => {
  it('finds everything well, with one free question to each host', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const { exitCode, stdout } = await run(['doctor'], { cwd, env });
    expect(exitCode, stdout).toBe(0);
    for (const line of [`node: ${process.version}`, 'wavespeed: takes the key', 'apiframe: takes the key']) {
      expect(stdout).toContain(`ok       ${line}`);
    }
    expect(stdout).toContain('ok       clock: agrees with that of wavespeed');
    expect(stdout).toMatch(/ok {7}ledger: .* can be written/);
    expect(
      emulator
        .requests()
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual(['GET /apiframe/v2/me', 'GET /wavespeed/api/v3/balance']);
    expect(stdout).not.toContain(env.WAVESPEED_API_KEY);
  });

  it('needs no key', async () => {
    const { exitCode, stdout } = await run(['doctor'], { cwd: await scratch() });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('warning  keys: there is none, so imageport generate draws pictures locally');
  });

  it.each([
    ['a blank key', { WAVESPEED_API_KEY: ' ' }, 3, 'WAVESPEED_API_KEY is set but blank'],
    ['a wrong key', { WAVESPEED_API_KEY: 'wrong-key-0123456789' }, 3, 'refuses the key in WAVESPEED_API_KEY'],
    ['a host that nobody reaches', { WAVESPEED_BASE_URL: 'http://127.0.0.1:2' }, 5, 'cannot be reached'],
    ['a home that cannot be written', { IMAGEPORT_LEDGER: '/dev/null/none/' }, 5, 'cannot be written (EEXIST)'],
  ])('tells %s, and exits as a call would', async (_, wrong, code, says) => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const { exitCode, stdout } = await run(['doctor'], { cwd, env: { ...env, ...wrong } });
    expect(stdout).toContain(says);
    expect(exitCode).toBe(code);
    expect(stdout).not.toContain('wrong-key');
  });

  it('tells a fault of the host', async () => {
    const [cwd, { env }] = [
      await scratch(),
      await listen({ faults: [{ host: 'apiframe', on: 'probe', status: 503 }] }),
    ];
    const { exitCode, stdout } = await run(['doctor', '--json'], { cwd, env });
    expect(exitCode).toBe(5);
    const { findings } = JSON.parse(stdout);
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'apiframe', state: 'problem', code: 'unavailable' }),
    );
    expect(findings).toContainEqual(expect.objectContaining({ check: 'wavespeed', state: 'ok' }));
  });

  it.each([
    [120_000, 'is 120 s behind that of wavespeed'],
    [-3_600_000, 'is 3600 s ahead of that of wavespeed'],
  ])('tells that the hosts are %i ms ahead', async (clockSkew, says) => {
    const [cwd, { env }] = [await scratch(), await listen({ clockSkew })];
    const { exitCode, stdout } = await run(['doctor'], { cwd, env });
    expect(exitCode).toBe(0);
    const [, seconds = ''] = /warning {2}clock: is (\d+) s/.exec(stdout) ?? [];
    expect(Math.abs(Number(seconds) - Math.abs(clockSkew) / 1000)).toBeLessThanOrEqual(2);
    expect(stdout).toContain(says.replace(/\d+ s/, `${seconds} s`));
  });

  it('asks nobody where a config would send the keys elsewhere', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const { WAVESPEED_API_KEY = '', WAVESPEED_BASE_URL: baseUrl } = env;
    await writeFile(join(cwd, 'imageport.config.json'), JSON.stringify({ providers: { wavespeed: { baseUrl } } }));
    const { exitCode, stdout } = await run(['doctor'], { cwd, env: { WAVESPEED_API_KEY } });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('problem  config: imageport.config.json');
    expect(emulator.requests()).toEqual([]);
  });

  it.each([
    ['a file that is no ledger', 'NOTES.md', 'is not a ledger'],
    ['a symbolic link to one', 'soft', 'is not a ledger'],
    ['a hard link to one', 'hard', 'is not a ledger'],
    ['a name that is too long', 'n'.repeat(400), 'cannot be written (ENAMETOOLONG)'],
    ['a name whose lock would be too long', 'n'.repeat(250), 'cannot be written (ENAMETOOLONG)'],
  ])('does not call %s a ledger that can be written, and leaves it alone', async (_, name, says) => {
    const cwd = await scratch();
    const notes = join(cwd, 'NOTES.md');
    await writeFile(notes, '# my notes\n');
    await chmod(notes, 0o644);
    await Promise.all([symlink(notes, join(cwd, 'soft')), link(notes, join(cwd, 'hard'))]);
    const { exitCode, stdout } = await run(['doctor'], { cwd, env: { IMAGEPORT_LEDGER: name } });
    expect(stdout).toMatch(/problem +ledger: /);
    expect(stdout).toContain(says);
    expect(stdout).not.toContain('can be written\n');
    expect(exitCode).toBe(5);
    expect([await readFile(notes, 'utf8'), (await stat(notes)).mode & 0o777]).toEqual(['# my notes\n', 0o644]);
  });

  it('takes a link to a ledger for that ledger', async () => {
    const cwd = await scratch();
    await writeFile(join(cwd, 'own.jsonl'), '');
    await symlink(join(cwd, 'own.jsonl'), join(cwd, 'soft'));
    const { exitCode, stdout } = await run(['doctor'], { cwd, env: { IMAGEPORT_LEDGER: 'soft' } });
    expect(stdout).toMatch(/ok +ledger: .*soft can be written/);
    expect([exitCode, stdout.includes('damaged')]).toEqual([0, false]);
  });

  it('counts what is unfinished', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'never' }] })];
    const running = start(['generate', 'a fox'], { cwd, env });
    await until(() => emulator.requests().some(({ kind }) => kind === 'poll'));
    running.signal('SIGINT');
    await running.ended;
    expect((await run(['doctor'], { cwd, env })).stdout).toContain(
      'warning  ledger: 1 unfinished: imageport jobs says',
    );
  });
});
