import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Target } from '../servers/test-server.ts';
import { bundle, exportAll, type Weight, weigh } from './bundle.ts';
import { startHosts } from './host/hosts.ts';
import { startLoadMeter } from './load.ts';
import { createNoiseMeter, type Noise } from './machine.ts';
import { mean, median } from './numbers.ts';
import { publish } from './published.ts';

export interface SizeRow extends Weight {
  readonly name: string;
}

export interface ImportRow {
  readonly name: string;
  /** Milliseconds in a fresh process, at the median. */
  readonly cold: number;
  /** Processors that other programs kept busy meanwhile. */
  readonly others?: number | undefined;
}

/** A program that imports a client and makes one picture. */
export interface FirstRow extends ImportRow {
  /** Milliseconds from the start of the import until the finished job was noticed, at the median. */
  readonly picture: number;
}

export interface SizeResult {
  readonly sizes: readonly SizeRow[];
  readonly imports: readonly ImportRow[];
  readonly firsts: readonly FirstRow[];
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
const slim = `export { generateImage } from '${core}';\nexport { createWavespeed } from '@imageport/wavespeed';`;
const slimNode = `${slim}\nexport { nodeTransport } from '${core}/node';`;

export const leanest = '`{ generateImage, createWavespeed }`';
export const leanestNode = '`{ generateImage, createWavespeed, nodeTransport }`';

export async function weighAll(): Promise<SizeRow[]> {
  const used = Object.entries({
    [leanest]: slim,
    [leanestNode]: slimNode,
    ...Object.fromEntries(Object.entries(bundles).map(([name, packages]) => [name, exportAll(packages)])),
  });
  return Promise.all(used.map(async ([name, source]) => ({ name, ...(await weigh(source)) })));
}

export async function measureSize(tiny: boolean): Promise<SizeResult> {
  const meter = createNoiseMeter();
  const home = await publish();
  await writeFile(join(home, 'one-file.js'), (await bundle(exportAll(one))).code);
  const hosts = startHosts();
  try {
    const { target } = await hosts.open({ service: 'wavespeed', durations: [0] });
    const rounds = tiny ? 1 : 25;
    const imported = await timeAll(
      Object.entries(imports).slice(0, tiny ? 4 : undefined),
      rounds,
      meter.take,
      ([, packages]) => timeScript(importing(packages), home),
    );
    const first = await timeAll(Object.entries(firstPictures(target)), rounds, meter.take, ([, script]) =>
      timeScript(script, home),
    );
    return {
      sizes: await weighAll(),
      imports: imported.map(({ name, times: [cold = []], others }) => ({ name, cold: median(cold), others })),
      firsts: first.map(({ name, times: [cold = [], picture = []], others }) => ({
        ...{ name, cold: median(cold), picture: median(picture), others },
      })),
      noise: meter.read(),
    };
  } finally {
    hosts.end();
  }
}

interface Timed {
  readonly name: string;
  /** For each figure that the script prints, one value of every round. */
  readonly times: number[][];
  readonly others: number | undefined;
}

/** All take turns, so that none has the quieter machine. */
async function timeAll<Value>(
  items: readonly (readonly [string, Value])[],
  rounds: number,
  between: () => void,
  time: (item: readonly [string, Value]) => Promise<number[]>,
): Promise<Timed[]> {
  const found = items.map(([name]) => ({ name, times: [] as number[][], loads: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    between();
    for (const [index, item] of items.entries()) {
      const load = startLoadMeter();
      const figures = await time(item);
      found[index]?.loads.push(load() ?? Number.NaN);
      for (const [figure, value] of figures.entries()) {
        const { times = [] } = found[index] ?? {};
        times[figure] = [...(times[figure] ?? []), value];
      }
    }
  }
  return found.map(({ name, times, loads }) => ({ name, times, others: mean(loads) }));
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

const begin = 'const begun = performance.now(); const times = [];';
const lap = 'times.push(performance.now() - begun);';
const end = 'console.log(JSON.stringify(times)); process.exit();';

const importing = (packages: readonly string[]): string =>
  [begin, ...packages.map((name) => `await import('${name}');`), lap, end].join('\n');

/** Programs as the READMEs show them, pointed at a local server whose job is finished at once. */
function firstPictures({ url, apiKey }: Target): Record<string, string> {
  const load = (...names: string[]): string => {
    const list = names.map((name) => `import('${name}')`).join(', ');
    return `const [{ generateImage }, { createWavespeed }, { nodeTransport } = {}] = await Promise.all([${list}]);`;
  };
  const place = `apiKey: '${apiKey}', baseUrl: '${url}'`;
  const ours = (more = ''): string =>
    `await generateImage({ model: createWavespeed({ ${place}${more} })('seedream-4'), prompt: 'a cat', interval: 1 });`;
  const theirs = `await new Client('${apiKey}', { baseUrl: '${url}' }).run('bytedance/seedream-v4', { prompt: 'a cat' }, { pollInterval: 0.001 });`;
  const script = (...lines: string[]): string => [begin, lines[0], lap, ...lines.slice(1), lap, end].join('\n');
  return {
    wavespeed: script("const { Client } = await import('wavespeed');", theirs),
    'core + WaveSpeed': script(load(...one), ours()),
    'core + WaveSpeed, node transport': script(load(...one, `${core}/node`), ours(', transport: nodeTransport()')),
  };
}

const run = promisify(execFile);

/** What a script prints in a fresh process, in which nothing was loaded before. */
async function timeScript(code: string, cwd: string): Promise<number[]> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd });
  return JSON.parse(stdout) as number[];
}
