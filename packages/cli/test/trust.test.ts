import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Env, listen, ownClock, polled, run, runOut, scratch, stateOf, until } from './harness.ts';

const name = 'imageport.config.json';
const fox = ['generate', 'a fox', '--size', '1024x1024', '-p', 'wavespeed'];

/** A project whose config leads the key of the environment to another address. */
async function project(more: object = {}, options: Parameters<typeof listen>[0] = {}) {
  const [cwd, { emulator, env }] = [await scratch(), await listen(options)];
  const { WAVESPEED_BASE_URL: baseUrl, WAVESPEED_API_KEY = '' } = env;
  const config = JSON.stringify({ providers: { wavespeed: { baseUrl } }, ...more });
  await writeFile(join(cwd, name), config);
  const key: Env = { WAVESPEED_API_KEY };
  const ask = (...args: string[]) => run(args, { cwd, env: key });
  return { cwd, emulator, env, key, baseUrl: String(baseUrl), config, ask };
}

const commands = [fox, ['resume'], ['jobs', 'settle', '3f2a', '--adopt', 'job-1']] as const;

describe('a config that merely lies in the folder', () => {
  it.for(commands)('sends no key anywhere: %j', async (args) => {
    const { emulator, baseUrl, ask } = await project();
    const { exitCode, stdout, stderr } = await ask(...args, '--json');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `${name}: "providers.wavespeed.baseUrl" would send your key to ${baseUrl}, and nobody has trusted this file, so nothing was sent.`,
    );
    expect(stderr).toContain(`\`imageport trust\` once, or give \`--config ${name}\``);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(emulator.requests()).toEqual([]);
  });

  it('may be overruled by the environment, and harms nobody who has no key for that host', async () => {
    const { cwd, emulator, env, key } = await project();
    expect(await run(fox, { cwd, env: { ...key, WAVESPEED_BASE_URL: String(env.WAVESPEED_BASE_URL) } })).toMatchObject({
      exitCode: 0,
    });
    expect(emulator.charges()).toHaveLength(1);
    expect(await run(['generate', 'a fox', '--size', '1024x768'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  it("may spell the host's own address out", async () => {
    const { cwd, ask } = await project();
    await writeFile(join(cwd, name), '{"providers":{"wavespeed":{"baseUrl":"https://API.wavespeed.ai:443/"}}}');
    expect(await ask('resume')).toMatchObject({ exitCode: 0, stderr: 'No unfinished jobs.\n' });
    expect((await ask('trust')).stderr).toContain('there is nothing to trust');
  });

  it('is shown by check, with whether it is trusted', async () => {
    const { baseUrl, ask } = await project({ models: { hero: 'wavespeed:seedream-3' }, out: 'pictures/' });
    const { exitCode, stdout } = await ask('check', 'a fox');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${name} (not trusted):\n  providers.wavespeed.baseUrl: ${baseUrl}\n    refused until`);
    expect(stdout).toContain('  models.hero: wavespeed:seedream-3\n  out: pictures/\n');
    await ask('trust');
    expect((await ask('check', 'a fox')).stdout).toContain(`${name} (trusted):`);
    expect(JSON.parse((await ask('check', 'a fox', '--json')).stdout).config).toMatchObject({
      ...{ file: name, trust: 'remembered', settings: { out: 'pictures/' } },
    });
  });
});

describe('imageport trust', () => {
  it('lets this file with this content decide, is private, and is taken back', async () => {
    const { cwd, emulator, baseUrl, ask } = await project();
    const trusted = await ask('trust');
    expect(trusted).toMatchObject({ exitCode: 0, stdout: `wavespeed is asked at ${baseUrl}, with your key\n` });
    const made = await ask(...fox);
    expect(made).toMatchObject({ exitCode: 0 });
    expect(made.stderr).toContain(`wavespeed is asked at ${baseUrl}, as ${name} says.`);
    expect(emulator.charges()).toHaveLength(1);
    const folder = join(stateOf(cwd), 'imageport', 'trusted');
    const [note = '', ...others] = await readdir(folder);
    expect(others).toEqual([]);
    expect((await stat(join(folder, note))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await ask('trust', '--revoke');
    expect(await ask(...fox)).toMatchObject({ exitCode: 2 });
  });

  it('is asked for again when a single character has changed', async () => {
    const { cwd, emulator, config, ask } = await project();
    await ask('trust');
    await writeFile(join(cwd, name), `${config} `);
    const { exitCode, stderr } = await ask(...fox);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the file has changed since it was trusted');
    expect(emulator.requests()).toEqual([]);
  });

  it('is of the real path: a copy elsewhere has it not, a link to the file has it', async () => {
    const { cwd, key, config, ask } = await project();
    await ask('trust');
    const env = { ...key, XDG_STATE_HOME: stateOf(cwd) };
    const [copy, link] = [await scratch(), await scratch()];
    await writeFile(join(copy, name), config);
    await symlink(join(cwd, name), join(link, name));
    expect(await run(['resume'], { cwd: copy, env })).toMatchObject({ exitCode: 2 });
    expect(await run(['resume'], { cwd: link, env })).toMatchObject({ exitCode: 0 });
  });

  it('does not count where others could have written it, or where the project itself brought it', async () => {
    const { cwd, key, ask } = await project();
    await ask('trust');
    const folder = join(stateOf(cwd), 'imageport', 'trusted');
    const [note = ''] = await readdir(folder);
    for (const HOME of ['.', '']) {
      await mkdir(join(cwd, '.local/state/imageport/trusted'), { recursive: true });
      await writeFile(join(cwd, '.local/state/imageport/trusted', note), await readFile(join(folder, note)));
      const env = { ...key, XDG_STATE_HOME: '.local/state', HOME };
      expect(await run(['resume'], { cwd, env })).toMatchObject({ exitCode: 2 });
    }
    await chmod(join(folder, note), 0o622);
    expect(await ask('resume')).toMatchObject({ exitCode: 2 });
  });
});

describe('"out" of a config', () => {
  const put = async (out: string, prepare = async (_cwd: string, _outside: string): Promise<void> => undefined) => {
    const [cwd, outside, { emulator, env }] = [await scratch(), await scratch(), await listen()];
    await prepare(cwd, outside);
    await writeFile(join(cwd, name), JSON.stringify({ out: out.replace('OUTSIDE', outside) }));
    const ended = await run([...fox, '--config', name], { cwd, env });
    return { ...ended, requests: emulator.requests(), outside: await readdir(outside) };
  };

  it.for([
    ['above', '../home/.bash_profile'],
    ['at an absolute path', 'OUTSIDE/.bash_profile'],
    ['up and down again', 'pictures/../../x.png'],
    ['behind a link', 'link/new/'],
    ['behind a link that leads to nothing yet', 'dangling/'],
  ] as const)('does not leave its folder: %s', async ([, out]) => {
    const { exitCode, stderr, requests, outside } = await put(out, async (cwd, there) => {
      await symlink(there, join(cwd, 'link'));
      await symlink(join(there, 'nothing'), join(cwd, 'dangling'));
    });
    expect(stderr).toContain(`${name}: "out" leads out of the folder of this file`);
    expect(stderr).toContain('so nothing was sent: name a place inside it, or give --out');
    expect({ exitCode, requests, outside }).toEqual({ exitCode: 2, requests: [], outside: [] });
  });

  it.for(['..a/', './', 'a/../b/', 'inner/'])('may be anywhere inside: %s', async (out) => {
    const { exitCode } = await put(out, async (cwd) => {
      await mkdir(join(cwd, 'real'));
      await symlink(join(cwd, 'real'), join(cwd, 'inner'));
    });
    expect(exitCode).toBe(0);
  });

  it.for(['fox\0.png', 'pictures\0/'])('is no name that no file can have: %j', async (out) => {
    const { exitCode, stderr, requests } = await put(out);
    expect(stderr).toContain(`${name}: "out" holds a NUL, so nothing was sent`);
    expect({ exitCode, requests }).toEqual({ exitCode: 2, requests: [] });
  });

  it('is refused by resume as well', async () => {
    const clock = await ownClock();
    const [cwd, { emulator, env }] = [await scratch(), await listen({ generationTime: { fixed: 30_000 } })];
    await runOut(fox, clock, { cwd, env }, () => polled(emulator) === 1);
    await writeFile(join(cwd, name), '{"out":"../x.png"}');
    const { exitCode, stderr } = await run(['resume'], { cwd, env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('"out" leads out of the folder');
  });
});

describe('a job', () => {
  it('is not polled at another address by a resume in another folder, and stays unfinished', async () => {
    const clock = await ownClock();
    const { cwd, emulator, key } = await project({}, { generationTime: { fixed: 30_000 } });
    const call = [...fox, '--config', name];
    await runOut(call, clock, { cwd, env: key }, () => polled(emulator) === 1);
    clock.jump(30_000);
    const other = await listen();
    const { origin } = new URL(other.emulator.wavespeed.baseUrl);
    const ledger = { IMAGEPORT_LEDGER: `${cwd}-ledgers/` };
    const elsewhere = { ...key, ...ledger, WAVESPEED_BASE_URL: other.emulator.wavespeed.baseUrl };
    const refused = await run(['resume'], { cwd: await scratch(), env: elsewhere });
    expect(refused.stderr).toMatch(new RegExp(`job \\S+ was accepted at http\\S+, and this account asks ${origin}`));
    expect(refused.exitCode).toBe(2);
    expect(other.emulator.requests()).toEqual([]);
    const [there, here] = [emulator, other.emulator].map(({ wavespeed }) => wavespeed.baseUrl);
    const told = await run(['jobs'], { cwd: await scratch(), env: elsewhere });
    const first = `set WAVESPEED_BASE_URL=${there} first: it was accepted there, and this place asks ${here}\n`;
    expect(told.stdout).toMatch(new RegExp(`${first} *imageport resume   fetches its picture`));
    const same = await run(['jobs'], { cwd, env: { ...elsewhere, WAVESPEED_BASE_URL: emulator.wavespeed.baseUrl } });
    expect(same.stdout).not.toContain('WAVESPEED_BASE_URL');
    const resumed = await run(['resume', '--config', name], { cwd, env: { ...key, ...ledger } });
    expect(resumed).toMatchObject({ exitCode: 0 });
    expect(resumed.stderr).toContain(`as ${name} says.`);
    await until(() => emulator.charges().length === 1);
  });
});
