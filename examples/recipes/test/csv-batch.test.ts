import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator } from '@imageport/emulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownClock, polled, until } from '../../../packages/cli/test/harness.ts';

const program = join(import.meta.dirname, '..', 'csv-batch.ts');
const generationTime = { fixed: 40_000 };
const emulator = createEmulator({ generationTime });
let folder = '';

beforeEach(async () => {
  emulator.reset();
  await emulator.listen();
  folder = await mkdtemp(join(tmpdir(), 'imageport-csv-'));
});
afterEach(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

function start() {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const { apiKey, baseUrl } = emulator.wavespeed;
  const env = { PATH, NODE_COMPILE_CACHE, WAVESPEED_API_KEY: apiKey, WAVESPEED_BASE_URL: baseUrl };
  const child = spawn(process.execPath, [program], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(child, 'close').then(([code]) => ({ code, output: Buffer.concat(chunks).toString() }));
  return { child, ended };
}

const write = (...rows: readonly string[]): Promise<void> =>
  writeFile(join(folder, 'prompts.csv'), ['id,prompt,size', ...rows].join('\n'));
const saved = async (): Promise<string[]> =>
  (await readdir(join(folder, 'pictures'))).filter((name) => name.endsWith('.jpg')).sort();

test('a batch that is killed goes on where it was, and pays for nothing twice', async () => {
  const clock = await ownClock();
  await write('fox,a fox,1024x1024', 'hare,"a hare, asleep",', 'owl,an owl,', 'heron,a heron,');
  const first = start();
  await until(() => polled(emulator) === 2); // as many as the account may have at once
  await clock.forward(generationTime.fixed);
  await until(() => polled(emulator) === 4);
  first.child.kill('SIGKILL');
  await first.ended;
  expect(emulator.charges()).toHaveLength(4);
  expect((await saved()).length).toBeLessThan(4);

  await clock.forward(generationTime.fixed);
  const { code, output } = await start().ended;
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('(paid before)') });
  expect(await saved()).toEqual(['fox.jpg', 'hare.jpg', 'heron.jpg', 'owl.jpg']);
  expect(emulator.charges()).toHaveLength(4);
  expect(await start().ended).toEqual({ code: 0, output: '' });
});

test('a row that could not be a file name ends it before anything is sent', async () => {
  await write('fox,a fox,', '../hare,a hare,');
  const { code, output } = await start().ended;
  expect(code).toBe(1);
  expect(output).toContain('"../hare" cannot be a file name');
  expect(emulator.requests()).toEqual([]);
});

test.each([
  ['a comma in a prompt without quotes', 'fox,a fox, asleep,'],
  ['a quote that does not end', 'fox,"a fox,'],
  ['a column that is missing', 'fox,a fox'],
])('a row that is no row ends it before anything is sent: %s', async (_, row) => {
  await write('owl,an owl,', row, 'hare,a hare,');
  const { code, output } = await start().ended;
  expect(code).toBe(1);
  expect(output).toMatch(/prompts\.csv, record \d: /);
  expect(emulator.requests()).toEqual([]);
});

test('lines may end in several ways', async () => {
  const clock = await ownClock();
  await writeFile(join(folder, 'prompts.csv'), 'id,prompt,size\r\nfox,a fox,\nhare,a hare,\n');
  const running = start();
  await until(() => polled(emulator) === 2);
  await clock.forward(generationTime.fixed);
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(await saved()).toEqual(['fox.jpg', 'hare.jpg']);
});
