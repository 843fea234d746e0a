import { readdirSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { envOf, listen, ownClock, polled, run, scratch, slow, start, until, without } from './harness.ts';
import { readPicture } from './picture-file.ts';

describe('imageport generate', () => {
  it('saves the picture under the words of the prompt and prints nothing else on stdout', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const { exitCode, stdout, stderr } = await run(['generate', 'Ein Schloß, at dawn!', '--size', '1024x768'], {
      cwd,
      env,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^imageport-ein-schloß-at-dawn-\w{8}\.jpg\n$/);
    expect(await readdir(cwd)).toEqual([stdout.trim()]);
    expect(await readPicture(join(cwd, stdout.trim()))).toEqual({ type: 'jpeg', width: 1024, height: 768 });
    expect(stderr).toMatch(/1024x768 jpeg, 0\.027 USD \(listed\), wavespeed:seedream-4, \d+\.\d s\n$/);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('prints one JSON object with --json, with the whole result', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const { exitCode, stdout } = await run(['generate', 'a fox', '--json', '--intent', 'fox-1'], { cwd, env });
    const result = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(Object.keys(result)).toEqual([
      ...['emulated', 'billed', 'intentId', 'images', 'cost', 'applied', 'warnings', 'jobs', 'attempts', 'failures'],
      'timings',
    ]);
    expect(result).toMatchObject({
      intentId: 'fox-1',
      cost: { amount: 0.027, currency: 'USD', source: 'listed' },
      applied: { provider: 'wavespeed', model: 'bytedance/seedream-v4' },
      failures: [],
      emulated: false,
      billed: 'yes',
    });
    const [image] = result.images;
    expect(Object.keys(image)).toEqual([
      'path',
      'url',
      'mediaType',
      'width',
      'height',
      'cut',
      'flagged',
      'seed',
      'job',
    ]);
    expect(image).toMatchObject({ mediaType: 'image/jpeg', width: 2048, height: 2048, job: result.jobs[0] });
    expect(await readPicture(image.path)).toMatchObject({ width: 2048 });
  });

  it('makes several pictures and numbers the file that was named', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const args = [
      'generate',
      'a fox',
      '-m',
      'wavespeed:seedream-3',
      '-n',
      '3',
      '--seed',
      '7',
      '--out',
      'hero.jpg',
      '--size',
      '512x512',
    ];
    const { exitCode, stdout, stderr } = await run(args, { cwd, env });
    expect(exitCode).toBe(0);
    expect(stdout).toBe('hero-1.jpg\nhero-2.jpg\nhero-3.jpg\n');
    expect(stderr).toContain('3 pictures, 512x512 jpeg, 0.081 USD (listed)');
    expect(
      emulator
        .jobs()
        .map(({ input }) => input.seed)
        .sort(),
    ).toEqual([7, 8, 9]);
  });

  it('makes a folder that ends with a slash, and uses one that is there', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const first = await run(['generate', 'a fox', '--out', 'pictures/new/', '--size', '1024x1024'], { cwd, env });
    const second = await run(['generate', 'a fox', '--out', 'pictures/new', '--size', '1024x1024'], { cwd, env });
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(await readdir(join(cwd, 'pictures/new'))).toHaveLength(2);
  });

  it('refuses a name that no file can have before anything is sent', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    for (const out of ['a\0b.png', 'a\0/']) {
      const { exitCode, stderr } = await run(['generate', 'a fox', '--out', out], { cwd, env });
      expect(stderr).toContain('a\\u0000');
      expect(stderr).toContain('holds a NUL, so nothing was sent');
      expect(exitCode).toBe(2);
    }
    expect(emulator.requests()).toEqual([]);
  });

  it('refuses to overwrite a named file before anything is sent', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    await writeFile(join(cwd, 'hero.png'), 'mine');
    const { exitCode, stdout, stderr } = await run(['generate', 'a fox', '--out', 'hero.png'], { cwd, env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(
      'hero.png exists already, so nothing was sent: give --out another name, or a folder (./), or --force',
    );
    expect(await readFile(join(cwd, 'hero.png'), 'utf8')).toBe('mine');
    expect(emulator.requests()).toEqual([]);
  });

  it('takes the next number when a file appears under the name while the host works', async () => {
    const clock = await ownClock();
    const [cwd, { emulator, env }] = [await scratch(), await listen(slow)];
    const running = start(['generate', 'a fox', '--out', 'hero.jpg', '--size', '1024x1024'], { cwd, env });
    await until(() => emulator.jobs().length === 1);
    await writeFile(join(cwd, 'hero.jpg'), 'mine');
    await clock.forward(slow.generationTime.fixed);
    const { exitCode, stdout } = await running.ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'hero-2.jpg\n' });
    expect(await readFile(join(cwd, 'hero.jpg'), 'utf8')).toBe('mine');
  });

  it('falls back to the next host and says so', async () => {
    const [cwd, { env }] = [
      await scratch(),
      await listen({ faults: [{ host: 'wavespeed', on: 'submit', status: 402 }] }),
    ];
    const { exitCode, stderr } = await run(['generate', 'a fox', '--size', '1024x1024'], { cwd, env });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'wavespeed:seedream-4: the account has no credit left (HTTP 402, "planned fault"). Top up the account. Going on with apiframe:seedream-4.',
    );
    expect(stderr).toMatch(/3 credits \((listed|reported)\), apiframe:seedream-4/);
  });

  it('says every adaptation as a warning', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const { stderr } = await run(['generate', 'a fox', '--aspect-ratio', '16:9'], { cwd, env });
    expect(stderr).toContain('warning: --aspect-ratio 16:9 became 2720x1530: the model takes only pixels\n');
  });

  it('warns when the named file says something else than what came', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const { exitCode, stderr } = await run(['generate', 'a fox', '--out', 'fox.png', '--size', '1024x1024'], {
      cwd,
      env,
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'warning: fox.png is a file of the type image/jpeg: wavespeed:seedream-4 made no png, and nothing is converted',
    );
  });

  it('draws a phase line on a terminal', async () => {
    const [cwd, { env, emulator }] = [await scratch(), await listen()];
    const { stderr } = await run(['generate', 'a fox'], { cwd, env, terminal: true });
    const phases = ['submitting to wavespeed:seedream-4', `accepted as job ${emulator.jobs()[0]?.id}`, 'downloading'];
    for (const phase of phases) expect(stderr).toContain(phase);
  });

  it('sends a reference picture from a file', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    await run(['generate', 'a fox', '--out', 'fox.jpg', '--size', '1024x1024'], { cwd, env });
    const { exitCode } = await run(
      ['generate', 'in winter', '-i', 'fox.jpg', '-p', 'wavespeed', '--size', '1024x1024'],
      { cwd, env },
    );
    expect(exitCode).toBe(0);
    expect(emulator.jobs().at(-1)?.model).toBe('bytedance/seedream-v4/edit');
  });
});

