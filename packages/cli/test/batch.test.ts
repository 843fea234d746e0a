import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ledgersOf, listen, ownClock, run, scratch, slow, spawnCli, start, until, without } from './harness.ts';
import { readPicture } from './picture-file.ts';

/** Small pictures, soon drawn. */
const small = ['--model', 'seedream-3', '--size', '512x512', '--provider', 'wavespeed', '--out', 'made'];

/** A list of prompts in a folder of its own. */
async function list(content: string | Uint8Array, name = 'prompts.csv'): Promise<string> {
  const cwd = await scratch();
  await writeFile(join(cwd, name), content);
  return cwd;
}

const animals = ['a fox', 'a hare', 'an owl', 'a badger', 'a heron', 'a stoat'];
const csv = (prompts: readonly string[]): string => ['prompt', ...prompts].join('\n');
/** Jobs that are not done before the clock is put forward. */
const long = { generationTime: { fixed: 40_000 } } as const;
const batch = (...more: string[]): string[] => ['batch', 'prompts.csv', ...small, ...more];
const made = (cwd: string): Promise<string[]> => readdir(join(cwd, 'made')).then((names) => names.sort());
const lines = (text: string): string[] => text.trimEnd().split('\n').sort();
const json = (text: string) =>
  lines(text)
    .map((line) => JSON.parse(line))
    .sort((a, b) => a.row - b.row);

