import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle, exportAll, type Weight, weigh } from './bundle.ts';
import { createNoiseMeter, type Noise } from './machine.ts';
import { median } from './numbers.ts';
import { publish } from './published.ts';

export interface SizeRow extends Weight {
  readonly name: string;
}

export interface ImportRow {
  readonly name: string;
  /** Milliseconds in a fresh process, at the median. */
  readonly cold: number;
}

export interface SizeResult {
  readonly sizes: readonly SizeRow[];
  readonly imports: readonly ImportRow[];
  readonly noise: Noise;
}

const core = '@imageport/core';
const one = [core, '@imageport/wavespeed'];
const both = [...one, '@imageport/apiframe'];

/** What is weighed; ours first. */
const bundles: Readonly<Record<string, readonly string[]>> = {
  'core + WaveSpeed': one,
  'core + Apiframe': [core, '@imageport/apiframe'],
  'core + both hosts': both,
  wavespeed: ['wavespeed'],
  replicate: ['replicate'],
  '@fal-ai/client': ['@fal-ai/client'],
  openai: ['openai'],
  'ai + openai-compatible': ['ai', '@ai-sdk/openai-compatible'],
  'ai + fal': ['ai', '@ai-sdk/fal'],
  'ai + replicate': ['ai', '@ai-sdk/replicate'],
  'ky alone': ['ky'],
};

/** As an application has it that makes pictures at one host and uses nothing else of us. */
const slim = `import { generateImage } from '${core}';
import { createWavespeed } from '@imageport/wavespeed';
console.log(await generateImage({ model: createWavespeed({ apiKey: 'x' })('seedream-4'), prompt: 'x' }));`;

export async function weighAll(): Promise<SizeRow[]> {
  const [first, ...others] = await Promise.all(
    Object.entries(bundles).map(async ([name, packages]) => ({ name, ...(await weigh(exportAll(packages))) })),
  );
  const used = { name: 'core + WaveSpeed, only what `generateImage` needs', ...(await weigh(slim)) };
  return first ? [first, used, ...others] : [];
}

export async function measureSize(tiny: boolean): Promise<SizeResult> {
  const meter = createNoiseMeter();
  const home = await publish();
  await writeFile(join(home, 'one-file.js'), (await bundle(exportAll(one))).code);
  const times = new Map<string, number[]>();
  for (let round = 0; round < (tiny ? 1 : 25); round += 1) {
    meter.take();
    for (const [name, packages] of Object.entries(imports).slice(0, tiny ? 4 : undefined)) {
      const taken = await timeImport(packages, home);
      times.set(name, [...(times.get(name) ?? []), taken]);
    }
  }
  const rows = [...times].map(([name, all]) => ({ name, cold: median(all) }));
  return { sizes: await weighAll(), imports: rows, noise: meter.read() };
}

const imports: Readonly<Record<string, readonly string[]>> = {
  ky: ['ky'],
  'ky, p-retry and valibot': ['ky', 'p-retry', 'valibot'],
  'core + WaveSpeed, as one file': ['./one-file.js'],
  'core + WaveSpeed': one,
  'core + both hosts': both,
  ...Object.fromEntries(
    Object.entries(bundles).filter(([, packages]) => !packages.some((name) => /^(@imageport|ky)/.test(name))),
  ),
};

const run = promisify(execFile);

/** Milliseconds until packages are imported by a fresh process, in which nothing was loaded before. */
async function timeImport(packages: readonly string[], cwd: string): Promise<number> {
  const loads = packages.map((name) => `await import('${name}');`).join(' ');
  const code = `const begun = performance.now(); ${loads} console.log(performance.now() - begun); process.exit()`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd });
  return Number(stdout);
}
