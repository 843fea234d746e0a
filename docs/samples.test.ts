import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createEmulator } from '@imageport/emulator';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

interface Sample {
  readonly name: string;
  readonly code: string;
  readonly runs: boolean;
}

vi.setConfig({ testTimeout: 120_000, maxConcurrency: Math.max(2, availableParallelism()) });

const root = new URL('../', import.meta.url);
const folder = new URL('docs/.samples/', root);
const pages = ['*.md', 'docs/**/*.md', 'examples/*.md', 'packages/*/README.md'].flatMap((glob) =>
  globSync(glob, { cwd: root }),
);
const samples = (await Promise.all(pages.map(readSamples))).flat();
const emulator = createEmulator({ generationTime: { fixed: 30 } });
let environment: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  await emulator.listen();
  const { wavespeed, apiframe } = emulator;
  environment = {
    ...process.env,
    WAVESPEED_API_KEY: wavespeed.apiKey,
    WAVESPEED_BASE_URL: wavespeed.baseUrl,
    APIFRAME_API_KEY: apiframe.apiKey,
    APIFRAME_BASE_URL: apiframe.baseUrl,
  };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const extending = {
    extends: '../../tsconfig.tests.json',
    compilerOptions: { noUnusedLocals: false },
    include: ['*.ts'],
    references: [],
  };
  await writeFile(new URL('tsconfig.json', folder), JSON.stringify(extending));
  await Promise.all(samples.map(({ name, code }) => writeFile(new URL(`${name}.ts`, folder), code)));
  await bundle(samples.filter(({ runs }) => runs));
});

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

test.concurrent('the samples are type-checked as strictly as the sources', async () => {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  const tsc = new URL('bin/tsc', new URL(`file://${manifest}`)).pathname;
  const { code, output } = await run([tsc, '--noEmit', '-p', '.']);
  expect(output).toBe('');
  expect(code).toBe(0);
});

test.concurrent.each(samples)('$name needs no cast', ({ code }) => {
  const words = code.replace(/^import .*$/gm, '').replace(/\/\*.*?\*\/|'[^'\n]*'|`[^`]*`|\/\/[^\n]*/gs, '');
  expect(words).not.toMatch(/\bas\s|\bany\b|@ts-/);
});

test.concurrent.each(samples.filter(({ runs }) => runs))('$name runs', async ({ name }) => {
  const { code, output } = await run([`${name}.mjs`]);
  expect(code, output).toBe(0);
});

test('nearly every sample runs', () => {
  expect(samples.length).toBeGreaterThan(10);
  expect(samples.filter(({ runs }) => !runs).length).toBeLessThanOrEqual(2);
});

test.each(pages)('a block of %s is a sample, or names the file that it shows', async (page) => {
  const text = await readFile(new URL(page, root), 'utf8');
  for (const [, path = '', code] of text.matchAll(/^```ts ([^\n]*)\n([\s\S]*?)^```$/gm)) {
    if (path !== 'no-run') expect(code).toBe(await readFile(new URL(path, root), 'utf8'));
  }
});

/** The blocks that begin with "```ts"; "```ts no-run" is only type-checked. */
async function readSamples(page: string): Promise<Sample[]> {
  const text = await readFile(new URL(page, root), 'utf8');
  const blocks = [...text.matchAll(/^```ts( no-run)?\n(.*?)^```$/gms)];
  const slug = page.replace(/\.md$/, '').replaceAll(/[^\w-]+/g, '-');
  return blocks.map(([, mark, code = ''], index) => ({ name: `${slug}-${index + 1}`, code, runs: mark === undefined }));
}

/** All of them with what they share of core and the hosts in a few files: a process that reads it starts in half the time. */
async function bundle(these: readonly Sample[]): Promise<void> {
  await build({
    entryPoints: these.map(({ name }) => fileURLToPath(new URL(`${name}.ts`, folder))),
    outdir: fileURLToPath(folder),
    outExtension: { '.js': '.mjs' },
    ...({ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node22' } as const),
    plugins: [{ name: 'ours', setup: ({ onResolve }) => onResolve({ filter: /^[^.#/]/ }, keepForeign) }],
  });
}

const inlined = /^@imageport\/(?:core|wavespeed|apiframe)(?:\/|$)|^(?:is-network-error|ky|p-retry|valibot)(?:\/|$)/;
const keepForeign = ({ path, kind }: { path: string; kind: string }) =>
  kind === 'entry-point' || inlined.test(path) ? undefined : { path, external: true };

function run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}