describe('accounts', () => {
  it('asks the hosts that have a key, WaveSpeedAI first', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    await run(['generate', 'a fox', '--size', '1024x1024'], { cwd, env });
    await run(['generate', 'a fox', '--size', '1024x1024'], { cwd, env: { ...env, WAVESPEED_API_KEY: '' } });
    expect(emulator.jobs().map(({ host }) => host)).toEqual(['wavespeed', 'apiframe']);
  });

  it.each([
    [{ WAVESPEED_API_KEY: '' }, 'WAVESPEED_API_KEY is set but blank'],
    [{ WAVESPEED_API_KEY: ' ', APIFRAME_API_KEY: '\t' }, 'WAVESPEED_API_KEY and APIFRAME_API_KEY are set but blank'],
  ])('refuses a blank key instead of drawing locally: %o', async (env, says) => {
    const cwd = await scratch();
    const { exitCode, stdout, stderr } = await run(['generate', 'a fox', '--json'], { cwd, env });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`error: ${says}, so nothing was sent: put your key there, or unset`);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'unauthenticated', billed: 'no' });
    expect(await readdir(cwd)).toEqual([]);
  });

  it('says that a blank key keeps its host out, where another host has one', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const blank = { ...env, WAVESPEED_API_KEY: '' };
    const { exitCode, stderr } = await run(['generate', 'a fox', '--size', '1024x1024'], { cwd, env: blank });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning: WAVESPEED_API_KEY is blank, so wavespeed is not asked.');
  });

  it('ends with an error without a key where --no-emulate says so', async () => {
    const cwd = await scratch();
    const { exitCode, stderr } = await run(['generate', 'a fox', '--no-emulate'], { cwd });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: 'error: There is no API key, so nothing was sent: set WAVESPEED_API_KEY or APIFRAME_API_KEY\n',
    });
  });

  it('does not draw locally when only the named host has no key', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const args = ['generate', 'a fox', '--provider', 'apiframe', '--json'];
    const { exitCode, stdout, stderr } = await run(args, { cwd, env: without(env, 'APIFRAME_API_KEY') });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('apiframe has no API key (APIFRAME_API_KEY is not set)');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'unauthenticated', billed: 'no' } });
  });

  it('leaves a host without a key out of a route and says so', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const args = ['generate', 'a fox', '--model', 'wavespeed:seedream-4,apiframe:seedream-4', '--size', '1024x1024'];
    const { exitCode, stderr } = await run(args, { cwd, env: without(env, 'WAVESPEED_API_KEY') });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Left out of the route: wavespeed has no API key (WAVESPEED_API_KEY is not set).');
    expect(emulator.jobs().map(({ host }) => host)).toEqual(['apiframe']);
  });

  it('reports a refused key with the host and exit code 3, and never prints it', async () => {
    const [cwd, { env }] = [await scratch(), await listen()];
    const key = 'wrong-key-0123456789';
    const args = ['generate', 'a fox', '--provider', 'wavespeed', '--json'];
    const { exitCode, stdout, stderr } = await run(args, { cwd, env: { ...env, WAVESPEED_API_KEY: key } });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('wavespeed:seedream-4: the API key is missing or was rejected');
    expect(stdout + stderr).not.toContain(key);
  });
});

