import { apiframeAdapter } from '@imageport/apiframe';
import type { Adapter } from '@imageport/core';
import { wavespeedAdapter } from '@imageport/wavespeed';
import { describe, expect, it } from 'vitest';
import { run, scratch } from './harness.ts';

const adapters: readonly Adapter[] = [wavespeedAdapter, apiframeAdapter];

describe('imageport models', () => {
  it('lists every portable id with its hosts, from the tables of the adapters', async () => {
    const { exitCode, stdout } = await run(['models'], { cwd: await scratch() });
    expect(exitCode).toBe(0);
    for (const { families } of adapters) {
      for (const { ids, native } of families.flatMap(({ models }) => models)) {
        for (const word of ids.length > 0 ? [...ids, native] : []) expect(stdout).toContain(word);
      }
    }
    expect(stdout).toContain('0.045 to 0.09 USD');
    expect(stdout).toContain('price unknown');
    expect(stdout).toMatch(/\d+ more under their own ids: imageport models --search/);
  });

  it('gives the same to machines', async () => {
    const { stdout } = await run(['models', '--json'], { cwd: await scratch() });
    const { models } = JSON.parse(stdout);
    const seedream4 = models.find(({ id }: { id: string }) => id === 'seedream-4');
    expect(seedream4.hosts.map(({ native }: { native: string }) => native)).toEqual([
      'bytedance/seedream-v4',
      'bytedance/seedream-v4/edit',
      'seedream-4',
    ]);
  });

  it.each([
    [['--search', 'seedream 5.0 sequential'], 'bytedance/seedream-v5.0-lite/sequential', 'bytedance/seedream-v4'],
    [['--provider', 'apiframe', '--all'], 'apiframe  seedream-4', 'bytedance'],
    [['--takes', 'references', 'format'], 'seedream-v5.0-pro/edit', 'seedream-v4/edit'],
    [['--takes', 'references', '--search', 'ideogram character'], 'ideogram-character', 'ideogram-v2'],
    [['--takes', 'mask', '--search', 'ideogram-v3-turbo'], 'a picture to be masked', 'reference'],
    [['--takes', 'seed', '--provider', 'wavespeed'], 'seedream-v3', 'seedream-v4'],
    [['--under', '3credits'], 'apiframe  seedream-4 (seedream-4)  3 credits', 'seedream-4.5'],
    [['--ratio', '21:9', '--search', 'v5'], 'seedream-v5.5', 'seedream-v4'],
    [['--task', 'generate', '--search', 'dreamina-v3.0/edit'], 'dreamina-v3.0/edit', 'seedream'],
  ])('with %j has %s and not %s', async (flags, there, absent) => {
    const { exitCode, stdout } = await run(['models', ...flags], { cwd: await scratch() });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(there);
    expect(stdout.replaceAll(there, '')).not.toContain(absent);
  });

  it('shows one model with every field, under any of its names', async () => {
    const cwd = await scratch();
    const { stdout } = await run(['models', 'seedream-3'], { cwd });
    expect(stdout).toContain('guidance_scale: a number from 1 to 10, default 2.5');
    for (const id of ['bytedance/seedream-v3', 'wavespeed:bytedance/seedream-v3', 'wavespeed:seedream-3']) {
      const one = await run(['models', id], { cwd });
      expect(one.stdout).toContain('size: "W*H" of 512 to 2048 pixels per side, default 1024*1024');
      expect(one.stdout).not.toContain('apiframe');
    }
  });

  it.each([
    ['openai/gpt-image-1.5/text-to-image', '0.01 to 0.25 USD, 0.06 with nothing but a prompt'],
    ['wavespeed:gpt-image-2', '0.01 to 0.66 USD, 0.06 with nothing but a prompt'],
    ['wavespeed:nano-banana-2', '0.045 to 0.168 USD, 0.07 with nothing but a prompt'],
    ['apiframe:gpt-image-2', '4 to 230 credits, 23 with nothing but a prompt'],
    ['clarity-ai/pro-upscaler', '0.03 to 1.92 USD, 0.12 with nothing but'],
    ['alibaba/qwen-image-3.0/text-to-image', '0.03 USD, with other choices unknown'],
    ['microsoft/mai-image-2.5/text-to-image', '0.0501 USD and more'],
  ])('shows what %s costs over all its choices: %s', async (id, words) => {
    const { stdout } = await run(['models', id], { cwd: await scratch(), env: { COLUMNS: '200' } });
    expect(stdout.replace(/\s+/g, ' ')).toContain(words);
  });

  it('does not count a picture that is there to be masked as a reference', async () => {
    const { stdout } = await run(['models', '--takes', 'references', '--search', 'ideogram'], { cwd: await scratch() });
    expect(stdout).not.toMatch(/wavespeed {2}ideogram-ai\/ideogram-v(2|3-)/);
  });

  it('finds a model by the least that it costs', async () => {
    const ask = async (under: string) => {
      const flags = ['--under', under, '--search', 'gpt-image-1.5/text', '--json'];
      const { stdout } = await run(['models', ...flags], { cwd: await scratch() });
      return JSON.parse(stdout).models.map(({ hosts }: { hosts: object[] }) => hosts[0]);
    };
    expect(await ask('0.01usd')).toMatchObject([
      { price: { usual: { amount: 0.06 }, least: { amount: 0.01 }, most: { amount: 0.25 }, but: null } },
    ]);
    expect(await ask('0.009usd')).toEqual([]);
  });

  it('names what is near to an id that nobody has', async () => {
    const { exitCode, stderr } = await run(['models', 'sedream-4'], { cwd: await scratch() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('There is no model "sedream-4". Did you mean seedream-4?');
  });
});

describe('imageport check', () => {
  it('shows what every host would be sent, without any key', async () => {
    const { exitCode, stdout, stderr } = await run(['check', 'a fox', '-a', '16:9'], { cwd: await scratch() });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: 'Without a key, imageport generate draws this locally, for nothing.\n',
    });
    expect(stdout).toContain('wavespeed:seedream-4  adapted, 0.027 USD (listed)');
    expect(stdout).toContain('--aspect-ratio 16:9 becomes 2720x1530: the model takes only pixels');
    expect(stdout).toContain('POST https://api.wavespeed.ai/api/v3/bytedance/seedream-v4');
    expect(stdout).toContain('apiframe:seedream-4  supported, 3 credits (listed)');
  });

  it('succeeds when one model can do it, and gives the reason of the other', async () => {
    const { exitCode, stdout } = await run(['check', 'a fox', '--size', '600x600', '--json'], { cwd: await scratch() });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).checks).toMatchObject([
      { provider: 'wavespeed', verdict: 'supported', request: { method: 'POST', body: { size: '600*600' } } },
      { provider: 'apiframe', verdict: 'refused', error: { code: 'unsupported' } },
    ]);
  });

  it('fails when none can', async () => {
    const { exitCode, stdout } = await run(['check', 'a fox', '--seed', '1'], { cwd: await scratch() });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('cannot honour --seed: the model takes none');
  });
});
