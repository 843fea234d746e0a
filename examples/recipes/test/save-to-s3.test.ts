import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator } from '@imageport/emulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startS3 } from './s3-server.ts';

const program = join(import.meta.dirname, '..', 'save-to-s3.ts');
const emulator = createEmulator({ generationTime: { fixed: 20 } });
let s3: Awaited<ReturnType<typeof startS3>>;
let folder = '';

beforeEach(async () => {
  emulator.reset();
  await emulator.listen();
  s3 = await startS3();
  folder = await mkdtemp(join(tmpdir(), 'imageport-s3-'));
});
afterEach(async () => {
  await emulator.close();
  await s3.close();
  await rm(folder, { recursive: true });
});

/** Starts the program as a process of its own. */
function start(intentId: string) {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = {
    ...{ PATH, NODE_COMPILE_CACHE, HOME: folder, LEDGER: join(folder, 'ledger.jsonl') },
    ...{ WAVESPEED_API_KEY: emulator.wavespeed.apiKey, WAVESPEED_BASE_URL: emulator.wavespeed.baseUrl },
    ...{
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
    },
  };
  const child = spawn(process.execPath, [program, intentId], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(child, 'close').then(([code]) => ({ code, output: Buffer.concat(chunks).toString() }));
  return { child, ended };
}

test('a picture is saved in the bucket, and asked for again it is neither paid nor saved a second time', async () => {
  const { code, output } = await start('order-1').ended;
  expect({ code, output }).toEqual({ code: 0, output: 'https://pictures.example.com/order-1\n' });
  expect(await start('order-1').ended).toEqual({ code, output });
  const saved = s3.objects.get('/pictures/order-1');
  expect(saved?.type).toBe('image/jpeg');
  expect([...(saved?.bytes.subarray(0, 3) ?? [])]).toEqual([0xff, 0xd8, 0xff]);
  expect(s3.puts.entries).toHaveLength(1);
  expect(emulator.charges()).toHaveLength(1);
});

test.each([
  ['by a run for the same picture', 'order-1', []],
  ['by a run for another picture', 'order-2', ['/pictures/order-2']],
])('a picture that was paid when the process was killed is saved %s, and paid once', async (_, next, others) => {
  s3.holds = true;
  const first = start('order-1');
  await s3.puts.until((key) => key === '/pictures/order-1'); // paid, and not saved
  first.child.kill('SIGKILL');
  await first.ended;
  expect(s3.objects.size).toBe(0);
  expect(emulator.charges()).toHaveLength(1);

  s3.holds = false;
  const { code, output } = await start(next).ended;
  expect(output).toContain('order-1 of an earlier run: saved');
  expect(code).toBe(0);
  expect([...s3.objects.keys()]).toEqual(['/pictures/order-1', ...others]);
  expect(emulator.charges()).toHaveLength(1 + others.length);
});