describe('pictures that are paid but cannot be saved', () => {
  it('gives job and address, and exits with 7', async () => {
    const clock = await ownClock();
    const [cwd, { env, emulator }] = [await scratch(), await listen(slow)];
    const running = start(['generate', 'a fox', '--out', 'gone/', '--json'], { cwd, env });
    await until(() => emulator.jobs().length === 1);
    await rm(join(cwd, 'gone'), { recursive: true });
    await clock.forward(slow.generationTime.fixed);
    const { exitCode, stdout, stderr } = await running.ended;
    const { images } = JSON.parse(stdout);
    expect(exitCode).toBe(7);
    expect(images[0]).toMatchObject({ path: null, url: emulator.jobs()[0]?.outputs[0] });
    expect(stderr).toContain('The picture is made and paid, but it could not be saved: ENOENT');
    expect(stderr).toContain(`It is job ${emulator.jobs()[0]?.id} at wavespeed`);
    expect(stderr).toContain('asking again would pay again');
  });

  it('says where the picture is when the download fails', async () => {
    const [cwd, { env }] = [await scratch(), await listen({ faults: [{ on: 'output', status: 404, times: 9 }] })];
    const { exitCode, stdout, stderr } = await run(['generate', 'a fox'], { cwd, env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    expect(stderr).toContain('could not be downloaded: the file is gone. It is paid; imageport resume fetches it.');
    expect(stderr).toContain('imageport resume --out <folder>/ (asking again would pay again).');
    expect(stderr).toMatch(/for a while it is here: http/);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('tells how to fetch the job that outlives the deadline', async () => {
    const clock = await ownClock();
    const [cwd, { env, emulator }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'never' }] })];
    const running = start(['generate', 'a fox', '--timeout', '20s'], { cwd, env });
    await until(() => polled(emulator) === 1);
    await clock.forward(20_000);
    const { exitCode, stderr } = await running.ended;
    const [job] = emulator.jobs();
    expect(exitCode).toBe(6);
    expect(stderr).toContain(`Job ${job?.id} (wavespeed:seedream-4) is paid and goes on at wavespeed.`);
    expect(stderr).toContain(
      `curl -H "Authorization: Bearer $WAVESPEED_API_KEY" ${envOf(emulator).WAVESPEED_BASE_URL}/api/v3/predictions/${job?.id}/result`,
    );
  });
});

