import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ledgersOf, listen, polled, run, scratch, spawnCli, start, until } from './harness.ts';

const prompt = 'a lighthouse in fog at dawn';

/** A gateway inside this process, and where it listens. */
async function serve(args: readonly string[], options: Parameters<typeof start>[1]) {
  const gateway = start(['gateway', '--port', '0', ...args], options);
  onTestFinished(async () => {
    gateway.signal('SIGTERM');
    await gateway.ended;
  });
  await until(() => gateway.output().stdout.includes('/v1\n'));
  return { ...gateway, url: gateway.output().stdout.trim() };
}

const ask = (url: string, body: object = {}, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ prompt, ...body }),
  });

const modelsOf = async (url: string): Promise<string[]> =>
  ((await (await fetch(`${url}/models`)).json()) as { data: { id: string }[] }).data.map(({ id }) => id);

it('killed in mid-job, started again and asked the same, it hands over the picture that is paid', async () => {
  const [cwd, { emulator, env }] = [await scratch(), await listen({ generationTime: { fixed: 3_000 } })];
  const first = spawnCli(['gateway', '--port', '0'], { cwd, env });
  await until(() => first.output().stdout.includes('/v1\n'));
  const lost = ask(first.output().stdout.trim());
  await until(() => polled(emulator) === 1);
  first.child.kill('SIGKILL');
  await expect(lost).rejects.toThrow();
  await first.ended;
  const second = spawnCli(['gateway', '--port', '0'], { cwd, env });
  await until(() => second.output().stdout.includes('/v1\n'));
  const url = second.output().stdout.trim();
  const response = await ask(url);
  expect([response.status, response.headers.get('x-imageport-replayed')]).toEqual([200, 'true']);
  expect(((await response.json()) as { data: unknown[] }).data).toHaveLength(1);
  expect(emulator.charges()).toHaveLength(1);
  const third = await ask(url);
  expect([third.status, third.headers.get('x-imageport-replayed')]).toEqual([200, null]);
  await third.arrayBuffer();
  expect(emulator.charges()).toHaveLength(2);
  second.child.kill('SIGTERM');
  expect((await second.ended).exitCode).toBe(0);
  expect((await run(['jobs'], { cwd, env })).stdout).toBe('');
});

it('serves the usual model at both hosts where there is no config, and logs no prompt', async () => {
  const [cwd, { emulator, env }] = [await scratch(), await listen()];
  const { url, output } = await serve([], { cwd, env });
  expect(await modelsOf(url)).toEqual(['seedream-4']);
  const response = await ask(url, { response_format: 'url' });
  const { data } = (await response.json()) as { data: { url: string }[] };
  expect(data[0]?.url).toMatch(new RegExp(`^${url}/images/files/`));
  expect((await fetch(data[0]?.url ?? '')).status).toBe(200);
  await until(() => output().stderr.includes(' file '));
  expect(output().stderr).toMatch(/^200 generations seedream-4 0\.027 USD; listed \d+\.\d s by open$/m);
  for (const secret of [prompt, emulator.wavespeed.apiKey, emulator.wavespeed.baseUrl.slice(7), '/files/'])
    expect(output().stderr.replace(/^\w+ is asked at .*$/gm, '')).not.toContain(secret);
});

it('reads models and settings of the config, and leaves out what has no key', async () => {
  const [cwd, { env }] = [await scratch(), await listen()];
  const { APIFRAME_API_KEY: _, ...wavespeedOnly } = env as Record<string, string>;
  const config = {
    models: {
      default: 'wavespeed:seedream-4',
      both: ['apiframe:seedream-4', 'wavespeed:seedream-4'],
      far: 'apiframe:seedream-4',
    },
    gateway: { aliases: { 'gpt-image-1': 'default', 'donkey-token': 'both' }, ignore: { '*': ['steps'] } },
  };
  await writeFile(join(cwd, 'imageport.config.json'), JSON.stringify(config));
  const { url, output } = await serve([], { cwd, env: wavespeedOnly });
  expect(await modelsOf(url)).toEqual(['default', 'both', 'gpt-image-1', 'donkey-token']);
  expect(output().stderr).toContain('Left out of far, without an API key of the host: apiframe:seedream-4.');
  expect((await ask(url, { model: 'donkey-token', steps: 3 })).status).toBe(200);
  expect((await ask(url, { steps: 3 })).status).toBe(200);
});

