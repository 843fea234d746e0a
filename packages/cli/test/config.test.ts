import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen, run, scratch } from './harness.ts';
import { toSchemaFile } from './write-schema.ts';

const configured = async (config: unknown): Promise<string> => {
  const cwd = await scratch();
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  await writeFile(join(cwd, 'imageport.config.json'), text);
  return cwd;
};

describe('imageport.config.json', () => {
  it('decides the host: the same command goes elsewhere with another config', async () => {
    const { emulator, env } = await listen();
    for (const host of ['apiframe', 'wavespeed']) {
      const cwd = await configured({ models: { default: `${host}:seedream-4`, hero: [`${host}:seedream-3`] } });
      expect(await run(['generate', 'a fox', '--size', '1024x1024', '--out', 'a.jpg'], { cwd, env })).toMatchObject({
        exitCode: 0,
      });
      expect(await run(['generate', 'a fox', '--model', 'hero', '--size', '512x512'], { cwd, env })).toMatchObject({
        exitCode: 0,
      });
    }
    expect(emulator.jobs().map(({ host }) => host)).toEqual(['apiframe', 'apiframe', 'wavespeed', 'wavespeed']);
  });

  it('gives addresses, and the command says where it asks', async () => {
    const { emulator, env } = await listen();
    const { WAVESPEED_BASE_URL: baseUrl, WAVESPEED_API_KEY = '' } = env;
    const cwd = await configured({ providers: { wavespeed: { baseUrl } } });
    const { exitCode, stderr } = await run(
      ['generate', 'a fox', '--size', '1024x1024', '--config', 'imageport.config.json'],
      { cwd, env: { WAVESPEED_API_KEY } },
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`wavespeed is asked at ${baseUrl}, as imageport.config.json says.`);
    expect(emulator.jobs()).toHaveLength(1);
  });

  it('gives a folder, counted from its own', async () => {
    const { env } = await listen();
    const cwd = await configured({ out: 'pictures/' });
    const { stdout } = await run(['generate', 'a fox', '--size', '1024x1024'], { cwd, env });
    expect(stdout).toMatch(/^pictures\/imageport-a-fox-/);
  });

  it.for([
    [{ apiKey: 'sk-1234' }, '"apiKey" looks like a secret. Keys belong in the environment'],
    [{ providers: { wavespeed: { key: 'sk-1234' } } }, '"providers.wavespeed.key" looks like a secret'],
    [{ modls: {} }, '"modls" is not a setting; the config may hold $schema, models, providers, gateway, timeout, out'],
    [{ models: { hero: 'seedream-4' } }, '"models.hero" must be "provider:model"'],
    [{ models: { hero: ['foo:seedream-4'] } }, '"models.hero" must be "provider:model"'],
    [{ timeout: '90s' }, '"timeout" must be a whole number of milliseconds'],
    [{ timeout: 90 }, '"timeout" must be a whole number of milliseconds, 1000 or more'],
    [{ providers: { wavespeed: { baseUrl: 'here' } } }, '"providers.wavespeed.baseUrl" must be an address'],
    [{ out: '' }, '"out" must be text'],
    [[], 'the config must be an object in braces'],
    ['{ "apiKey": sk-1234 }', 'this is not JSON'],
    [`{ "a": ${'['.repeat(50_000)}${']'.repeat(50_000)} }`, '"a" is not'],
  ] as const)('says what is wrong with %j', async ([config, says]) => {
    const cwd = await configured(config);
    const { exitCode, stderr } = await run(['check', 'a fox'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`imageport.config.json: ${says}`);
    expect(stderr).not.toContain('1234');
  });

  it('has a JSON Schema that follows the code; `node test/write-schema.ts` writes it anew', async () => {
    const file = await readFile(new URL('../schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(file)).toEqual(toSchemaFile());
  });
});
