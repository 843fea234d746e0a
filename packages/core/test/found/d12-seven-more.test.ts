import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createEmulator, type Fault } from '@imageport/emulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createMemoryLedger,
  generateImage,
  type ImageError,
  pollImage,
  resumeImages,
  waitForImage,
} from '../../src/index.ts';
import { createFileLedger } from '../../src/node/index.ts';
import { useFolder } from '../ledger/folder.ts';
import { createWorld, hosts, inVirtualTime } from '../world.ts';
import { connect, ended, listOpen, open, pause } from './kit.ts';

const folder = useFolder();
const prompt = 'a pier';

describe.each(hosts)('D12: two resumes of %s at once', (host) => {
  test.each([
    ['that waits for its job', 10_000],
    ['whose picture was never delivered', 60_000],
  ])('deliver an intent %s once', async (_, timeout) => {
    const world = createWorld({ generationTime: { fixed: 30_000 } });
    const ledger = createMemoryLedger();
    const delivered: string[] = [];
    await inVirtualTime(async () => {
      const model = open(world, host)('seedream-4');
      const fail = (): never => {
        throw new Error('the disk is full');
      };
      await ended(generateImage({ model, prompt, ledger, timeout, deliver: fail }));
      const resume = () =>
        resumeImages({
          ledger,
          models: [open(world, host)('seedream-4')],
          deliver: async (_image, { intentId }) => {
            delivered.push(intentId);
            await pause(1_000);
          },
        });
      await Promise.all([resume(), resume()]);
    });
    expect(delivered).toHaveLength(1);
    expect(await listOpen(ledger)).toEqual([]);
  });
});

describe('D12: a picture on a file ledger, without `deliver`', () => {
  test.each(hosts)('of %s is offered again by a resume until it was downloaded', async (host) => {
    const world = createWorld({ generationTime: { fixed: 0 } });
    const path = folder.path();
    const call = () => ({ model: open(world, host)('seedream-4'), prompt, intentId: 'one', interval: 20 });
    const first = createFileLedger(path);
    const { images } = await generateImage({ ...call(), ledger: first });
    expect(images).toHaveLength(1);
    // The process ends before it has fetched a byte.
    await first.close();
    const second = folder.keep(createFileLedger(path));
    const resumed = await resumeImages({ ledger: second, models: [call().model] });
    expect(resumed.map((each) => each.images.length)).toEqual([1]);
    expect(world.emulator.charges()).toHaveLength(1);
  });
});

describe.each(hosts)('D12: a call of %s for more pictures under the same intent', (host) => {
  test.each([
    [1, 2],
    [1, 3],
    [2, 3],
    [3, 2],
    [3, 1],
  ])('`n: %d`, then `n: %d`, pays only for those that are new', async (first, second) => {
    const world = createWorld();
    const call = { model: world.model(host), prompt, ledger: createMemoryLedger(), intentId: 'one' };
    const images = await inVirtualTime(async () => {
      await generateImage({ ...call, n: first });
      return (await generateImage({ ...call, n: second })).images;
    });
    expect(images).toHaveLength(second);
    expect(world.emulator.charges()).toHaveLength(Math.max(first, second));
  });
});

describe('D12: Node 20', () => {
  const preload = pathToFileURL(join(import.meta.dirname, 'old-node.ts')).href;
  const run = (args: readonly string[], env = {}): Promise<{ out: string; err: string; failed: boolean }> =>
    new Promise((resolve) => {
      const cwd = mkdtempSync(join(tmpdir(), 'imageport-old-'));
      onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
      const options = { cwd, env: { ...process.env, ...env }, timeout: 30_000 };
      execFile(process.execPath, ['--import', preload, ...args], options, (error, out, err) =>
        resolve({ out, err, failed: error !== null }),
      );
    });
  const listen = async () => {
    const emulator = createEmulator({ generationTime: { fixed: 50 } });
    onTestFinished(() => emulator.close());
    await emulator.listen();
    return emulator;
  };

  test.each(['generate', 'submit'])('the first call (%s) is refused before anything is sent', async (how) => {
    const emulator = await listen();
    const { baseUrl, apiKey } = emulator.wavespeed;
    const { out } = await run([join(import.meta.dirname, 'old-node-child.ts'), baseUrl, apiKey, how]);
    expect(emulator.requests()).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({ name: 'ImageError', billed: 'no', message: expect.stringContaining('22') });
  });

  test('the command line refuses at its start', async () => {
    const emulator = await listen();
    const bin = join(import.meta.dirname, '../../../cli/src/bin.ts');
    const { baseUrl, apiKey } = emulator.wavespeed;
    const env = { WAVESPEED_API_KEY: apiKey, WAVESPEED_BASE_URL: baseUrl };
    const { err, failed } = await run([bin, 'generate', prompt, '--model', 'wavespeed:seedream-4'], env);
    expect(emulator.requests()).toEqual([]);
    expect(failed).toBe(true);
    expect(err).toMatch(/Node.*22/);
  });
});

describe.each(hosts)('D12: an answer of %s that wraps the job id where it is not expected', (host) => {
  test('is salvaged, and the job is followed', async () => {
    const patch: Fault['patch'] = (json) => ({ data: { jobId: json.data?.id ?? json.jobId } });
    const world = createWorld({ listLag: 600_000, faults: [{ on: 'submit', times: 9, patch }] });
    const one = await inVirtualTime(() => ended(generateImage({ model: world.model(host), prompt })));
    expect(one.jobs).toEqual(world.emulator.charges().map(({ jobId }) => jobId));
  });
});

describe.each(hosts)('D12: a job that never was at %s', (host) => {
  test('is the same to `pollImage` and to `waitForImage`', async () => {
    const world = createWorld();
    const model = world.model(host);
    const id = host === 'wavespeed' ? 'e'.repeat(32) : '22222222-2222-4222-8222-222222222222';
    const job = { provider: host, modelId: 'seedream-4', id };
    const told = (error: unknown) => {
      const { code, billed, resumable, reason } = error as ImageError;
      return { code, billed, resumable, reason };
    };
    const [polled, waited] = await inVirtualTime(async () => [
      await pollImage(model, job).catch(told),
      await waitForImage(model, job).catch(told),
    ]);
    expect(polled).toMatchObject({ code: 'not_found' });
    expect(waited).toEqual(polled);
  });
});

describe.each(hosts)('D12: a port that fetch refuses, in the address of %s', (host) => {
  test.each([1, 22, 6_000, 6_667, 10_080])('%d: nothing can have been spent', async (port) => {
    const ask = async () => {
      const provider = connect(host, { apiKey: 'k', baseUrl: `https://example.com:${port}` });
      return generateImage({ model: provider('seedream-4'), prompt, timeout: 2_000 });
    };
    const { error } = await ended(ask());
    expect(error).toMatchObject({ billed: 'no' });
  });
});