describe('several pictures', () => {
  it('keeps what came, names what did not, and exits with the code of the failure', async () => {
    const clock = await ownClock();
    const [cwd, { env, emulator }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'never' }] })];
    const args = ['generate', 'a fox', '-n', '2', '-p', 'wavespeed', '--timeout', '20s', '--size', '1024x1024'];
    const running = start(args, { cwd, env });
    await until(() => polled(emulator) === 2);
    await clock.forward(20_000);
    const { exitCode, stdout, stderr } = await running.ended;
    const stuck = emulator.jobs().find(({ status }) => status !== 'completed');
    expect(exitCode).toBe(6);
    expect(await readdir(cwd)).toEqual([stdout.trim()]);
    expect(stderr).toContain(`Job ${stuck?.id} (wavespeed:seedream-4) is paid and goes on at wavespeed`);
    expect(stderr.match(/To fetch its picture/g)).toHaveLength(1);
  });

  it('names every paid job when none came in time', async () => {
    const clock = await ownClock();
    const fault = { on: 'submit', job: 'never', times: 2 } as const;
    const [cwd, { env, emulator }] = [await scratch(), await listen({ faults: [fault] })];
    const args = ['generate', 'a fox', '-n', '2', '-p', 'wavespeed', '--timeout', '20s'];
    const running = start(args, { cwd, env });
    await until(() => polled(emulator) === 2);
    await clock.forward(20_000);
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(6);
    for (const { id } of emulator.jobs())
      expect(stderr).toContain(`Job ${id} (wavespeed:seedream-4) is paid and goes on`);
  });
});

describe('interruptions', () => {
  it('names the job that goes on, and that it is paid', async () => {
    const [cwd, { env, emulator }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'never' }] })];
    const running = start(['generate', 'a fox', '--json'], { cwd, env });
    await until(() => emulator.requests().some(({ kind }) => kind === 'poll'));
    running.signal('SIGTERM');
    const { exitCode, stdout, stderr } = await running.ended;
    const [job] = emulator.jobs();
    expect(exitCode).toBe(143);
    expect(stderr).toContain(`Job ${job?.id} (wavespeed:seedream-4) is paid and goes on at wavespeed.`);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'interrupted', billed: 'yes', jobs: [{ id: job?.id }] },
    });
    expect(await readdir(cwd)).toEqual([]);
  });

  it('keeps the pictures that are saved already, and names the job that goes on', async () => {
    const [cwd, { env, emulator }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'never' }] })];
    const running = start(['generate', 'a fox', '-n', '2', '-p', 'wavespeed', '--size', '1024x1024'], { cwd, env });
    const polls = (): number => emulator.requests().filter(({ kind }) => kind === 'poll').length;
    await until(() => readdirSync(cwd).some((name) => /\.jpg$/.test(name)) && readdirSync(cwd).length === 1);
    const before = polls();
    await until(() => polls() > before);
    running.signal('SIGINT');
    const { stdout, stderr } = await running.ended;
    const stuck = emulator.jobs().find(({ status }) => status !== 'completed');
    expect(await readdir(cwd)).toEqual([stdout.trim()]);
    expect(stderr).toContain(`Job ${stuck?.id} (wavespeed:seedream-4) is paid and goes on at wavespeed`);
    expect(stderr.match(/To fetch its picture/g)).toHaveLength(1);
  });

  it('says so when a request was on its way', async () => {
    const [cwd, { env, emulator }] = [await scratch(), await listen({ faults: [{ on: 'submit', hang: true }] })];
    const running = start(['generate', 'a fox'], { cwd, env });
    await until(() => emulator.requests().length > 0);
    running.signal('SIGINT');
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('A request was on its way to wavespeed; it may have been accepted and charged.');
  });

  it('ends at once on the second signal', async () => {
    const [cwd, { env, emulator }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'never' }] })];
    const running = start(['generate', 'a fox'], { cwd, env });
    await until(() => emulator.jobs().length === 1);
    running.signal('SIGINT');
    running.signal('SIGINT');
    await running.ended;
    expect(running.exits).toEqual([130]);
  });
});