describe('imageport batch', () => {
  it('makes a picture for every row, with its columns as options, and prints a line for each', async () => {
    const { emulator, env } = await listen();
    const cwd = await list('prompt,size,seed,model\na fox,512x768,7,\n"a hare, asleep",,,seedream-4\n\nan owl,,8,\n');
    const args = ['batch', 'prompts.csv', '-m', 'seedream-3', '--size', '512x512', '-p', 'wavespeed', '-o', 'made'];
    const { exitCode, stdout, stderr } = await run(args, { cwd, env });
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('3 rows: 3 saved, 0.081 USD charged\n'),
    });
    const [fox = '', hare = '', owl = ''] = lines(stdout);
    expect(fox).toMatch(/^2 {2}saved {2}made\/a-fox-\w{10}\.jpg$/);
    expect(hare).toMatch(/^3 {2}saved {2}made\/a-hare-asleep-\w{10}\.jpg$/);
    expect(owl).toMatch(/^5 {2}saved {2}made\/an-owl-\w{10}\.jpg$/);
    const sizeOf = (line: string) => readPicture(join(cwd, line.split('  ')[2] ?? ''));
    expect([await sizeOf(fox), await sizeOf(hare)]).toMatchObject([
      { width: 512, height: 768 },
      { width: 512, height: 512 },
    ]);
    const inputs = emulator.jobs().map(({ model, input }) => [model, input.seed]);
    expect(inputs).toContainEqual(['bytedance/seedream-v3', 7]);
    expect(inputs).toContainEqual(['bytedance/seedream-v4', undefined]);
  });

  it('reads JSON Lines too, and prints one line of JSON for every row with --json', async () => {
    const { env } = await listen({ faults: [{ on: 'submit', job: 'moderated', nth: 2 }] });
    const rows = [
      { prompt: 'a fox', seed: 7 },
      { prompt: 'a hare', aspectRatio: null },
      { prompt: 'an owl', intent: 'owl-1', images: [] },
    ];
    const cwd = await list(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`, 'prompts.jsonl');
    const args = ['batch', 'prompts.jsonl', ...small, '--json', '--concurrency', '1'];
    const { exitCode, stdout } = await run(args, { cwd, env });
    expect(exitCode).toBe(4);
    const [fox, hare, owl] = json(stdout);
    expect(Object.keys(fox)).toEqual([
      'emulated',
      'row',
      'outcome',
      'intentId',
      'prompt',
      'paths',
      'billed',
      'spent',
      'jobs',
      'warnings',
    ]);
    expect(fox).toMatchObject({
      emulated: false,
      row: 1,
      outcome: 'saved',
      prompt: 'a fox',
      billed: 'yes',
      spent: { USD: 0.027 },
    });
    expect(hare).toMatchObject({ row: 2, outcome: 'failed', paths: [], error: { code: 'moderated' } });
    expect(owl).toMatchObject({ row: 3, outcome: 'saved', intentId: 'batch/owl-1' });
    expect(owl.paths[0]).toMatch(/made\/owl-1-\w{10}\.jpg$/);
  });

  it('draws by itself where there is no key, and a key makes pictures of their own', async () => {
    const { emulator, env } = await listen();
    const cwd = await list(csv(['a fox']));
    const first = await run(batch(), { cwd });
    expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('1 rows: 1 saved, nothing charged') });
    expect(first.stderr).toContain('No API key found');
    expect((await run(batch(), { cwd })).stdout).toBe(first.stdout.replace('saved', 'there'));
    expect(await run(batch('--json'), { cwd, env })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('"saved"'),
    });
    expect(await made(cwd)).toHaveLength(2);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('shows how all pictures stand on a terminal', async () => {
    const { env } = await listen();
    const cwd = await list('prompt,n\na fox,2\na hare,1\n');
    const { exitCode, stderr } = await run(batch(), { cwd, env, terminal: true });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('0 of 3 done');
    expect(stderr).toContain('3 of 3 done');
  });
});

describe('Ctrl-C without a key', () => {
  it('leaves nothing behind, and says nothing of money', async () => {
    const cwd = await list(csv(animals));
    const running = start(batch(), { cwd });
    await until(() => running.output().stdout !== '' || running.output().stderr.includes('WAVESPEED_API_KEY or'));
    running.signal('SIGINT');
    const { exitCode, stdout, stderr } = await running.ended;
    expect(exitCode).toBe(130);
    expect(`${stdout}${stderr}`).not.toMatch(/paid|charged: /);
    expect(stderr).toContain('The same command again draws the rest.');
  });
});

describe('the same rows again', () => {
  it('are paid once, also after kill -9 in the middle', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen(long);
    const cwd = await list(csv(animals));
    const { child, ended } = spawnCli(batch('--concurrency', '2'), { cwd, env });
    await until(() => emulator.jobs().length === 2);
    await clock.forward(long.generationTime.fixed);
    await until(() => emulator.jobs().length === 4);
    child.kill('SIGKILL');
    await ended;
    expect(await made(cwd)).not.toEqual([]);
    const again = start(batch(), { cwd, env });
    await until(() => emulator.jobs().length === animals.length);
    await clock.forward(long.generationTime.fixed);
    const { exitCode, stdout } = await again.ended;
    expect(exitCode).toBe(0);
    expect(lines(stdout)).toHaveLength(animals.length);
    expect(stdout).toMatch(/ {2}fetched {2}/);
    expect((await made(cwd)).filter((name) => name.endsWith('.jpg'))).toHaveLength(animals.length);
    expect(emulator.charges()).toHaveLength(animals.length);
    expect(await run(['jobs'], { cwd, env })).toMatchObject({ stdout: '', stderr: 'No unfinished jobs.\n' });
  });

  it('ask nobody when their pictures are there, and are fetched for nothing when they are not', async () => {
    const { emulator, env } = await listen();
    const cwd = await list(csv(animals.slice(0, 3)));
    const first = await run(batch(), { cwd, env });
    const asked = emulator.requests().length;
    const again = await run(batch(), { cwd, env });
    expect(lines(again.stdout)).toEqual(lines(first.stdout.replaceAll('saved', 'there')));
    expect(again.stderr).toContain('3 rows: 3 there, nothing charged');
    expect(emulator.requests()).toHaveLength(asked);
    await rm(join(cwd, 'made'), { recursive: true });
    const fetched = await run(batch(), { cwd, env });
    expect(lines(fetched.stdout)).toEqual(lines(first.stdout.replaceAll('saved', 'fetched')));
    expect(emulator.charges()).toHaveLength(3);
  });

  it('may be moved and added to: only what is new is paid, and a row that is there twice is made twice', async () => {
    const { emulator, env } = await listen();
    const cwd = await list(csv(['a fox', 'a hare']));
    await run(batch(), { cwd, env });
    await writeFile(join(cwd, 'prompts.csv'), csv(['an owl', 'a hare', 'a fox', 'a fox']));
    const { stdout, stderr } = await run(batch(), { cwd, env });
    expect(stderr).toContain('4 rows: 2 there, 2 saved, 0.054 USD charged');
    expect(lines(stdout).map((line) => line.split('  ').slice(0, 2).join(' '))).toEqual([
      '2 saved',
      '3 there',
      '4 there',
      '5 saved',
    ]);
    expect(emulator.charges()).toHaveLength(4);
    expect(await made(cwd)).toHaveLength(4);
  });

  it('are paid anew under another --intent, and only for the rest with a larger n', async () => {
    const { emulator, env } = await listen();
    const cwd = await list(csv(['a fox']));
    await run(batch(), { cwd, env });
    await run(batch('--intent', 'second'), { cwd, env });
    expect(emulator.charges()).toHaveLength(2);
    expect(await run(batch('-n', '3'), { cwd, env })).toMatchObject({ exitCode: 0 });
    expect(emulator.charges()).toHaveLength(4);
    expect((await made(cwd)).map((name) => name.replace(/\w{10}/, 'x'))).toEqual(
      expect.arrayContaining(['a-fox-x-2.jpg', 'a-fox-x-3.jpg', 'a-fox-x.jpg']),
    );
    expect(await made(cwd)).toHaveLength(4);
  });

  it('go on after Ctrl-C, which leaves what is paid to the next run', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen(long);
    const cwd = await list(csv(animals));
    const running = start(batch('--concurrency', '2'), { cwd, env });
    await until(() => emulator.jobs().length === 2);
    running.signal('SIGINT');
    const { exitCode, stdout, stderr } = await running.ended;
    expect(exitCode).toBe(130);
    expect(
      stdout.match(/ {2}interrupted {2}job \w+ \(wavespeed:seedream-3\) is paid, its picture can be fetched\n/g),
    ).toHaveLength(2);
    expect(stderr).toMatch(
      /Interrupted\.\n6 rows: 2 interrupted, 4 not begun, 0\.054 USD charged\nThe same command again goes on/,
    );
    const again = start(batch(), { cwd, env });
    await until(() => emulator.jobs().length === animals.length);
    await clock.forward(long.generationTime.fixed);
    expect(await again.ended).toMatchObject({ exitCode: 0 });
    expect(emulator.charges()).toHaveLength(animals.length);
    expect(await made(cwd)).toHaveLength(animals.length);
  });

  it('leave nothing open when the crash came between the picture and the note that it is saved', async () => {
    const { emulator, env } = await listen(slow);
    const clock = await ownClock();
    const cwd = await list(csv(['a fox']));
    const other = start(batch('--ledger', 'other/'), { cwd, env });
    await until(() => emulator.jobs().length === 1);
    await clock.forward(slow.generationTime.fixed);
    await other.ended;
    // The same row in a ledger that knows only that its job was accepted: its picture has that name already.
    const running = start([...batch().slice(0, -1), 'fresh'], { cwd, env });
    await until(() => emulator.jobs().length === 2);
    running.signal('SIGINT');
    expect(await running.ended).toMatchObject({ exitCode: 130 });
    expect((await run(['jobs'], { cwd, env })).stdout).toContain('batch/');
    clock.jump(slow.generationTime.fixed);
    expect(await run(batch(), { cwd, env })).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('fetched') });
    expect(await made(cwd)).toHaveLength(1);
    expect(await run(['jobs'], { cwd, env })).toMatchObject({ stdout: '', stderr: 'No unfinished jobs.\n' });
  });

  it('are found in a ledger of one file too', async () => {
    const { emulator, env } = await listen();
    const cwd = await list(csv(animals.slice(0, 2)));
    const args = batch('--ledger', 'ledger.jsonl');
    expect(await run(args, { cwd, env })).toMatchObject({ exitCode: 0 });
    await rm(join(cwd, 'made'), { recursive: true });
    expect(await run(args, { cwd, env })).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('fetched') });
    expect(emulator.charges()).toHaveLength(2);
    expect(await readdir(ledgersOf(cwd)).catch(() => [])).toEqual([]);
  });
});

describe('what goes wrong in one row', () => {
  it('does not stop the others, and the exit code is that of the first row that failed', async () => {
    const { emulator, env } = await listen({ faults: [{ on: 'submit', nth: 2, status: 402 }] });
    const cwd = await list(csv(animals.slice(0, 3)));
    const { exitCode, stdout, stderr } = await run(batch('--concurrency', '1'), { cwd, env });
    expect(exitCode).toBe(3);
    const [, second] = lines(stdout);
    expect(second).toMatch(/^3 {2}failed {2}.*Nothing was charged\.$/);
    expect(stderr).toContain('3 rows: 2 saved, 1 failed, 0.054 USD charged\nThe same command again goes on');
    expect(await run(batch(), { cwd, env })).toMatchObject({ exitCode: 0 });
    expect(emulator.charges()).toHaveLength(3);
  });

  it('is that all together would cost too much: the rest is not started', async () => {
    const { emulator, env } = await listen();
    const cwd = await list(csv(animals));
    const { exitCode, stdout, stderr } = await run(batch('--max-cost', '0.06usd'), { cwd, env });
    expect(exitCode).toBe(2);
    expect(stdout.match(/ {2}saved {2}/g)).toHaveLength(2);
    expect(stdout.match(/ {2}not started {2}/g)).toHaveLength(4);
    expect(stderr).toContain('6 rows: 2 saved, 4 not started, 0.054 USD charged');
    expect(await run(batch(), { cwd, env })).toMatchObject({ exitCode: 0 });
    expect(emulator.charges()).toHaveLength(6);
  });

  it('is that its picture cannot be saved: it is paid, and the next run has it', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen(slow);
    const cwd = await list(csv(['a fox']));
    const running = start(batch(), { cwd, env });
    await until(() => emulator.jobs().length === 1);
    await rm(join(cwd, 'made'), { recursive: true });
    await clock.forward(slow.generationTime.fixed);
    const failed = await running.ended;
    expect(failed).toMatchObject({
      exitCode: 7,
      stdout: expect.stringMatching(
        /^2 {2}failed {2}.*ENOENT.* {2}job \w+ \(wavespeed:seedream-3\) is paid, its picture can be fetched/,
      ),
    });
    const again = await run(batch(), { cwd, env });
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^2 {2}fetched {2}/) });
    expect(emulator.charges()).toHaveLength(1);
  });
});

describe('a list that is wrong', () => {
  it('is refused whole, by row and column, before anything is sent', async () => {
    const { emulator, env } = await listen();
    const content = [
      'prompt,size,seed,fit,n,model',
      'a fox,512x512,seven,,,',
      ',512x512,7,,,',
      'an owl,big,7,roughly,,',
      'a heron,,,,0,',
      'a stoat,,7,,,seedream-4',
      'a vole,,,,,seedream-99',
    ].join('\n');
    const cwd = await list(content);
    const { exitCode, stdout, stderr } = await run(['batch', 'prompts.csv', '-p', 'wavespeed'], { cwd, env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    for (const line of [
      'prompts.csv, row 2, column seed: "seven" is not possible: It must be a whole number.',
      'prompts.csv, row 3, column prompt: there is nothing to draw',
      'prompts.csv, row 4, column fit: "roughly" is not possible: Allowed choices are exact, nearest.',
      'prompts.csv, row 5, column n: -n must be a whole number from 1 to 100',
      'prompts.csv, row 6, column seed: ',
      'prompts.csv, row 7, column model: There is no model "seedream-99" at wavespeed.',
      'Nothing was sent.',
    ])
      expect(stderr).toContain(line);
    expect(emulator.requests()).toEqual([]);
  });

  it.each<[string, string | Uint8Array, string, string]>([
    [
      'an unknown column',
      'prompt,sise\na fox,1x1\n',
      'prompts.csv',
      'row 2, column sise: there is no such option; the columns are prompt, model,',
    ],
    ['a prompt twice', 'prompt,Prompt\na fox,a hare\n', 'prompts.csv', 'row 2, column Prompt: it is there twice'],
    [
      'a list of prompts',
      '{"prompt":["a fox","a hare"]}\n',
      'prompts.jsonl',
      'row 1, column prompt: it is there twice',
    ],
    ['a switch twice', 'prompt,expand,expand\na fox,1,0\n', 'prompts.csv', 'row 2, column expand: it is there twice'],
    ['a column twice', 'prompt,seed,seed\na fox,1,2\n', 'prompts.csv', 'row 2, column seed: it is there twice'],
    [
      'a comma without quotes',
      'prompt,seed\na fox, asleep,7\n',
      'prompts.csv',
      'row 2: it has 3 values for 2 columns; a text that contains "," needs quotes',
    ],
    [
      'a value in a column without a name',
      'prompt,\na fox,asleep\n',
      'prompts.csv',
      'row 2: it has 2 values for 1 columns; a text that contains "," needs quotes',
    ],
    ['a quote that does not end', 'prompt\n"a fox\n', 'prompts.csv', 'row 2: this is not CSV: '],
    ['no row', 'prompt\n\n', 'prompts.csv', 'there is no row in it'],
    ['another alphabet', new Uint8Array([0x70, 0xff, 0x0a]), 'prompts.csv', 'this is not UTF-8 text'],
    ['another kind of file', 'a fox', 'prompts.txt', 'give a file that ends with .csv, .tsv, .jsonl, .ndjson'],
    [
      'a line that is no object',
      '{"prompt":"a fox"}\n["a hare"]\n',
      'prompts.jsonl',
      'row 2: every line must be one JSON object',
    ],
    [
      'a value that is an object',
      '{"prompt":{"en":"a fox"}}\n',
      'prompts.jsonl',
      'row 1, column prompt: it must be a text, a number, true or false',
    ],
    [
      'a boolean that is none',
      '{"prompt":"a fox","expand":"perhaps"}\n',
      'prompts.jsonl',
      'row 1, column expand: "perhaps" is not possible: write true or false',
    ],
    [
      'an id that is there twice',
      'prompt,intent\na fox,1\na hare,1\n',
      'prompts.csv',
      'row 3, column intent: row 2 has the same',
    ],
    ['an id that is none', 'prompt,intent\na fox,two words\n', 'prompts.csv', 'row 2, column intent: '],
  ])('is refused with the place: %s', async (_, content, name, message) => {
    const { emulator, env } = await listen();
    const cwd = await list(content, name);
    const { exitCode, stderr } = await run(['batch', name], { cwd, env });
    expect(stderr).toContain(`${name}${message.startsWith('row') ? ', ' : ': '}${message}`);
    expect({ exitCode, requests: emulator.requests() }).toEqual({ exitCode: 2, requests: [] });
  });

  it('is refused when it is not there, and so are a blank folder and a host without a key', async () => {
    const { env } = await listen();
    const cwd = await list(csv(['a fox']));
    expect((await run(['batch', 'others.csv'], { cwd, env })).stderr).toContain(
      'others.csv: the file cannot be read (there is no such file)',
    );
    expect(await run(['batch', 'prompts.csv', '--out', ''], { cwd, env })).toMatchObject({ exitCode: 2 });
    const keyless = await run(['batch', 'prompts.csv', '-p', 'apiframe'], {
      cwd,
      env: without(env, 'APIFRAME_API_KEY'),
    });
    expect(keyless).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('APIFRAME_API_KEY is not set') });
  });

  it('may be as spreadsheets write it: with a mark before it, semicolons, and breaks in a text', async () => {
    const { emulator, env } = await listen();
    const cwd = await list('\uFEFFPrompt;Aspect Ratio;Output_Format\r\n"a fox;\r\nasleep";1:1;\r\n');
    const { exitCode } = await run(['batch', 'prompts.csv', '-m', 'seedream-3', '-p', 'wavespeed'], { cwd, env });
    expect(exitCode).toBe(0);
    expect(emulator.jobs()[0]?.input.prompt).toBe('a fox;\nasleep');
    expect(await readFile(join(cwd, 'prompts.csv'), 'utf8')).toContain('a fox');
  });

  it.each<[string, string]>([
    ['its first line ends otherwise than the others', 'prompt\r\na fox\na hare\nan owl\n'],
    ['its last lines end otherwise than the first', 'prompt\na fox\r\na hare\ran owl'],
    ['it says first what stands between its columns', 'sep=;\r\nprompt;seed\r\na fox;\r\na hare;\r\nan owl;7\r\n'],
    ['columns without names and values are left at its end', 'prompt,seed,,\na fox,,,\na hare,,\nan owl,7,,\n'],
  ])('has all its rows where %s', async (_, content) => {
    const { emulator, env } = await listen();
    const cwd = await list(content);
    expect(await run(batch(), { cwd, env })).toMatchObject({ exitCode: 0 });
    const prompts = emulator.jobs().map(({ input }) => input.prompt);
    expect(prompts.sort()).toEqual(['a fox', 'a hare', 'an owl']);
  });

  it('is read with a comma inside a quoted name', async () => {
    const { emulator, env } = await listen();
    const cwd = await list('"prompt, in words";seed\na fox;7\n');
    expect(await run(batch(), { cwd, env })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('column prompt, in words: there is no such option'),
    });
    expect(emulator.requests()).toEqual([]);
  });
});