it('keeps keys, budgets and addresses over a restart', async () => {
  const [cwd, { emulator, env }] = [await scratch(), await listen()];
  const made = await run(['gateway', 'new-key', 'ann'], { cwd });
  const [key = '', entry = ''] = made.stdout.trim().split('\n');
  expect(entry).not.toContain(key);
  await writeFile(join(cwd, 'keys.json'), `[${JSON.stringify({ ...JSON.parse(entry), budget: { USD: 0.03 } })}]`);
  const headers = { authorization: `Bearer ${key}` };
  const first = await serve(['--keys', 'keys.json'], { cwd, env });
  expect((await ask(first.url)).status).toBe(401);
  const response = await ask(first.url, { response_format: 'url' }, headers);
  const { data } = (await response.json()) as { data: { url: string }[] };
  first.signal('SIGTERM');
  await first.ended;
  const second = await serve(['--keys', 'keys.json'], { cwd, env });
  expect((await ask(second.url, { prompt: 'a fox' }, headers)).status).toBe(402);
  const path = new URL(data[0]?.url ?? '').pathname;
  expect((await fetch(`${new URL(second.url).origin}${path}`)).status).toBe(200);
  expect(emulator.charges()).toHaveLength(1);
  const secret = (await readdir(ledgersOf(cwd))).find((name) => name.endsWith('.secret')) ?? '';
  expect((await stat(join(ledgersOf(cwd), secret))).mode & 0o077).toBe(0);
});

it('draws locally without a key of any host, and says so', async () => {
  const cwd = await scratch();
  const { url, output } = await serve([], { cwd });
  expect((await ask(url)).status).toBe(200);
  expect(output().stderr).toContain('drawn locally');
});

describe('it does not start', () => {
  it('for everybody on a network without keys', async () => {
    const { exitCode, stderr } = await run(['gateway', '--host', '0.0.0.0', '--port', '0'], { cwd: await scratch() });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('give --keys, or leave out --host')]);
  });

  it.each([
    [{ gateway: { model: ['hero'] } }, '"gateway.model" is not a setting'],
    [{ gateway: { timeout: 5 } }, '"gateway.timeout" must be'],
    [{ gateway: { defaultModel: 'other' } }, '"defaultModel" must be one of'],
    [{ models: { hero: 'wavespeed:seedream-4' }, gateway: { models: ['other'] } }, 'no model named "other"'],
    [{ gateway: 7 }, '"gateway" must be'],
    [{ gatewayKey: 'x' }, 'looks like a secret'],
  ])('with the config %j', async (config, says) => {
    const [cwd, { env }] = [await scratch(), await listen()];
    await writeFile(join(cwd, 'imageport.config.json'), JSON.stringify(config));
    const { exitCode, stderr } = await run(['gateway', '--port', '0'], { cwd, env });
    expect([exitCode === 0, stderr]).toEqual([false, expect.stringContaining(says)]);
  });

  it.each([
    [undefined, 'cannot be read (ENOENT)'],
    ['{', 'it is not JSON'],
    ['{}', 'must be Array'],
    ['[{"id":"ann","sha256":"secret-key"}]', '"0.sha256" must be'],
    [`[${[1, 2].map(() => `{"id":"ann","sha256":"${'a'.repeat(64)}"}`).join()}]`, 'two keys have the id "ann"'],
  ])('with the keys %s', async (text, says) => {
    const cwd = await scratch();
    if (text !== undefined) await writeFile(join(cwd, 'keys.json'), text);
    const { exitCode, stderr } = await run(['gateway', '--keys', 'keys.json', '--port', '0'], { cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(says)]);
    expect(stderr).not.toContain('secret-key');
  });

  it('on a ledger that another one has', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const { url } = await serve([], { cwd, env });
    const second = await run(['gateway', '--port', '0'], { cwd, env });
    expect(second.stdout).toBe('');
    expect(second.exitCode).toBeGreaterThan(0);
    expect(second.stderr).toContain('ledger');
    expect((await ask(url)).status).toBe(200);
  });

  it('on a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const [cwd, { env }] = [await scratch(), await listen()];
    const { exitCode, stderr } = await run(['gateway', '--port', `${port}`], { cwd, env });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`The port ${port} is taken`)]);
  });
});
