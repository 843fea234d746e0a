import { apiframeAdapter } from '@imageport/apiframe';
import { wavespeedAdapter } from '@imageport/wavespeed';
import { describe, expect, it } from 'vitest';
import { run, scratch } from './harness.ts';

describe('imageport models', () => {
  it('lists every portable id with its hosts, from the tables of the adapters', async () => {
    const { exitCode, stdout } = await run(['models'], { cwd: await scratch() });
    expect(exitCode).toBe(0);
    for (const { families } of [wavespeedAdapter, apiframeAdapter]) {
      for (const { ids, native } of families.flatMap(({ models }) => models)) {
        for (const word of [...ids, native]) expect(stdout).toContain(word);
      }
    }
    expect(stdout).toContain('0.045 USD or 0.09 USD');
    expect(stdout).toContain('price unknown');
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
